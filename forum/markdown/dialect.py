"""Our dialect: CommonMark, tables, strikethrough, task lists, footnotes, quotes, mentions, code colours."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import escape
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from forum.markdown.quotes import quote_plugin
from forum.markdown.references import reference_plugin
from forum.markdown.sanitizer import sanitise

# Moves when the same text would be cooked otherwise: posts are then cooked again by a job.
COOK_VERSION = 1
MAX_NESTING = 20
MAX_HIGHLIGHTED = 8_000
OWN_FILES = "/uploads/"

_formatter = HtmlFormatter(nowrap=True)


def cook_now(raw: str, known: Mapping[str, str]) -> str:
    """Cook in this thread, without any limit of time; sanitised last."""
    # The footnotes' ids hold a mark of the text: two posts of a page must not share an id.
    mark = sha256(raw.encode()).hexdigest()[:8]
    return sanitise(_markdown.render(raw, {"known": dict(known), "docId": mark}))


def cook_many(texts: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    """Cook texts that are trusted not to be bombs (an import, the demonstration)."""
    return [cook_now(raw, known) for raw, known in texts]


class _Renderer(RendererHTML):
    """HTML as our pages want it: code that can be scrolled by keyboard, no image from elsewhere."""

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        name = token.info.strip().split(maxsplit=1)[0] if token.info.strip() else ""
        return f'<pre tabindex="0"><code{_code_class(name)}>{_coloured(token.content, name)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<pre tabindex="0"><code>{escape(tokens[idx].content)}</code></pre>\n'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        source = str(token.attrs.get("src", ""))
        words = self.renderInlineAsText(token.children or [], options, env)
        if source.startswith(OWN_FILES):
            return f'<img src="{escape(source)}" alt="{escape(words)}" loading="lazy">'
        return f'<a class="image-link" href="{escape(source)}">{escape(words or source)}</a>'

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<div class="table" tabindex="0">\n<table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table>\n</div>\n"


def _code_class(name: str) -> str:
    return f' class="language-{escape(name)}"' if name.isascii() and name.replace("-", "").isalnum() else ""


def _coloured(code: str, name: str) -> str:
    """Code with colours for a language that is named and known; never guessed."""
    if not name or len(code) > MAX_HIGHLIGHTED:
        return str(escape(code))
    try:
        return str(highlight(code, get_lexer_by_name(name, stripnl=False), _formatter))
    except ClassNotFound:
        return str(escape(code))


def _lower_headings(state: Any) -> None:
    """The page has the first two levels of headings; a post starts at the third."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def _make() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING}, renderer_cls=_Renderer)
    md.enable(["table", "strikethrough"])
    md.use(tasklists_plugin).use(footnote_plugin, inline=False)
    md.use(quote_plugin).use(reference_plugin)
    md.core.ruler.push("lower_headings", _lower_headings)
    return md


_markdown = _make()
