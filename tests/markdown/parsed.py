"""Cooked HTML, parsed again; what may stand in it is told here a second time, not taken from the product."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input"}
ADDRESS = re.compile(r"https?://[^/\\\s]\S*|mailto:[^\s/]+@\S+|/(?![/\\])\S*|#\S*", re.IGNORECASE)
NUMBER = re.compile(r"\d{1,9}")
OWN_ID = re.compile(r"fn(ref)?-[0-9a-f]{8}-\d+(-\d+)?")
OWN_FILE = re.compile(r"/uploads/(?!.*(\.|%2e){2})[^\s\\]+", re.IGNORECASE)
BARE = {"br", "del", "em", "footer", "h3", "h4", "h5", "h6", "hr", "label", "p", "s", "strong"}
BARE |= {"table", "tbody", "thead", "tr"}
ALLOWED = {
    "a": {
        "href": ADDRESS,
        "title": re.compile(".*", re.DOTALL),
        "class": re.compile("mention|image-link|footnote-backref"),
        "rel": re.compile("nofollow ugc noopener"),
        "id": OWN_ID,
        "role": re.compile("doc-noteref|doc-backlink"),
    },
    "blockquote": {"class": re.compile("quote"), "data-post": NUMBER, "data-topic": NUMBER},
    "code": {"class": re.compile(r"language-[a-z0-9_+#.-]+")},
    "div": {"class": re.compile("table"), "tabindex": re.compile("0")},
    "img": {
        "src": OWN_FILE,
        "alt": re.compile(".*", re.DOTALL),
        "width": NUMBER,
        "height": NUMBER,
        "loading": re.compile("lazy"),
    },
    "input": {"type": re.compile("checkbox"), "checked": re.compile(""), "disabled": re.compile("")},
    "li": {"class": re.compile("task-list-item|footnote-item"), "id": OWN_ID},
    "ol": {"class": re.compile("contains-task-list|footnotes-list"), "start": NUMBER},
    "pre": {"tabindex": re.compile("0")},
    "section": {"class": re.compile("footnotes"), "role": re.compile("doc-endnotes")},
    "span": {"class": re.compile(r"[a-z][a-z0-9]{0,2}( [a-z][a-z0-9]{0,2})*")},
    "sup": {"class": re.compile("footnote-ref")},
    "td": {"class": re.compile("align-(left|center|right)")},
    "th": {"class": re.compile("align-(left|center|right)")},
    "ul": {"class": re.compile("contains-task-list")},
    **{name: {} for name in BARE},
}  # fmt: skip


@dataclass(frozen=True)
class Element:
    """An element as a page has it."""

    tag: str
    attributes: dict[str, str]


class Parsed(HTMLParser):
    """The elements and the text of some HTML, which must close what it opens."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        assert len(dict(attrs)) == len(attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]


def assert_harmless(html: str) -> Parsed:
    """Fail unless each element, attribute and address is one that a post may have."""
    page = Parsed(html)
    for element in page.elements:
        assert element.tag in ALLOWED, element
        for name, value in element.attributes.items():
            if (name, value) == ("class", ""):
                continue
            form = ALLOWED[element.tag].get(name)
            assert form is not None, element
            assert form.fullmatch(value), element
    return page
