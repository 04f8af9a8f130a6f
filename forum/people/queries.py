"""All accounts, for administrators: found by name or address, with what they are and how they are."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.clock import now
from forum.errors import NotFound
from realtime.sql import as_datetime, sql

PAGE_SIZE = 50
# A session ends after as long: before that, who was seen last week is known to have been.
SEEN_WITHIN = timedelta(days=30)

# Conditions on account `u`, where {2} is now and {3} when somebody must have been seen to be active.
ROLES = {
    "": "",
    "admin": "AND u.admin",
    "moderator": "AND u.moderator",
    "animator": """AND EXISTS (SELECT 1 FROM category_animators a WHERE a.user_id = u.id
        OR a.group_id IN (SELECT group_id FROM group_users gu WHERE gu.user_id = u.id))""",
}
STATES = {
    "": "",
    "suspended": "AND u.suspended_until > {2}",
    "silenced": "AND u.silenced_until > {2}",
    "inactive": """AND u.deactivated_at IS NULL AND NOT EXISTS (SELECT 1 FROM sessions s
        WHERE s.user_id = u.id AND s.last_seen_at > {3})""",
    "closed": "AND u.deactivated_at IS NOT NULL",
}
ACCOUNT = f"""SELECT u.id AS user_id, {PERSON_COLUMNS}, u.email, u.admin, u.moderator, u.created_at,
    u.suspended_until, u.silenced_until, u.deactivated_at, u.username_lower,
    (SELECT MAX(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id) AS seen_at,
    (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > {{2}}) AS sessions_count
    FROM users u"""


class Account(Struct, frozen=True):
    """An account as administrators see it: `seen_at` is None when nobody has been for thirty days."""

    person: PersonCard
    key: str
    email: str
    admin: bool
    moderator: bool
    created_at: datetime
    seen_at: datetime | None
    sessions_count: int
    suspended: bool
    silenced: bool
    closed: bool


async def accounts(text: str = "", role: str = "", state: str = "", after: str = "") -> list[Account]:
    """Accounts by their user names, fifty at a time.

    Args:
        text: a part of the user name, of the name or of the address; any case.
        role, state: keys of `ROLES` and `STATES`.
        after: only user names, in small letters, that come later (the next page).
    """
    rows = await sql(
        f"""{ACCOUNT} WHERE (u.username_lower LIKE {{0}} ESCAPE '!' OR LOWER(u.name) LIKE {{0}} ESCAPE '!'
                OR u.email LIKE {{0}} ESCAPE '!') AND u.username_lower > {{1}} {ROLES[role]} {STATES[state]}
            ORDER BY u.username_lower LIMIT {PAGE_SIZE}""",
        _pattern(text),
        after,
        now(),
        *([now() - SEEN_WITHIN] if state == "inactive" else []),
    )
    return [_account(row) for row in rows]


def _pattern(text: str) -> str:
    plain = text.replace("\x00", "").strip().lower()
    for sign in "!%_":
        plain = plain.replace(sign, f"!{sign}")
    return f"%{plain}%"


async def account_named(username: str) -> Account:
    """The account of that name, any case, also when it is closed.

    Raises:
        NotFound: there is none.
    """
    rows = await sql(
        f"{ACCOUNT} WHERE u.username_lower = {{0}} AND u.username_lower > {{1}}",
        username.replace("\x00", "").lower(),
        "",
        now(),
    )
    if not rows:
        raise NotFound
    return _account(rows[0])


def _account(row: dict[str, Any]) -> Account:
    return Account(
        person=person_card(row),
        key=row["username_lower"],
        email=row["email"] or "",
        admin=bool(row["admin"]),
        moderator=bool(row["moderator"]),
        created_at=as_datetime(row["created_at"]),
        seen_at=as_datetime(row["seen_at"]) if row["seen_at"] else None,
        sessions_count=row["sessions_count"],
        suspended=_still(row["suspended_until"]),
        silenced=_still(row["silenced_until"]),
        closed=row["deactivated_at"] is not None,
    )


def _still(until: Any) -> bool:
    return until is not None and as_datetime(until) > now()


async def animated_names(user_id: int) -> list[str]:
    """The themes that a member is named for, by themselves or through a group."""
    rows = await sql(
        """SELECT DISTINCT c.name FROM category_animators a JOIN categories c ON c.id = a.category_id
            WHERE a.user_id = {0} OR a.group_id IN (SELECT group_id FROM group_users WHERE user_id = {0})
            ORDER BY c.name""",
        user_id,
    )
    return [row["name"] for row in rows]
