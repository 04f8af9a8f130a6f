"""A member's standing and what staff wrote about them; for staff."""

from datetime import datetime

from msgspec import Struct

from forum.accounts.permissions import may_reset_factors, may_suspend
from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card, person_named, standing_of
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.conduct.permissions import may_see_conduct
from forum.errors import NotFound
from forum.factors.queries import has_factor
from forum.suspensions.queries import open_appeal_of
from realtime.sql import as_datetime, sql


class Measure(Struct, frozen=True):
    """What keeps a member from something until then, and the reason that was given."""

    until: datetime
    reason: str


class Note(Struct, frozen=True):
    """A staff note."""

    author: PersonCard
    at: datetime
    raw: str


class Conduct(Struct, frozen=True):
    """All that staff know of a member; `appeal_id` is the number of their appeal that waits."""

    person: PersonCard
    suspended: Measure | None
    silenced: Measure | None
    may_suspend: bool
    may_reset_factors: bool
    appeal_id: int | None
    notes: list[Note]


async def conduct_of(viewer: Viewer, username: str) -> Conduct:
    """What staff know of the member of that name.

    Raises:
        NotFound: there is none, or it is not for this viewer.
    """
    person = await person_named(username)
    standing = await standing_of(person.id)
    if not may_see_conduct(viewer, standing):
        raise NotFound
    rows = await sql(
        """SELECT suspended_until, suspended_reason, silenced_until, silenced_reason FROM users
            WHERE id = {0}""",
        person.id,
    )
    row, appeal = rows[0], await open_appeal_of(person.id)
    return Conduct(
        person,
        suspended=_measure(row["suspended_until"], row["suspended_reason"]),
        silenced=_measure(row["silenced_until"], row["silenced_reason"]),
        may_suspend=may_suspend(viewer, standing),
        may_reset_factors=may_reset_factors(viewer, standing) and await has_factor(person.id),
        appeal_id=appeal.id if appeal else None,
        notes=await _notes(person.id),
    )


def _measure(until: datetime | str | None, reason: str | None) -> Measure | None:
    if until is None or as_datetime(until) <= now():
        return None
    return Measure(as_datetime(until), reason or "")


async def _notes(user_id: int) -> list[Note]:
    rows = await sql(
        f"""SELECT n.author_id AS user_id, {PERSON_COLUMNS}, n.created_at, n.raw
            FROM staff_notes n JOIN users u ON u.id = n.author_id
            WHERE n.user_id = {{0}} ORDER BY n.id DESC LIMIT 100""",
        user_id,
    )
    return [Note(person_card(row), as_datetime(row["created_at"]), row["raw"]) for row in rows]
