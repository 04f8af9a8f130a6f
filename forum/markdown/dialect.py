"""Our dialect: CommonMark, tables, strikethrough, tasks, footnotes, quotes, mentions, code colours."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block

from forum.markdown.addresses import is_allowed, is_upload
from forum.markdown.code import render_code_block, render_fence
from forum.markdown.files import NO_FILES, Files, file_plugin
from forum.markdown.footnotes import bounded_footnote_plugin
from forum.markdown.images import render_image
from forum.markdown.links import link_plugin
from forum.markdown.quote_blocks import quote_plugin
from forum.markdown.sanitizer import sanitise
from forum.markdown.tables import render_table_close, render_table_open, table_plugin
from forum.markdown.tasks import task_plugin

# Deeper lists and citations stay text, as markdown-it would drop what is beyond its own limit.
MAX_DEPTH = 16
MAX_NESTING = 24


def cook_now(raw: str, known: Mapping[str, str], files: Files = NO_FILES) -> str:
    """Cook in this thread, without any limit of time; sanitised last.

    Raises:
        RecursionError: brackets within brackets, by hundreds.
    """
    return sanitise(render(raw, known, files))


def render(raw: str, known: Mapping[str, str], files: Files = NO_FILES) -> str:
    """HTML that has yet to be sanitised.

    Args:
        known: lower-cased names that are members → as written.
        files: those that the text may show.
    """
    # Two posts of a page must not share an id: those of footnotes hold a mark of the text.
    mark = sha256(raw.encode()).hexdigest()[:8]
    return str(_markdown.render(raw, {"known": dict(known), "files": files, "mark": mark}))


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        return is_allowed(url) or is_upload(url)


def _make() -> MarkdownIt:
    md = _Markdown("commonmark", {"html": False, "xhtmlOut": False, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"])
    for plugin in (
        table_plugin,
        bounded_footnote_plugin,
        quote_plugin,
        task_plugin,
        file_plugin,
        link_plugin,
    ):
        md.use(plugin)
    md.block.ruler.at(
        "blockquote", _shallow(blockquote), {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.block.ruler.at("list", _shallow(list_block), {"alt": ["paragraph", "reference", "blockquote"]})
    md.core.ruler.push("headings", _lower_headings)
    for name, rule in RENDERED.items():
        md.add_render_rule(name, rule)
    return md


def _shallow(rule: Any) -> Any:
    """The same rule, up to a depth."""

    def bounded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < MAX_DEPTH and rule(state, start, end, silent)

    return bounded


def _lower_headings(state: Any) -> None:
    """The page has the first two levels of headings; a post starts at the third."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


RENDERED: dict[str, Any] = {
    "fence": render_fence,
    "code_block": render_code_block,
    "image": render_image,
    "table_open": render_table_open,
    "table_close": render_table_close,
}

_markdown = _make()
