"""Tables, as long as they are not too big: markdown-it takes a second on one of 48 KB."""

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.token import Token

MAX_CELLS = 3_000


def table_plugin(md: MarkdownIt) -> None:
    """Keep markdown-it's tables, up to 3,000 cells in a text; what is beyond stays text."""
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.push("alignment", _align)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if start < state.env.get("no_table_before", 0) or not table(state, start, end, True):
        return False
    last, cells = _measure(state, start, end)
    if state.env.get("cells", 0) + cells > MAX_CELLS:
        state.env["no_table_before"] = last
        return False
    if silent:
        return True
    state.env["cells"] = state.env.get("cells", 0) + cells
    return table(state, start, end, False)


def _measure(state: StateBlock, start: int, end: int) -> tuple[int, int]:
    """The line after the table's last one, and its cells, written or not."""
    columns = state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1]) + 1
    last = next((line for line in range(start, end) if state.isEmpty(line)), end)
    return last, columns * (last - start - 1)


def _align(state: Any) -> None:
    """Alignment as a class: our pages allow no inline style."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open") and "style" in token.attrs:
            side = str(token.attrs.pop("style")).removeprefix("text-align:")
            token.attrs["class"] = f"align-{side}"


def render_table_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """A wide table scrolls in its own box, by keyboard too."""
    return '<div class="table" tabindex="0">\n<table>\n'


def render_table_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """The end of what `render_table_open` began."""
    return "</table>\n</div>\n"
