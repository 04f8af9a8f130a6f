"""What was typed, checked; cooked with the members it mentions."""

import re

from msgspec import Struct

from forum.accounts.queries import known_usernames
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.markdown import (
    MAX_GRAPHEMES,
    BadText,
    TooSlow,
    all_quotes,
    clean_line,
    clean_text,
    cook,
    mentions,
    without_words_of,
)
from forum.settings.known import UPLOADS_PER_POST
from forum.settings.queries import setting
from forum.text import MAX_ID, text_fault
from forum.uploads.names import names_in
from forum.uploads.queries import UploadFile, uploads_for_text
from realtime.sql import sql

MIN_TITLE_WORDS = 3
MAX_TITLE = 200
MAX_REASON = 200
MAX_NOTE = 1000
UNSTORABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Cooked(Struct, frozen=True):
    """A text ready to be stored, the ids of the members that it mentions and of the files that it shows."""

    source: str
    html: str
    mentioned: frozenset[int]
    uploads: frozenset[int] = frozenset()


async def cook_post(
    raw: str, topic_id: int | None = None, *, writer: Viewer | None = None, post_id: int | None = None
) -> Cooked:
    """Check and cook a post's text, before any lock is taken; the words of hidden posts are not quoted.

    Args:
        topic_id: where the post is: quotes that name no topic are of this one.
        writer: who may show the files that they may have; None: nobody writes, the text is cooked again.
        post_id: the post that shows its files already.

    Raises:
        Invalid: empty, too long, too many files, unreadable or too slow to cook; it is said at `raw`.
    """
    try:
        source = clean_text(raw)
        members = await known_usernames(mentions(source))
        shown = await shown_source(source, topic_id)
        files = await _files_of(shown, writer, post_id)
        html = await cook(
            shown,
            known={lower: name for lower, (_id, name) in members.items()},
            files={name: (file.width, file.height, *file.thumbnails) for name, file in files.items()},
        )
    except BadText as fault:
        raise Invalid(fields={"raw": text_fault(fault.reason, MAX_GRAPHEMES)}) from fault
    except TooSlow as fault:
        raise Invalid(fields={"raw": _("This text is too intricate to be shown: simplify it.")}) from fault
    uploads = frozenset(files[name].id for name in names_in(html) if name in files)
    return Cooked(source, html, _shown(html, members), uploads)


async def _files_of(text: str, writer: Viewer | None, post_id: int | None) -> dict[str, UploadFile]:
    """The files that a text may show, by name.

    Raises:
        Invalid: there are too many; who brings a text from elsewhere is not counted.
    """
    names = names_in(text)
    if writer is not None and len(names) > (most := await setting(UPLOADS_PER_POST)):
        raise Invalid(fields={"raw": _("Too many files: %(n)s in a post at the most.") % {"n": most}})
    return await uploads_for_text(names, writer, post_id) if names else {}


async def shown_source(source: str, topic_id: int | None) -> str:
    """A post's text as others may read it: without the words of the hidden posts that it quotes."""
    if "[quote" not in source.lower():
        return source
    named = {quote: (quote.topic_id or topic_id or 0, quote.post_number) for quote in all_quotes(source)}
    hidden = await _hidden_in(frozenset(topic for topic, _number in named.values() if topic <= MAX_ID))
    withheld = {quote for quote, place in named.items() if place in hidden}
    return without_words_of(source, withheld) if withheld else source


async def _hidden_in(topic_ids: frozenset[int]) -> set[tuple[int, int]]:
    """Topic and number of the hidden posts of these topics, also of those that were moved away from there."""
    rows = await sql(
        f"""SELECT topic_id, post_number FROM posts WHERE hidden = true AND topic_id IN ({ids(topic_ids)})
            UNION SELECT m.topic_id, m.post_number FROM moved_posts m JOIN posts p ON p.id = m.post_id
            WHERE p.hidden = true AND m.topic_id IN ({ids(topic_ids)})"""
    )
    return {(row["topic_id"], row["post_number"]) for row in rows}


def _shown(html: str, members: dict[str, tuple[int, str]]) -> frozenset[int]:
    """Of the members whose names were typed, those whom the cooked text really mentions."""
    return frozenset(id for id, name in members.values() if f'href="/u/{name}"' in html)


def check_note(text: str, name: str, *, needed: bool) -> str:
    """A few plain lines for people: why something was reported, decided, appealed; 1,000 graphemes at most.

    Args:
        name: the field at which a sentence stands.
        needed: whether it may be left empty.

    Raises:
        Invalid: empty although needed, too long, or unreadable.
    """
    if not text.strip() and not needed:
        return ""
    try:
        return clean_text(text, MAX_NOTE)
    except BadText as fault:
        raise Invalid(fields={name: text_fault(fault.reason, MAX_NOTE)}) from fault


def clean_reason(reason: str) -> str:
    """Why a text was changed, on one line of at most 200 characters; what cannot be stored is left out."""
    return " ".join(UNSTORABLE.sub(" ", reason).split())[:MAX_REASON]


def check_title(title: str) -> str:
    """The title on one line.

    Raises:
        Invalid: empty, too short or too long; the sentence stands at `title`.
    """
    try:
        line = clean_line(title, MAX_TITLE)
    except BadText as fault:
        raise Invalid(fields={"title": text_fault(fault.reason, MAX_TITLE)}) from fault
    if len(line.split()) < MIN_TITLE_WORDS:
        raise Invalid(fields={"title": _("Too short: say it in a sentence of at least three words.")})
    return line
