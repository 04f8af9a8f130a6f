"""The journal as administrators read it, and the proof that nobody has touched it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from msgspec import Struct

from forum.accounts.nobody import shown_name
from forum.categories.queries import themes
from forum.journal.chain import COVERED, GENESIS, row_hash, words_digest
from forum.journal.models import Act
from forum.journal.steps import Detail
from realtime.sql import as_datetime, sql

PAGE_SIZE = 50
BATCH = 1000


class Somebody(Struct, frozen=True):
    """A member whom an act names, as they are called now."""

    id: int
    username: str
    name: str


class Entry(Struct, frozen=True):
    """One act; what it names may be gone since, then only its number is left."""

    number: int
    act: Act
    at: datetime
    actor: Somebody | None
    person: Somebody | None
    topic_id: int | None
    topic_slug: str
    topic_title: str
    post_id: int | None
    post_number: int | None
    category_id: int | None
    details: Mapping[str, Detail]
    themes: Mapping[int, str]

    @property
    def theme(self) -> str:
        """The theme's name, as it is now or as it was."""
        return self.themes.get(self.category_id or 0) or str(self.details.get("theme", self.category_id))

    @property
    def theme_before(self) -> str:
        """The name of the theme that a topic left."""
        number = self.details.get("from_category_id")
        return self.themes.get(int(number)) or str(number) if number else ""

    @property
    def until(self) -> datetime | None:
        """The end of a measure that has one."""
        text = self.details.get("until")
        return datetime.fromisoformat(str(text)) if text else None


async def entries(
    *, person_id: int | None = None, act: Act | None = None, before: int | None = None
) -> list[Entry]:
    """The acts, latest first, fifty at a time. For administrators: nothing is held back.

    Args:
        person_id: only acts by or about this member.
        act: only acts of this kind.
        before: only acts with a smaller number (the next page).
    """
    rows = await sql(
        f"""SELECT s.id, s.kind, s.created_at, s.actor_id, a.username AS actor_username, a.name AS actor_name,
            COALESCE(p.user_id, t.user_id, s.user_id) AS user_id, u.username, u.name, s.topic_id,
            t.slug AS topic_slug, t.title AS topic_title,
            s.post_id, p.post_number, s.category_id, s.details, r.words
            FROM staff_actions s LEFT JOIN users a ON a.id = s.actor_id
            LEFT JOIN topics t ON t.id = s.topic_id LEFT JOIN posts p ON p.id = s.post_id
            LEFT JOIN users u ON u.id = COALESCE(p.user_id, t.user_id, s.user_id)
            LEFT JOIN staff_reasons r ON r.action_id = s.id
            WHERE s.id < {{0}}{_only_of(person_id)} AND ({{1}} = '' OR s.kind = {{1}})
            ORDER BY s.id DESC LIMIT {PAGE_SIZE}""",
        before or 2**31 - 1,
        act or "",
    )
    names = {card.id: card.name for card in (await themes()).by_id.values()}
    return [_entry(row, names) for row in rows]


def _only_of(person_id: int | None) -> str:
    """By a member, or about them, or about what they wrote."""
    if person_id is None:
        return ""
    return f""" AND (s.actor_id = {person_id:d} OR s.user_id = {person_id:d}
        OR s.post_id IN (SELECT id FROM posts WHERE user_id = {person_id:d})
        OR (s.post_id IS NULL AND s.topic_id IN (SELECT id FROM topics WHERE user_id = {person_id:d})))"""


def _entry(row: dict[str, Any], names: Mapping[int, str]) -> Entry:
    return Entry(
        number=row["id"],
        act=Act(row["kind"]),
        at=as_datetime(row["created_at"]),
        actor=_somebody(row["actor_id"], row["actor_username"], row["actor_name"]),
        person=_somebody(row["user_id"], row["username"], row["name"]),
        topic_id=row["topic_id"],
        topic_slug=row["topic_slug"] or "-",
        topic_title=row["topic_title"] or "",
        post_id=row["post_id"],
        post_number=row["post_number"],
        category_id=row["category_id"],
        details=orjson.loads(row["details"]) | orjson.loads(row["words"] or "{}"),
        themes=names,
    )


def _somebody(id: int | None, username: str | None, name: str | None) -> Somebody | None:
    return None if id is None else Somebody(id, username or "", shown_name(name or "", username or ""))


class Verdict(Struct, frozen=True):
    """What a look at the whole chain found: `broken_at` is the first row that is not what was written."""

    rows: int
    broken_at: int | None = None


async def check_chain() -> Verdict:
    """Follow the chain from its first row to its last. Acts may go on meanwhile."""
    end, last = await _head()
    number, previous = 0, GENESIS
    while rows := await _rows_after(number):
        for row in rows:
            cut = row["id"] == end and row["hash"] != last
            if cut or not _holds(row, number + 1, previous):
                return Verdict(number, number + 1)
            number, previous = row["id"], row["hash"]
    return Verdict(number, number + 1 if number < end else None)


async def _head() -> tuple[int, str]:
    """Where the chain ended at that moment: further on if somebody acts, never before it."""
    rows = await sql("SELECT number, hash FROM journal_head WHERE id = 1")
    return (rows[0]["number"], rows[0]["hash"]) if rows else (0, GENESIS)


async def _rows_after(number: int) -> list[dict[str, Any]]:
    return await sql(
        f"""SELECT {", ".join(f"s.{column}" for column in COVERED)}, s.created_at, s.previous_hash, s.hash,
            r.salt, r.words FROM staff_actions s LEFT JOIN staff_reasons r ON r.action_id = s.id
            WHERE s.id > {{0}} ORDER BY s.id LIMIT {BATCH}""",
        number,
    )


def _holds(row: Mapping[str, Any], number: int, previous: str) -> bool:
    linked: bool = row["id"] == number and row["previous_hash"] == previous
    return linked and bool(row["hash"] == row_hash(row, previous)) and _says_what_was_typed(row)


def _says_what_was_typed(row: Mapping[str, Any]) -> bool:
    """The words that lie apart are those of the act; they may be erased, never changed."""
    digest = orjson.loads(row["details"]).get("typed")
    return row["words"] is None or bool(digest == words_digest(row["salt"], row["words"]))
