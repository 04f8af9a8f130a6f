"""Suspensions and their appeals: for whoever is suspended, and for the staff who decide."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, Standing, person_card
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import Config
from forum.errors import NotFound
from forum.links import LinkSpent, Payload, fingerprint, opened
from forum.reviewables.claims import claimer
from forum.reviewables.models import Decision
from forum.suspensions.permissions import may_see_appeal
from forum.suspensions.waiting import JUDGES, SUSPENSION_TABLES, UNDECIDED
from realtime.sql import as_datetime, sql

MOST = 100
APPEAL, APPEAL_PATH = "suspension appeal", "/suspension/appeal"
# For so long a link opens its page; whoever gives the right password gets another one.
LINK_LIFETIME = timedelta(days=365)

SUSPENSION = f"""SELECT s.id, s.user_id, s.suspended_by_id, s.created_at, s.message, s.appealed_at, s.is_open,
    s.claimed_by_id, s.claimed_at, s.decision, s.reason, m.suspended_until, m.suspended_reason,
    m.deactivated_at, m.admin, m.moderator, m.email, m.locale, {PERSON_COLUMNS},
    EXISTS (SELECT 1 FROM suspensions n WHERE n.user_id = s.user_id AND n.id > s.id) AS replaced,
    cu.name AS claimer_name, cu.username AS claimer_username
    FROM {SUSPENSION_TABLES} JOIN users u ON u.id = m.id LEFT JOIN users cu ON cu.id = s.claimed_by_id"""


class SuspensionCard(Struct, frozen=True):
    """A suspension, and what became of its appeal.

    `until` is None once it has ended; `answer` is the reason of the decision about the appeal; `link` is
    what the link to its page carries.
    """

    id: int
    member: Standing
    person: PersonCard
    email: str
    locale: str
    judge_id: int | None
    until: datetime | None
    reason: str
    message: str
    appealed_at: datetime | None
    open: bool
    decision: Decision | None
    answer: str
    claimed_by_id: int | None
    claimed_by_name: str
    link: Payload

    @property
    def may_appeal(self) -> bool:
        """It lasts still, and was not appealed before."""
        return self.until is not None and self.appealed_at is None

    @property
    def lifted(self) -> bool:
        """Whether the appeal has brought the member back."""
        return self.decision is Decision.OVERTURN


async def suspension_of(user_id: int) -> SuspensionCard | None:
    """The suspension that keeps a member out at this moment."""
    rows = await sql(f"{SUSPENSION} WHERE s.user_id = {{0}} ORDER BY s.id DESC LIMIT 1", user_id)
    found = _card(rows[0]) if rows else None
    return found if found and found.until else None


async def suspension_numbered(id: int) -> SuspensionCard | None:
    """One of them, over or not."""
    rows = await sql(f"{SUSPENSION} WHERE s.id = {{0}}", id)
    return _card(rows[0]) if rows else None


async def suspension_of_link(config: Config, token: str) -> SuspensionCard:
    """The suspension that a link of the mail, or of the sign-in page, is about.

    Raises:
        LinkSpent: too old, not ours, or the account is closed or gone.
    """
    payload = opened(config, APPEAL, token, LINK_LIFETIME)
    rows = (
        await sql(f"{SUSPENSION} WHERE s.id = {{0}} AND m.deactivated_at IS NULL", int(payload[0]))
        if payload
        else []
    )
    if not rows or payload != _card(rows[0]).link:
        raise LinkSpent
    return _card(rows[0])


async def open_appeal_of(user_id: int) -> SuspensionCard | None:
    """The member's appeal that waits for a decision."""
    rows = await sql(f"{SUSPENSION} WHERE s.user_id = {{0}} AND {UNDECIDED}", user_id)
    return _card(rows[0]) if rows else None


async def appeals_for(viewer: Viewer) -> list[SuspensionCard]:
    """Those that wait for a decision, oldest first, a hundred at the most."""
    if not viewer.staff:
        return []
    rows = await sql(f"{SUSPENSION} WHERE {UNDECIDED} ORDER BY s.appealed_at, s.id LIMIT {MOST}")
    return [card for card in map(_card, rows) if may_see_appeal(viewer, card)]


async def appeal_visible_to(viewer: Viewer, id: int) -> SuspensionCard:
    """One that was made, decided or not.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    rows = await sql(
        f"{SUSPENSION} WHERE s.id = {{0}} AND s.appealed_at IS NOT NULL AND m.deactivated_at IS NULL", id
    )
    if not rows or not may_see_appeal(viewer, found := _card(rows[0])):
        raise NotFound
    return found


async def others_may_decide(viewer: Viewer, appeal: SuspensionCard) -> bool:
    """Whether somebody else, not suspended, might decide this one."""
    rows = await sql(
        f"""SELECT 1 FROM users u JOIN users m ON m.id = {{0}} WHERE {JUDGES} AND u.deactivated_at IS NULL
            AND (u.suspended_until IS NULL OR u.suspended_until < {{1}}) AND u.id <> {{2}} LIMIT 1""",
        appeal.member.id,
        now(),
        viewer.member_id,
    )
    return bool(rows)


def _card(row: dict[str, Any]) -> SuspensionCard:
    claimed_by_id, claimed_by_name = claimer(row)
    id, user_id, began = row["id"], row["user_id"], as_datetime(row["created_at"])
    return SuspensionCard(
        id=id,
        member=Standing(user_id, row["username"], bool(row["admin"]), bool(row["moderator"])),
        person=person_card(row),
        email=row["email"] or "",
        locale=row["locale"] or "",
        judge_id=row["suspended_by_id"],
        until=_until(row),
        reason=row["suspended_reason"] or "",
        message=row["message"],
        appealed_at=as_datetime(row["appealed_at"]) if row["appealed_at"] else None,
        open=bool(row["is_open"]),
        decision=Decision(row["decision"]) if row["decision"] else None,
        answer=row["reason"],
        claimed_by_id=claimed_by_id,
        claimed_by_name=claimed_by_name,
        link=[id, fingerprint(id, user_id, began.timestamp())],
    )


def _until(row: dict[str, Any]) -> datetime | None:
    """None when it is over: it has run out, was lifted, or another one has taken its place."""
    if row["replaced"] or row["suspended_until"] is None:
        return None
    until = as_datetime(row["suspended_until"])
    return until if until > now() else None
