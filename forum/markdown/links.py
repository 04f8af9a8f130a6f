"""Links as they are finished: mentions and bare addresses found in one pass, outside links marked.

Our own finder of addresses, since the usual library takes quadratic time on texts made for it.
"""

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from forum.markdown.addresses import is_allowed, is_outside
from forum.markdown.images import shown_image
from forum.markdown.mentions import MENTION

REL = "nofollow ugc noopener"
MAX_FOUND = 500
BARE = re.compile(
    r"(?P<link>(?<![\w@/])(?:[hH][tT]{2}[pP][sS]?://|[wW]{3}\.)[^\s<>\"«»“”`\\|]{1,2000})"
    r"|(?P<mail>(?<![\w.@/+-])[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})"
    rf"|{MENTION.pattern}"
)
TRAILING = ".,;:!?'\"*_~…’"
BRACKETS = {")": "(", "]": "[", "}": "{"}


def link_plugin(md: MarkdownIt) -> None:
    """Teach markdown-it mentions, bare links and images; `env["known"]` names the members."""
    md.core.ruler.push("links", _finish)


def _finish(state: StateCore) -> None:
    state.env["found"] = 0
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_finished(block.children, state))


def _finished(tokens: list[Token], state: StateCore) -> Iterator[Token]:
    link: Token | None = None
    for number, token in enumerate(tokens):
        if token.type == "link_open":
            link = token
            yield from _opened(token, tokens[number + 1])
        elif token.type == "link_close":
            yield from [token] if link and link.attrs["href"] else []
            link = None
        elif token.type == "image":
            yield from _marked(shown_image(token, in_link=link is not None))
        elif token.type == "text" and link is None:
            yield from _pieces(token.content, state)
        else:
            yield token


def _opened(token: Token, following: Token) -> Iterator[Token]:
    """A link that leads nowhere is no link; one without words shows where it leads."""
    href = str(token.attrs["href"])
    if href:
        yield from _marked([token])
        if following.type == "link_close":
            yield _text(href)


def _marked(tokens: list[Token]) -> list[Token]:
    """The same tokens, their links outside marked as written by anybody."""
    for token in tokens:
        if token.type == "link_open" and is_outside(str(token.attrs["href"])):
            token.attrs["rel"] = REL
    return tokens


def _pieces(text: str, state: StateCore) -> Iterator[Token]:
    end = 0
    for match in BARE.finditer(text):
        found = _target(match, state.md, state.env["known"])
        if found is None or state.env["found"] >= MAX_FOUND:
            continue
        state.env["found"] += 1
        attributes, shown = found
        yield _text(text[end : match.start()])
        yield from _marked([Token("link_open", "a", 1, attrs=attributes)])
        yield _text(shown)
        yield Token("link_close", "a", -1)
        end = match.start() + len(shown)
    yield _text(text[end:])


def _target(match: re.Match[str], md: MarkdownIt, known: dict[str, str]) -> tuple[dict[str, Any], str] | None:
    """The link's attributes and words; None for the name of nobody and for what is no address."""
    if name := match[3]:
        member = known.get(name.lower())
        return ({"class": "mention", "href": f"/u/{member}"}, f"@{member}") if member else None
    shown = _without_trailing(match[0])
    scheme = "mailto:" if match["mail"] else "" if "://" in shown else "https://"
    href = md.normalizeLink(scheme + shown)
    return ({"href": href}, shown) if is_allowed(href) else None


def _without_trailing(address: str) -> str:
    """The address without the sentence's punctuation; a closing bracket stays if it was opened."""
    unopened = {closing: address.count(closing) - address.count(BRACKETS[closing]) for closing in BRACKETS}
    end = len(address)
    while end and (address[end - 1] in TRAILING or unopened.get(address[end - 1], 0) > 0):
        end -= 1
        if address[end] in unopened:
            unopened[address[end]] -= 1
    return address[:end]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
