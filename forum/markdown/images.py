"""Images: those sent to this site are shown; the others are links, since no page calls another site."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it.token import Token
from markupsafe import Markup

from forum.markdown.addresses import is_own_file
from forum.markdown.files import shown_file

# Discourse writes the size, and sometimes a scale, after the words: `plan|690x388, 50%`.
SIZE = re.compile(r"\|\s*(?:([1-9][0-9]{0,4})x([1-9][0-9]{0,4}))?[^|]{0,40}$")


def shown_image(token: Token, *, in_link: bool) -> list[Token]:
    """The tokens that stand for an image: itself, a link to it, or, within a link, its words."""
    source, words = str(token.attrs["src"]), _words(token.children or [])
    token.content = words
    if is_own_file(source):
        return [token]
    text = Token("text", "", 0, content=SIZE.sub("", words).strip() or source)
    if in_link or not source:
        return [text]
    opening = Token("link_open", "a", 1, attrs={"class": "image-link", "href": source})
    return [opening, text, Token("link_close", "a", -1)]


def _words(tokens: Sequence[Token]) -> str:
    return "".join(
        _words(token.children or []) if token.type == "image" else token.content or " " * _breaks(token)
        for token in tokens
    )


def _breaks(token: Token) -> bool:
    return token.type in ("softbreak", "hardbreak")


def render_image(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """An image that loads when it comes near, its room kept when its size is told."""
    token = tokens[index]
    size, words = SIZE.search(token.content), SIZE.sub("", token.content).strip()
    if (file := shown_file(str(token.attrs["src"]), words, env["files"])) is not None:
        return str(file)
    room = Markup(' width="{}" height="{}"').format(*size.groups()) if size and size[1] else ""
    image = Markup('<img src="{}" alt="{}"{} loading="lazy">')
    return str(image.format(token.attrs["src"], words, room))
