"""Requests for an account: for the staff who decide, and for whoever asked."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import STAFF
from forum.clock import now
from forum.config import Config
from forum.errors import NotFound
from forum.links import LinkSpent, Payload, fingerprint, opened
from forum.reviewables.claims import claimer
from forum.signup_requests.permissions import may_see_requests
from forum.signup_requests.waiting import REQUEST_TABLES, UNDECIDED
from realtime.sql import as_datetime, sql

MOST = 100
# How long a request waits at the most; how long a refused one is kept, and its link lasts.
LONGEST_WAIT, KEPT_REFUSED = timedelta(days=60), timedelta(days=30)
APPEAL = "signup appeal"

REQUEST = f"""SELECT q.id, q.signup_id, q.motive, q.confirmed_at, q.is_open, q.claimed_by_id, q.claimed_at,
    q.decided_by_id, q.decided_at, q.reason, q.message, s.username, s.name, s.email, s.locale,
    s.password_hash, cu.name AS claimer_name, cu.username AS claimer_username
    FROM {REQUEST_TABLES} LEFT JOIN users cu ON cu.id = q.claimed_by_id"""


class RequestCard(Struct, frozen=True):
    """A request whose address is confirmed. `appeal` is what its link carries."""

    id: int
    signup_id: int
    username: str
    name: str
    email: str
    locale: str
    motive: str
    confirmed_at: datetime
    open: bool
    judge_id: int | None
    reason: str
    message: str
    claimed_by_id: int | None
    claimed_by_name: str
    appeal: Payload

    @property
    def refused(self) -> bool:
        """Decided: one that was approved is no request any more."""
        return not self.open

    @property
    def may_appeal(self) -> bool:
        """Refused, and not appealed before."""
        return self.refused and not self.message


async def request_visible_to(viewer: Viewer, id: int) -> RequestCard:
    """One of them.

    Raises:
        NotFound: there is none any more, or not for this viewer.
    """
    if may_see_requests(viewer):
        rows = await sql(f"{REQUEST} WHERE q.id = {{0}} AND ({UNDECIDED} OR q.decided_at IS NOT NULL)", id)
        if rows:
            return _card(rows[0])
    raise NotFound


async def requests_for(viewer: Viewer) -> list[RequestCard]:
    """Those that wait for a decision, oldest first, a hundred at the most; none for others than staff."""
    if not may_see_requests(viewer):
        return []
    rows = await sql(f"{REQUEST} WHERE {UNDECIDED} ORDER BY q.confirmed_at, q.id LIMIT {MOST}")
    return [_card(row) for row in rows]


async def request_of_signup(signup_id: int) -> RequestCard | None:
    """The request of a sign-up, if its address is confirmed."""
    rows = await sql(f"{REQUEST} WHERE s.id = {{0}} AND q.confirmed_at IS NOT NULL", signup_id)
    return _card(rows[0]) if rows else None


async def motive_of(signup_id: int) -> str:
    """What somebody said of themselves when they signed up; "" if they were not asked."""
    rows = await sql("SELECT motive FROM signup_requests WHERE signup_id = {0}", signup_id)
    return str(rows[0]["motive"]) if rows else ""


async def request_of_appeal(config: Config, token: str) -> RequestCard:
    """The refused request that a link of the mail is about, whatever has become of it since.

    Raises:
        LinkSpent: too old, not ours, or the account is open.
    """
    payload = opened(config, APPEAL, token, KEPT_REFUSED)
    found = await request_of_signup(int(payload[0])) if payload else None
    if found is None or payload != found.appeal:
        raise LinkSpent
    return found


async def others_may_decide(viewer: Viewer) -> bool:
    """Whether somebody else of the staff, not suspended, might decide."""
    rows = await sql(
        f"""SELECT 1 FROM users u WHERE {STAFF} AND u.deactivated_at IS NULL
            AND (u.suspended_until IS NULL OR u.suspended_until < {{0}}) AND u.id <> {{1}} LIMIT 1""",
        now(),
        viewer.member_id,
    )
    return bool(rows)


def _card(row: dict[str, Any]) -> RequestCard:
    claimed_by_id, claimed_by_name = claimer(row)
    return RequestCard(
        id=row["id"],
        signup_id=row["signup_id"],
        username=row["username"],
        name=row["name"],
        email=row["email"],
        locale=row["locale"],
        motive=row["motive"],
        confirmed_at=as_datetime(row["confirmed_at"]),
        open=bool(row["is_open"]),
        judge_id=row["decided_by_id"],
        reason=row["reason"],
        message=row["message"],
        claimed_by_id=claimed_by_id,
        claimed_by_name=claimed_by_name,
        appeal=[row["signup_id"], fingerprint(row["signup_id"], row["email"], row["password_hash"])],
    )
