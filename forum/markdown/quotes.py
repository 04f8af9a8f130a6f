"""Discourse's quotes of posts: `[quote="bob, post:3, topic:12"]` … `[/quote]`, on lines of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

OPENING = re.compile(r'\[quote(?:="?([^"\]\n]{0,200})"?)?\][ \t]*$', re.IGNORECASE)
CLOSING = re.compile(r"\[/quote\][ \t]*$", re.IGNORECASE)
POST = re.compile(r"post:\s*(\d{1,9})")
TOPIC = re.compile(r"topic:\s*(\d{1,9})")
MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class QuoteRef:
    """The post that a quote names; `topic_id` is None within the same topic."""

    username: str
    post_number: int
    topic_id: int | None


def quotes(raw: str) -> list[QuoteRef]:
    """The posts quoted in a text, in order, each once."""
    return list(dict.fromkeys(_references(raw)))


def _references(raw: str) -> Iterator[QuoteRef]:
    for line in raw.splitlines():
        match = OPENING.match(line.strip()) if line.lstrip()[:6].lower() == "[quote" else None
        reference = _reference(match[1] or "") if match else None
        if reference:
            yield reference


def _reference(attributes: str) -> QuoteRef | None:
    username, post, topic = (
        attributes.partition(",")[0].strip(),
        POST.search(attributes),
        TOPIC.search(attributes),
    )
    if not username or not post:
        return None
    return QuoteRef(username, int(post[1]), int(topic[1]) if topic else None)


def quote_plugin(md: MarkdownIt) -> None:
    """Teach markdown-it the quote block."""
    md.block.ruler.before("fence", "post_quote", _quote_block, {"alt": ["paragraph", "blockquote", "list"]})


def _quote_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    match = OPENING.match(_line(state, start))
    depth = state.env.setdefault("quote_depth", 0)
    close = _closing_line(state, start, end) if match and depth < MAX_DEPTH else None
    if match is None or close is None:
        return False
    if not silent:
        _emit(state, start, close, match[1] or "")
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _closing_line(state: StateBlock, start: int, end: int) -> int | None:
    """The line that closes the quote opened on `start`, found once for all lines of the text."""
    pairs = state.env.get("quote_pairs")
    if pairs is None or state.env.get("quote_src") is not state.src:
        pairs = _pair_lines(state)
        state.env["quote_pairs"], state.env["quote_src"] = pairs, state.src
    close: int | None = pairs.get(start)
    return close if close is not None and close < end else None


def _pair_lines(state: StateBlock) -> dict[int, int]:
    """Opening line → closing line, for the whole text in one pass."""
    pairs: dict[int, int] = {}
    open_lines: list[int] = []
    for number in range(state.lineMax):
        line = _line(state, number)
        if line[:1] != "[":
            continue
        if OPENING.match(line):
            open_lines.append(number)
        elif CLOSING.match(line) and open_lines:
            pairs[open_lines.pop()] = number
    return pairs


def _emit(state: StateBlock, start: int, close: int, attributes: str) -> None:
    reference = _reference(attributes)
    opening = state.push("quote_open", "blockquote", 1)
    opening.attrSet("class", "quote")
    if reference:
        opening.attrSet("data-post", str(reference.post_number))
        if reference.topic_id:
            opening.attrSet("data-topic", str(reference.topic_id))
    _inside(state, start, close)
    _credit(state, reference, attributes)
    state.push("quote_close", "blockquote", -1)
    state.line = close + 1


def _inside(state: StateBlock, start: int, close: int) -> None:
    line_max, parent = state.lineMax, state.parentType
    state.lineMax, state.parentType = close, "blockquote"
    state.env["quote_depth"] += 1
    state.md.block.tokenize(state, start + 1, close)
    state.env["quote_depth"] -= 1
    state.lineMax, state.parentType = line_max, parent


def _credit(state: StateBlock, reference: QuoteRef | None, attributes: str) -> None:
    """Who is quoted, with a link to the post where it is known."""
    name = reference.username if reference else attributes.partition(",")[0].strip()
    if not name:
        return
    state.push("quote_footer_open", "footer", 1)
    line = state.push("inline", "", 0)
    text = Token("text", "", 0, content=f"{name}, nº {reference.post_number}" if reference else name)
    line.children = [text]
    if reference and reference.topic_id:
        href = f"/t/-/{reference.topic_id}/{reference.post_number}"
        line.children = [Token("link_open", "a", 1, attrs={"href": href}), text, Token("link_close", "a", -1)]
    state.push("quote_footer_close", "footer", -1)
