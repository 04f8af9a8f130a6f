"""Quotes of posts as blocks of markdown: what is quoted, and who said it, with a link."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from forum.markdown.outline import CLOSING, OPENING, QuoteBlock, outline
from forum.markdown.quotes import QuoteRef, quote_ref, shown_name


def quote_plugin(md: MarkdownIt) -> None:
    """Teach markdown-it the quote block."""
    md.core.ruler.before("block", "outline", _outline)
    md.block.ruler.before("fence", "post_quote", _quote_block, {"alt": ["paragraph", "blockquote", "list"]})


def _outline(state: StateCore) -> None:
    state.env["quotes"] = outline(state.src).quotes


def _quote_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    quote: QuoteBlock | None = state.env["quotes"].get(start)
    # In a list or a citation the lines of a quote may belong to others: there it stays text.
    if quote is None or (state.blkIndent and state.sCount[start] >= state.blkIndent):
        return False
    if silent:
        return True
    if state.level != quote.depth or quote.end >= end:
        return False
    _emit(state, quote)
    return True


def _emit(state: StateBlock, quote: QuoteBlock) -> None:
    reference = quote_ref(quote.attributes)
    opening = state.push("quote_open", "blockquote", 1)
    opening.attrSet("class", "quote")
    if reference:
        opening.attrSet("data-post", str(reference.post_number))
    if reference and reference.topic_id:
        opening.attrSet("data-topic", str(reference.topic_id))
    _say(state, quote)
    _credit(state, reference, shown_name(quote.attributes))
    state.push("quote_close", "blockquote", -1)
    state.line = quote.end + 1


def _say(state: StateBlock, quote: QuoteBlock) -> None:
    """The words quoted: blocks, or the middle of one line."""
    if quote.start == quote.end:
        line = state.src[state.bMarks[quote.start] : state.eMarks[quote.start]].strip()
        _paragraph(state, OPENING.sub("", line, count=1)[: -len(CLOSING)].strip())
        return
    line_max, state.lineMax = state.lineMax, quote.end
    state.md.block.tokenize(state, quote.start + 1, quote.end)
    state.lineMax = line_max


def _paragraph(state: StateBlock, words: str) -> None:
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content, inline.children = words, []
    state.push("paragraph_close", "p", -1)


def _credit(state: StateBlock, reference: QuoteRef | None, name: str) -> None:
    """Who is quoted, with a link to the post where it is known."""
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
