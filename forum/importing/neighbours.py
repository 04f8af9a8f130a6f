"""What stands beside an element: markdown reads its marks by their neighbours."""

from bs4 import Tag
from bs4.element import PageElement

from forum.importing.chrome import classes

MARKS = {"b": "**", "strong": "**", "bbcode-b": "**", "i": "*", "em": "*", "bbcode-i": "*"} | dict.fromkeys(
    ("s", "del", "strike", "bbcode-s"), "~~"
)


def mark_of(node: Tag) -> str:
    """The mark of an element, or of a class of Discourse's old markup."""
    return MARKS.get(node.name) or next(MARKS[name] for name in classes(node) if name in MARKS)


def glued(node: Tag, text: str) -> bool:
    """Whether markdown would not see the mark: punctuation inside it, a letter or another mark outside."""
    before, after = node.previous_sibling, node.next_sibling
    return (
        _is_marked(before)
        or (_last(before).isalnum() and not text[:1].isalnum() and not text[:1].isspace())
        or (_first(after).isalnum() and not text[-1:].isalnum() and not text[-1:].isspace())
    )


def _is_marked(node: PageElement | None) -> bool:
    return isinstance(node, Tag) and (node.name in MARKS or bool(classes(node) & MARKS.keys()))


def touching(node: Tag, shown: str) -> str:
    """An image beside a word, which its own words must not join."""
    before = " " if _last(node.previous_sibling).isalnum() else ""
    return f"{before}{shown}{' ' if _first(node.next_sibling).isalnum() else ''}"


def _last(node: PageElement | None) -> str:
    return (node.get_text() if isinstance(node, Tag) else str(node or ""))[-1:]


def _first(node: PageElement | None) -> str:
    return (node.get_text() if isinstance(node, Tag) else str(node or ""))[:1]


def ends_in_code(node: PageElement | None) -> bool:
    """Whether the last thing in it is code: two touching spans of code would be one."""
    return isinstance(node, Tag) and (
        node.name == "code" or ends_in_code(next(iter(node.contents[-1:]), None))
    )
