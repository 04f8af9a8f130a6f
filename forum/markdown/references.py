"""Mentions and bare links, found in one pass over the text (the usual library is quadratic)."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MENTION = re.compile(r"(?<![\w@/.])@([A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?)")
LINK = re.compile(r"(?<![\w@/])(?:https?://|www\.)[^\s<>\"«»“”]{1,2000}", re.IGNORECASE)
ADDRESS = re.compile(
    r"(?<![\w.@/+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}"
)
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
REFERENCE = re.compile(
    f"(?P<link>{LINK.pattern})|(?P<address>{ADDRESS.pattern})|{MENTION.pattern}", re.IGNORECASE
)
TRAILING = ".,;:!?'\"*_~…"
MAX_REFERENCES = 500


def mentions(raw: str) -> set[str]:
    """Lower-cased names mentioned outside code, at most a few hundred."""
    found = {match[1].lower() for match in MENTION.finditer(CODE.sub(" ", raw))}
    return set(sorted(found)[:MAX_REFERENCES])


def reference_plugin(md: MarkdownIt) -> None:
    """Teach markdown-it mentions and bare links; `env["known"]` names the members."""
    md.core.ruler.push("references", _link_references)


def _link_references(state: StateCore) -> None:
    budget = MAX_REFERENCES
    for block in state.tokens:
        if block.type == "inline" and block.children:
            children, budget = _replace(block.children, state.env.get("known", {}), budget)
            block.children = children


def _replace(tokens: list[Token], known: dict[str, str], budget: int) -> tuple[list[Token], int]:
    result: list[Token] = []
    in_link = 0
    for token in tokens:
        in_link += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or in_link or budget <= 0:
            result.append(token)
            continue
        pieces = list(_pieces(token.content, known, budget))
        budget -= sum(piece.type == "link_open" for piece in pieces)
        result += pieces
    return result, budget


def _pieces(text: str, known: dict[str, str], budget: int) -> Iterator[Token]:
    end = 0
    for match in REFERENCE.finditer(text):
        found = _target(match, known)
        if found is None or budget <= 0:
            continue
        href, shown, kind = found
        yield _text(text[end : match.start()])
        yield from _link(href, shown, kind)
        end, budget = match.start() + len(shown if kind != "mention" else match[0]), budget - 1
    yield _text(text[end:])


def _target(match: re.Match[str], known: dict[str, str]) -> tuple[str, str, str] | None:
    """Where it leads, what is shown, and what it is; None for the name of nobody."""
    if match["link"]:
        shown = _without_trailing(match["link"])
        return (shown if "://" in shown else f"https://{shown}"), shown, "link"
    if match["address"]:
        shown = match["address"].rstrip(".-")
        return f"mailto:{shown}", shown, "address"
    name = known.get(match[match.lastindex or 0].lower())
    return (f"/u/{name}", f"@{name}", "mention") if name else None


def _without_trailing(url: str) -> str:
    """The address without the sentence's punctuation; a closing bracket stays if it was opened."""
    while url and (
        url[-1] in TRAILING or (url[-1] in ")]}" and url.count(url[-1]) > url.count(_opening(url[-1])))
    ):
        url = url[:-1]
    return url


def _opening(bracket: str) -> str:
    return {")": "(", "]": "[", "}": "{"}[bracket]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _link(href: str, shown: str, kind: str) -> Iterator[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": href})
    if kind == "mention":
        opening.attrs["class"] = "mention"
    yield opening
    yield _text(shown)
    yield Token("link_close", "a", -1)
