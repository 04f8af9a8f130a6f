"""Files that members sent: `upload://…` becomes an address of ours, a picture gets its room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup

from forum.markdown.addresses import is_upload
from forum.uploads.names import SHORT_URL, short_path, thumbnail_path

# Texts are cooked in processes apart, plain ones aside: a start does without the library.
if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# The name of a file → its width and height in pixels (0 for a document) and the widths of its small copies.
Files = Mapping[str, Sequence[int]]
NO_FILES: Files = MappingProxyType({})
ATTACHMENT = "|attachment"
# As wide as a post.
WIDEST = 690


def file_plugin(md: MarkdownIt) -> None:
    """Teach markdown-it `upload://`; `env["files"]` holds the pictures that the text may show."""
    md.core.ruler.push("files", _lead_to_files)


def _lead_to_files(state: StateCore) -> None:
    for block in state.tokens:
        tokens = (block.children or []) if block.type == "inline" else []
        for number, token in enumerate(tokens):
            if token.type == "link_open" and is_upload(str(token.attrs["href"])):
                token.attrs["href"] = _path(str(token.attrs["href"]))
                token.attrs["class"] = "attachment"
                _without_mark(tokens[number + 1])
            elif token.type == "image" and is_upload(str(token.attrs["src"])):
                token.attrs["src"] = _path(str(token.attrs["src"]))


def _path(address: str) -> str:
    found = SHORT_URL.fullmatch(address)
    assert found is not None
    return short_path(found[1], found[2])


def _without_mark(words: Token) -> None:
    if words.type == "text":
        words.content = words.content.removesuffix(ATTACHMENT)


def shown_file(source: str, words: str, files: Files) -> Markup | None:
    """The markup of a picture among these files, in a link to the whole where it is shown smaller."""
    found = SHORT_URL.fullmatch(source)
    if not found or not (facts := files.get(found[1])) or not facts[0]:
        return None
    name, (width, height, *thumbnails) = found[1], facts
    shown = min(width, WIDEST)
    room = Markup('width="{}" height="{}" loading="lazy"').format(
        shown, max(1, round(height * shown / width))
    )
    if not thumbnails:
        return Markup('<img src="{}" alt="{}" {}>').format(source, words, room)
    small = thumbnail_path(name, thumbnails[0])
    fine = f"{thumbnail_path(name, thumbnails[1])} 2x" if len(thumbnails) > 1 else f"{source} 2x"
    image = Markup('<img src="{}" srcset="{}" alt="{}" {}>').format(small, fine, words, room)
    return Markup('<a class="lightbox" href="{}">{}</a>').format(source, image)
