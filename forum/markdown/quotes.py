"""Discourse's quotes of posts: `[quote="bob, post:3, topic:12"]` … `[/quote]`."""

import re
from collections.abc import Collection

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from msgspec import Struct

from forum.markdown.outline import CLOSING, OPENING, QuoteBlock, outline

POST = re.compile(r"\bpost:\s*([1-9][0-9]{0,8})(?![0-9])")
TOPIC = re.compile(r"\btopic:\s*([1-9][0-9]{0,8})(?![0-9])")
# Discourse shows a display name first and then says whose it is.
USERNAME = re.compile(r"\busername:\s*([\w.-]+)")
DOTS = "[…]"


class QuoteRef(Struct, frozen=True):
    """The post that a quote names; `topic_id` is None within the same topic."""

    username: str
    post_number: int
    topic_id: int | None


def quotes(raw: str) -> list[QuoteRef]:
    """The posts that a text quotes itself (not within another quote), in order, each once."""
    outermost = (quote for quote in sorted(outline(raw).quotes.values(), key=_start) if quote.depth == 0)
    found = (_reference(quote.attributes) for quote in outermost)
    return list(dict.fromkeys(reference for reference in found if reference))


def all_quotes(raw: str) -> frozenset[QuoteRef]:
    """The posts that a text quotes, within other quotes too."""
    found = (_reference(quote.attributes) for quote in outline(raw).quotes.values())
    return frozenset(reference for reference in found if reference)


def without_words_of(raw: str, withheld: Collection[QuoteRef]) -> str:
    """The text with three dots for the words of these quotes; who is quoted stays."""
    lines = raw.split("\n")
    dots, gone = set[int](), set[int]()
    for quote in outline(raw).quotes.values():
        if _reference(quote.attributes) not in withheld:
            continue
        if quote.start == quote.end:
            opening = OPENING.match(lines[quote.start].strip())
            lines[quote.start] = f"{opening[0] if opening else ''}{DOTS}{CLOSING}"
        else:
            dots.add(quote.start + 1)
            gone.update(range(quote.start + 2, quote.end))
    return "\n".join(DOTS if n in dots else line for n, line in enumerate(lines) if n not in gone)


def with_topic(raw: str, topic_id: int) -> str:
    """The text with its topic's number in each quote that names a post and no topic."""
    lines = raw.split("\n")
    for quote in outline(raw).quotes.values():
        reference = _reference(quote.attributes)
        if reference and reference.topic_id is None:
            said = f"{quote.attributes}, topic:{topic_id}"
            lines[quote.start] = lines[quote.start].replace(quote.attributes, said, 1)
    return "\n".join(lines)


def _start(quote: QuoteBlock) -> int:
    return quote.start


def _reference(attributes: str) -> QuoteRef | None:
    named, post, topic = USERNAME.search(attributes), POST.search(attributes), TOPIC.search(attributes)
    username = named[1] if named else _shown_name(attributes)
    if not username or not post:
        return None
    return QuoteRef(username, int(post[1]), int(topic[1]) if topic else None)


def _shown_name(attributes: str) -> str:
    return attributes.partition(",")[0].strip()


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
    reference = _reference(quote.attributes)
    opening = state.push("quote_open", "blockquote", 1)
    opening.attrSet("class", "quote")
    if reference:
        opening.attrSet("data-post", str(reference.post_number))
    if reference and reference.topic_id:
        opening.attrSet("data-topic", str(reference.topic_id))
    _say(state, quote)
    _credit(state, reference, _shown_name(quote.attributes))
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
