"""Members as others see them, and the viewer behind a session or a key."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from forum.accounts.addresses import email_address
from forum.accounts.fields import USERNAME
from forum.accounts.nobody import NOBODY, shown_name
from forum.accounts.viewer import Silence, Viewer, visitor
from forum.categories.queries import Rights, themes
from forum.clock import now
from forum.errors import NotFound
from forum.factors.held_back import HELD_BACK
from forum.groups.waiting import GROUP_NEWS
from forum.i18n import gettext as _
from forum.reviewables.waiting import WAITING_FOR
from forum.zones import zone_named
from realtime.sql import as_datetime, at_once, filled_up, places, sql

# What somebody may do depends on these; pages show the others beside.
RIGHTS_COLUMNS = f"""u.id, u.username, u.name, u.admin, u.moderator, u.locale, u.time_zone, u.suspended_until,
    u.silenced_until, u.silenced_reason, u.charter_version,
    CASE WHEN u.admin OR u.moderator THEN {HELD_BACK} ELSE FALSE END AS held_back,
    (SELECT version FROM site WHERE id = 1) AS site_version"""
VIEWER_COLUMNS = f"""{RIGHTS_COLUMNS}, {WAITING_FOR} AS waiting,
    NOT EXISTS (SELECT 1 FROM posts mine WHERE mine.user_id = u.id) AS novice,
    (SELECT COUNT(*) FROM notifications n WHERE n.user_id = u.id AND NOT n.read) + {GROUP_NEWS} AS unread"""

# Of user `u`, whose id is selected as `user_id` beside them, for `person_card`.
PERSON_COLUMNS = "u.username, u.name, u.title AS person_title, u.affiliation, u.picture"


class PersonCard(Struct, frozen=True):
    """A member on a page: no address, nothing private."""

    id: int
    username: str
    name: str
    title: str
    affiliation: str
    picture: str = ""

    @property
    def initials(self) -> str:
        """Two letters for the face: of the first and last words of the name."""
        words = self.name.split() or [self.username]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @property
    def gone(self) -> bool:
        """Whether the account was erased: then there is no page of it."""
        return self.username == NOBODY

    def picture_at(self, size: int) -> str:
        """The address of the picture, in a square of that many pixels or the next size up."""
        return f"/uploads/pictures/{self.picture}/{size}.webp"


def person_card(row: Mapping[str, Any]) -> PersonCard:
    """Of a row with `user_id` and the `PERSON_COLUMNS`."""
    name = shown_name(row["name"], row["username"])
    return PersonCard(
        row["user_id"], row["username"], name, row["person_title"], row["affiliation"], row["picture"]
    )


async def viewer_of_session(token_hash: str, default_locale: str) -> Viewer | None:
    """The member behind a session's token, or None if it has ended or the account is stopped."""
    return await at_once(partial(_viewer_of_session, token_hash, default_locale), brief=True)


async def _viewer_of_session(token_hash: str, default_locale: str) -> Viewer | None:
    rows = await sql(
        f"""SELECT {VIEWER_COLUMNS}, s.id AS session_id, s.last_seen_at
            FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.token_hash = {{0}} AND s.expires_at > {{1}} AND u.deactivated_at IS NULL""",
        token_hash,
        now(),
    )
    return await _viewer(rows, default_locale, "session")


async def hearers_of_sessions(asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Viewer | None]:
    """The members behind many sessions' tokens, for who only listens: without what pages count for them.

    Args:
        asked: tokens' hashes, each with a default locale.

    Returns:
        For each that was asked a viewer with their groups, or None as `viewer_of_session` would.
    """
    return await at_once(partial(_hearers_of_sessions, asked), brief=True)


async def _hearers_of_sessions(asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Viewer | None]:
    hashes = filled_up([token_hash for token_hash, _locale in asked])
    rows = await sql(
        f"""SELECT {RIGHTS_COLUMNS}, s.id AS session_id, s.token_hash
            FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.expires_at > {{0}} AND u.deactivated_at IS NULL
                AND s.token_hash IN {places(1, len(hashes))}""",
        now(),
        *hashes,
    )
    found, groups = {row["token_hash"]: row for row in rows}, await _groups_of_all(rows)
    return {
        (token_hash, locale): await _hearer(found.get(token_hash), groups, locale)
        for token_hash, locale in asked
    }


async def _hearer(
    row: dict[str, Any] | None, groups: Mapping[int, frozenset[int]], locale: str
) -> Viewer | None:
    if row is None:
        return None
    return await _viewer([row], locale, "session", groups.get(row["id"], frozenset()))


async def _groups_of_all(members: Sequence[Mapping[str, Any]]) -> dict[int, frozenset[int]]:
    ids = filled_up([row["id"] for row in members])
    if not ids:
        return {}
    rows = await sql(
        f"SELECT user_id, group_id FROM group_users WHERE user_id IN {places(0, len(ids))}", *ids
    )
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["user_id"], set()).add(row["group_id"])
    return {user_id: frozenset(groups) for user_id, groups in found.items()}


async def viewer_of_session_id(session_id: int, default_locale: str) -> Viewer | None:
    """The same, for a session that has been looked up before."""
    rows = await sql(
        f"""SELECT {VIEWER_COLUMNS}, s.id AS session_id FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.id = {{0}} AND s.expires_at > {{1}} AND u.deactivated_at IS NULL""",
        session_id,
        now(),
    )
    return await _viewer(rows, default_locale, "session")


async def viewer_of_user(username: str, default_locale: str, via: str = "key") -> Viewer | None:
    """The member of that name (any case), as a viewer; None if there is none who may act."""
    if "\x00" in username:
        return None
    rows = await sql(
        f"""SELECT {VIEWER_COLUMNS} FROM users u
            WHERE u.username_lower = {{0}} AND u.deactivated_at IS NULL""",
        username.lower(),
    )
    return await _viewer(rows, default_locale, via)


async def viewer_of_id(user_id: int, default_locale: str) -> Viewer | None:
    """The member of that id, as a viewer."""
    rows = await sql(
        f"SELECT {VIEWER_COLUMNS} FROM users u WHERE u.id = {{0}} AND u.deactivated_at IS NULL", user_id
    )
    return await _viewer(rows, default_locale, "key")


async def a_visitor(locale: str) -> Viewer:
    """A viewer who has not signed in."""
    return visitor(await themes(), locale)


async def _viewer(
    rows: list[dict[str, Any]], default_locale: str, via: str, groups: frozenset[int] | None = None
) -> Viewer | None:
    if not rows or _suspended(rows[0]):
        return None
    row = rows[0]
    snapshot, seen_at = await themes(row["site_version"] or 0), row.get("last_seen_at")
    if groups is None:
        groups = await groups_of(row["id"]) if snapshot.asks_for_groups else frozenset()
    silence, held_back = _silence(row), _held_back(row, via)
    rights = snapshot.rights(groups, all_seeing=bool(row["admin"]) and not held_back)
    return Viewer(
        id=row["id"],
        username=row["username"],
        name=row["name"] or row["username"],
        admin=bool(row["admin"]) and not held_back,
        moderator=bool(row["moderator"]) and not held_back,
        locale=row["locale"] or default_locale,
        rights=Rights(see=rights.see) if silence else rights,
        themes=snapshot,
        time_zone=zone_named(row["time_zone"]),
        unread=row.get("unread", 0),
        waiting=row.get("waiting", 0),
        held_back=held_back,
        silenced=silence,
        session_id=row.get("session_id"),
        session_seen_at=as_datetime(seen_at) if seen_at else None,
        via=via,
        groups=groups,
        animates=frozenset() if silence else snapshot.animated_by(row["id"], groups),
        charter_due=row["charter_version"] < snapshot.face.charter_version,
        novice=bool(row.get("novice")),
    )


def _held_back(row: dict[str, Any], via: str) -> bool:
    """At a browser only: a program's key is no password that somebody chose and could be talked out of."""
    return via == "session" and bool(row["held_back"])


def _suspended(row: dict[str, Any]) -> bool:
    return row["suspended_until"] is not None and as_datetime(row["suspended_until"]) > now()


def _silence(row: dict[str, Any]) -> Silence | None:
    if row["silenced_until"] is None or as_datetime(row["silenced_until"]) <= now():
        return None
    return Silence(as_datetime(row["silenced_until"]), row["silenced_reason"] or "")


async def groups_of(user_id: int) -> frozenset[int]:
    """The ids of a member's groups."""
    rows = await sql("SELECT group_id FROM group_users WHERE user_id = {0}", user_id)
    return frozenset(row["group_id"] for row in rows)


async def person_named(username: str, *, closed: bool = False) -> PersonCard:
    """The member of that name, any case.

    Args:
        closed: also one whose account is closed (for administrators).

    Raises:
        NotFound: there is none.
    """
    if "\x00" in username or username.lower() == NOBODY:
        raise NotFound
    rows = await sql(
        f"""SELECT id, username, name, title, affiliation, picture FROM users
            WHERE username_lower = {{0}}{"" if closed else " AND deactivated_at IS NULL"}""",
        username.lower(),
    )
    if not rows:
        raise NotFound
    return PersonCard(**rows[0])


class Standing(Struct, frozen=True):
    """An account as the rules about it look at it, also when it is stopped."""

    id: int
    username: str
    admin: bool
    moderator: bool

    @property
    def staff(self) -> bool:
        """True for moderators and administrators."""
        return self.admin or self.moderator


async def standing_of(user_id: int) -> Standing:
    """The account of that id.

    Raises:
        NotFound: there is none.
    """
    rows = await sql("SELECT id, username, admin, moderator FROM users WHERE id = {0}", user_id)
    if not rows:
        raise NotFound
    row = rows[0]
    return Standing(row["id"], row["username"], bool(row["admin"]), bool(row["moderator"]))


async def id_of_member(username: str) -> int:
    """The id of the account of that name (any case), also when it is stopped.

    Raises:
        NotFound: there is none; with a sentence.
    """
    rows = await sql("SELECT id FROM users WHERE username_lower = {0}", username.lower())
    if not rows or username.lower() == NOBODY:
        raise NotFound(_("There is no member of that name."))
    return int(rows[0]["id"])


def login_of(text: str) -> str:
    """A name or an address as it may stand in the tables; "" when no column can hold it."""
    login = text.strip().lower()
    if "@" in login:
        return email_address(login) or ""
    return login if USERNAME.fullmatch(login) else ""


async def is_called(user_id: int, login: str) -> bool:
    """Whether a login is this member's."""
    found = await sql(
        "SELECT 1 FROM users WHERE id = {0} AND (username_lower = {1} OR email = {1})",
        user_id,
        login_of(login),
    )
    return bool(found)


class WaitingSignup(Struct, frozen=True):
    """Somebody who is no member yet.

    `asked` once the address is confirmed where staff decide, `refused` once they have said no.
    """

    id: int
    password_hash: str
    asked: bool
    refused: bool


async def signup_waiting(login: str) -> WaitingSignup | None:
    """The last sign-up under a name or an address."""
    column = "email" if "@" in login else "username_lower"
    rows = await sql(
        f"""SELECT s.id, s.password_hash, q.confirmed_at IS NOT NULL AS confirmed, q.is_open
            FROM signups s LEFT JOIN signup_requests q ON q.signup_id = s.id
            WHERE s.{column} = {{0}} ORDER BY s.id DESC LIMIT 1""",
        login,
    )
    if not rows:
        return None
    row, asked = rows[0], bool(rows[0]["confirmed"])
    return WaitingSignup(row["id"], row["password_hash"], asked, asked and not row["is_open"])


async def is_taken(username: str) -> bool:
    """Whether a member has this name, in any case; anybody may see that."""
    return bool(await sql("SELECT 1 FROM users WHERE username_lower = {0}", username.lower()))


async def known_usernames(names: set[str]) -> dict[str, tuple[int, str]]:
    """Of these lower-cased names, those that exist: name → (id, name as written)."""
    names = names - {NOBODY}
    if not names:
        return {}
    marks = ", ".join(f"{{{i}}}" for i in range(len(names)))
    rows = await sql(
        f"SELECT id, username, username_lower FROM users WHERE username_lower IN ({marks})", *sorted(names)
    )
    return {row["username_lower"]: (row["id"], row["username"]) for row in rows}
