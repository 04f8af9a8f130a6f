"""Discourse's quotes of posts: `[quote="bob, post:3, topic:12"]` … `[/quote]`."""

import re
from collections.abc import Collection

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
    found = (quote_ref(quote.attributes) for quote in outermost)
    return list(dict.fromkeys(reference for reference in found if reference))


def all_quotes(raw: str) -> frozenset[QuoteRef]:
    """The posts that a text quotes, within other quotes too."""
    found = (quote_ref(quote.attributes) for quote in outline(raw).quotes.values())
    return frozenset(reference for reference in found if reference)


def without_words_of(raw: str, withheld: Collection[QuoteRef]) -> str:
    """The text with three dots for the words of these quotes; who is quoted stays."""
    lines = raw.split("\n")
    dots, gone = set[int](), set[int]()
    for quote in outline(raw).quotes.values():
        if quote_ref(quote.attributes) not in withheld:
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
        reference = quote_ref(quote.attributes)
        if reference and reference.topic_id is None:
            said = f"{quote.attributes}, topic:{topic_id}"
            lines[quote.start] = lines[quote.start].replace(quote.attributes, said, 1)
    return "\n".join(lines)


def _start(quote: QuoteBlock) -> int:
    return quote.start


def quote_ref(attributes: str) -> QuoteRef | None:
    """The post that the opening of a quote names."""
    named, post, topic = USERNAME.search(attributes), POST.search(attributes), TOPIC.search(attributes)
    username = named[1] if named else shown_name(attributes)
    if not username or not post:
        return None
    return QuoteRef(username, int(post[1]), int(topic[1]) if topic else None)


def shown_name(attributes: str) -> str:
    """Who is quoted, as the opening of the quote says it."""
    return attributes.partition(",")[0].strip()
