"""The queue, scoped to the member of staff who looks; a decision, for the author whom it concerns."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import replace

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.queries import LOOKS_AFTER, MAY_SEE, ids
from forum.clock import now
from forum.errors import NotFound
from forum.flags.models import FlagType
from forum.reviewables.claims import claimer
from forum.reviewables.models import Decision, Kind
from forum.reviewables.permissions import may_see_case
from forum.reviewables.waiting import WAITING_FOR
from realtime.sql import as_datetime, sql

MOST = 100

CASE = f"""SELECT r.id, r.kind, r.created_at, r.flags_count, r.claimed_by_id, cu.name AS claimer_name,
    cu.username AS claimer_username, r.claimed_at, r.decision, r.decided_by_id, r.decided_at, r.reason,
    r.message, o.id AS first_id, o.decision AS first_decision, o.reason AS first_reason,
    o.decided_by_id AS first_judge_id, a.id AS appeal_id, a.decision AS appeal_decision,
    a.reason AS appeal_reason, r.post_id, p.topic_id, p.post_number, p.cooked, p.deleted_at,
    t.deleted_at AS topic_deleted_at, t.slug, t.title, t.category_id, p.user_id, {PERSON_COLUMNS}
    FROM reviewables r JOIN posts p ON p.id = r.post_id JOIN topics t ON t.id = p.topic_id
    JOIN users u ON u.id = p.user_id LEFT JOIN users cu ON cu.id = r.claimed_by_id
    LEFT JOIN reviewables o ON o.id = r.appeal_of_id LEFT JOIN reviewables a ON a.appeal_of_id = r.id"""


class FlagLine(Struct, frozen=True):
    """One flag, for staff."""

    flag_type: FlagType
    message: str
    by: PersonCard
    at: datetime


class Ruling(Struct, frozen=True):
    """What was decided, and the reason that the author was given."""

    decision: Decision
    reason: str


class CaseCard(Struct, frozen=True):
    """One item: a post, why it is here, and what became of it."""

    id: int
    kind: Kind
    at: datetime
    post_id: int
    topic_id: int
    topic_slug: str
    topic_title: str
    number: int
    category_id: int
    author: PersonCard
    cooked: Markup
    gone: bool
    claimed_by_id: int | None
    claimed_by_name: str
    message: str
    ruling: Ruling | None
    first: Ruling | None
    first_judge_id: int | None
    appeal_id: int | None
    appeal: Ruling | None
    flags: tuple[FlagLine, ...] = field(default=())

    @property
    def author_id(self) -> int:
        """Whose post it is."""
        return self.author.id


async def open_cases(viewer: Viewer) -> list[CaseCard]:
    """What waits for a decision where the viewer may look, oldest first, a hundred at the most."""
    rows = await sql(
        f"""{CASE} WHERE r.open_post_id IS NOT NULL AND p.user_id <> {{0}}
            AND t.category_id IN ({ids(viewer.moderated)}) ORDER BY r.created_at, r.id LIMIT {MOST}""",
        viewer.member_id,
    )
    return await _with_flags([_case(row) for row in rows])


async def case_visible_to(viewer: Viewer, case_id: int) -> CaseCard:
    """One item, decided or not.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    found = [_case(row) for row in await sql(f"{CASE} WHERE r.id = {{0}}", case_id)]
    if not found or not may_see_case(viewer, found[0]):
        raise NotFound
    return (await _with_flags(found))[0]


async def ruling_about(viewer: Viewer, post_id: int) -> CaseCard:
    """The last decision that took the post away, alone or with all of its author's, for the author.

    Without its flags.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    rows = await sql(
        f"""{CASE} WHERE (r.post_id = {{0}} OR r.id IN (SELECT s.ruling_id FROM sweeps s
            JOIN swept_posts w ON w.sweep_id = s.id WHERE w.post_id = {{0}}))
            AND p.user_id = {{1}} AND r.decision IN ('hide', 'delete')
            AND t.category_id IN ({ids(viewer.rights.see)}) ORDER BY r.id DESC LIMIT 1""",
        post_id,
        viewer.id or 0,
    )
    if not rows:
        raise NotFound
    return _case(rows[0])


async def last_case_of(viewer: Viewer, post_id: int) -> int | None:
    """The last item about a post of somebody else, if there is one and it is for this viewer to decide."""
    rows = await sql(
        f"{CASE} WHERE r.post_id = {{0}} AND p.user_id <> {{1}} ORDER BY r.id DESC LIMIT 1",
        post_id,
        viewer.member_id,
    )
    return rows[0]["id"] if rows and may_see_case(viewer, _case(rows[0])) else None


async def has_colleagues(viewer: Viewer, case: CaseCard) -> bool:
    """Whether somebody else who looks after the theme, not suspended, might decide this item."""
    rows = await sql(
        f"""SELECT 1 FROM users u JOIN topics t ON t.id = {{0}} WHERE {LOOKS_AFTER}
            AND u.deactivated_at IS NULL AND (u.suspended_until IS NULL OR u.suspended_until < {{1}})
            AND u.id <> {{2}} AND u.id <> {{3}} AND {MAY_SEE} LIMIT 1""",
        case.topic_id,
        now(),
        viewer.member_id,
        case.author_id,
    )
    return bool(rows)


async def waiting_for(user_id: int) -> int:
    """How many items wait for this member of staff: the badge's whole state."""
    rows = await sql(f"SELECT {WAITING_FOR} AS n FROM users u WHERE u.id = {{0}}", user_id)
    return int(rows[0]["n"]) if rows else 0


def _case(row: dict[str, Any]) -> CaseCard:
    claimed_by_id, claimed_by_name = claimer(row)
    return CaseCard(
        id=row["id"],
        kind=Kind(row["kind"]),
        at=as_datetime(row["created_at"]),
        post_id=row["post_id"],
        topic_id=row["topic_id"],
        topic_slug=row["slug"],
        topic_title=row["title"],
        number=row["post_number"],
        category_id=row["category_id"],
        author=person_card(row),
        cooked=Markup(row["cooked"]),  # noqa: S704 - sanitised when cooked
        gone=row["deleted_at"] is not None or row["topic_deleted_at"] is not None,
        claimed_by_id=claimed_by_id,
        claimed_by_name=claimed_by_name,
        message=row["message"],
        ruling=_ruling(row["decision"], row["reason"]),
        first=_ruling(row["first_decision"], row["first_reason"]),
        first_judge_id=row["first_judge_id"],
        appeal_id=row["appeal_id"],
        appeal=_ruling(row["appeal_decision"], row["appeal_reason"]),
    )


def _ruling(decision: str | None, reason: str | None) -> Ruling | None:
    return Ruling(Decision(decision), reason or "") if decision else None


async def _with_flags(cases: Iterable[CaseCard]) -> list[CaseCard]:
    """The items with all their flags, those of an appeal being the first decision's."""
    found = list(cases)
    rows = await sql(
        f"""SELECT f.reviewable_id, f.post_id, f.flag_type, f.message, f.created_at, f.user_id,
            {PERSON_COLUMNS} FROM flags f JOIN users u ON u.id = f.user_id
            WHERE f.post_id IN ({ids(frozenset(case.post_id for case in found))}) ORDER BY f.id"""
    )
    lines: defaultdict[int, list[FlagLine]] = defaultdict(list)
    for row in rows:
        line = FlagLine(
            FlagType(row["flag_type"]), row["message"], person_card(row), as_datetime(row["created_at"])
        )
        lines[row["post_id"]].append(line)
    return [replace(case, flags=tuple(lines[case.post_id])) for case in found]
