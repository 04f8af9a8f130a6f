"""Groups as the viewer may know of them: a hidden one does not exist for whoever is outside."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.errors import NotFound
from forum.groups.models import Admission
from forum.i18n import gettext as _
from realtime.sql import as_datetime, sql

GROUPS_SHOWN = 50
MEMBERS_SHOWN = 100

# Of group `g`; {0} is the viewer's id (0 for none), {1} whether they see everything.
KNOWN = """(g.admission <> 'hidden' OR {1}
    OR EXISTS (SELECT 1 FROM group_users me WHERE me.group_id = g.id AND me.user_id = {0}))"""
GROUP = f"""SELECT g.id, g.name, g.full_name, g.description, g.admission,
    (SELECT COUNT(*) FROM group_users gu JOIN users u ON u.id = gu.user_id
        WHERE gu.group_id = g.id AND u.deactivated_at IS NULL) AS members_count,
    (SELECT COUNT(*) FROM group_users gu JOIN users u ON u.id = gu.user_id
        WHERE gu.group_id = g.id AND gu.owner AND u.deactivated_at IS NULL) AS owners_count,
    mine.id AS mine, mine.owner AS mine_owner
    FROM groups g LEFT JOIN group_users mine ON mine.group_id = g.id AND mine.user_id = {{0}}
    WHERE {KNOWN}"""


class GroupCard(Struct, frozen=True):
    """A group, and what the viewer is in it."""

    id: int
    name: str
    full_name: str
    description: str
    admission: Admission
    members_count: int
    owners_count: int
    member: bool
    owner: bool

    @property
    def title(self) -> str:
        """What people read."""
        return self.full_name or self.name


class MemberLine(Struct, frozen=True):
    """A member of a group."""

    person: PersonCard
    owner: bool


class RequestLine(Struct, frozen=True):
    """A wish to join, for the group's owners."""

    id: int
    person: PersonCard
    message: str
    at: datetime


class OwnRequest(Struct, frozen=True):
    """The viewer's own wish to join: `accepted` is None while it waits."""

    message: str
    at: datetime
    accepted: bool | None
    answer: str


async def groups_visible_to(viewer: Viewer, after: str = "", limit: int = GROUPS_SHOWN) -> list[GroupCard]:
    """The groups by their names.

    Args:
        after: only names that come later (the next page).
    """
    rows = await sql(f"{GROUP} AND g.name > {{2}} ORDER BY g.name LIMIT {limit:d}", *_who(viewer), after)
    return [_card(row) for row in rows]


async def groups_of_person(viewer: Viewer, user_id: int) -> list[GroupCard]:
    """The groups that a member is in, of those that the viewer may know of."""
    rows = await sql(
        f"""{GROUP} AND EXISTS (SELECT 1 FROM group_users gu WHERE gu.group_id = g.id AND gu.user_id = {{2}})
            ORDER BY g.name""",
        *_who(viewer),
        user_id,
    )
    return [_card(row) for row in rows]


async def group_visible_to(viewer: Viewer, name: str) -> GroupCard:
    """The group of that name.

    Raises:
        NotFound: there is none, or not for this viewer.
    """
    return await _one(viewer, "g.name = {2}", name.replace("\x00", ""))


async def group_numbered(viewer: Viewer, group_id: int) -> GroupCard:
    """The same, by its id."""
    return await _one(viewer, "g.id = {2}", group_id)


async def _one(viewer: Viewer, which: str, value: object) -> GroupCard:
    rows = await sql(f"{GROUP} AND {which}", *_who(viewer), value)
    if not rows:
        raise NotFound
    return _card(rows[0])


def _who(viewer: Viewer) -> tuple[int, bool]:
    return viewer.id or 0, viewer.admin


def _card(row: dict[str, Any]) -> GroupCard:
    return GroupCard(
        id=row["id"],
        name=row["name"],
        full_name=row["full_name"],
        description=row["description"],
        admission=Admission(row["admission"]),
        members_count=row["members_count"],
        owners_count=row["owners_count"],
        member=row["mine"] is not None,
        owner=bool(row["mine_owner"]),
    )


async def members_of(
    group: GroupCard, after: str = "", *, limit: int = MEMBERS_SHOWN, offset: int = 0
) -> list[MemberLine]:
    """The members by their names, for whoever may know of the group.

    Args:
        after: only user names, in small letters, that come later (the next page).
    """
    rows = await sql(
        f"""SELECT gu.user_id, gu.owner, {PERSON_COLUMNS}
            FROM group_users gu JOIN users u ON u.id = gu.user_id WHERE gu.group_id = {{0}}
            AND u.deactivated_at IS NULL AND u.username_lower > {{1}}
            ORDER BY u.username_lower LIMIT {limit:d} OFFSET {offset:d}""",
        group.id,
        after,
    )
    return [MemberLine(person_card(row), bool(row["owner"])) for row in rows]


async def owners_of(group: GroupCard) -> list[MemberLine]:
    """The group's owners, for whoever may know of it."""
    rows = await sql(
        f"""SELECT gu.user_id, gu.owner, {PERSON_COLUMNS}
            FROM group_users gu JOIN users u ON u.id = gu.user_id WHERE gu.group_id = {{0}}
            AND gu.owner AND u.deactivated_at IS NULL ORDER BY u.username_lower""",
        group.id,
    )
    return [MemberLine(person_card(row), True) for row in rows]


async def requests_to(group: GroupCard) -> list[RequestLine]:
    """The wishes to join that wait, for whoever chooses the group's members."""
    rows = await sql(
        f"""SELECT r.id, r.message, r.created_at, r.user_id, {PERSON_COLUMNS}
            FROM group_requests r JOIN users u ON u.id = r.user_id
            WHERE r.group_id = {{0}} AND r.decided_at IS NULL ORDER BY r.created_at, r.id""",
        group.id,
    )
    return [
        RequestLine(row["id"], person_card(row), row["message"], as_datetime(row["created_at"]))
        for row in rows
    ]


async def own_request(viewer: Viewer, group: GroupCard) -> OwnRequest | None:
    """The viewer's last wish to join this group."""
    rows = await sql(
        """SELECT message, created_at, accepted, answer FROM group_requests
            WHERE group_id = {0} AND user_id = {1}""",
        group.id,
        viewer.id or 0,
    )
    if not rows:
        return None
    accepted = rows[0]["accepted"]
    return OwnRequest(
        rows[0]["message"],
        as_datetime(rows[0]["created_at"]),
        None if accepted is None else bool(accepted),
        rows[0]["answer"],
    )


class GroupNews(Struct, frozen=True):
    """A wish to join as an alert: one that waits for its owner, or the viewer's own that was decided."""

    id: int
    group_name: str
    group_title: str
    person: PersonCard
    accepted: bool | None
    at: datetime
    read: bool


async def group_news_of(viewer: Viewer) -> list[GroupNews]:
    """What a member should know about groups, newest first: what `GROUP_NEWS` counts, and what was read."""
    rows = await sql(
        f"""SELECT r.id, g.name AS group_name, g.full_name, r.user_id, {PERSON_COLUMNS}, r.accepted,
            COALESCE(r.decided_at, r.created_at) AS at, r.read
            FROM group_requests r JOIN groups g ON g.id = r.group_id JOIN users u ON u.id = r.user_id
            WHERE (r.user_id = {{0}} AND r.decided_at IS NOT NULL) OR (r.decided_at IS NULL AND EXISTS
                (SELECT 1 FROM group_users o WHERE o.group_id = r.group_id AND o.user_id = {{0}} AND o.owner))
            ORDER BY r.id DESC LIMIT {GROUPS_SHOWN}""",
        viewer.id,
    )
    return [_news(row) for row in rows]


def _news(row: dict[str, Any]) -> GroupNews:
    accepted = row["accepted"]
    return GroupNews(
        id=row["id"],
        group_name=row["group_name"],
        group_title=row["full_name"] or row["group_name"],
        person=person_card(row),
        accepted=None if accepted is None else bool(accepted),
        at=as_datetime(row["at"]),
        read=bool(row["read"]),
    )


async def id_of_group(name: str) -> int:
    """The group of that name, for whoever sees all of them.

    Raises:
        NotFound: there is none; with a sentence.
    """
    rows = await sql("SELECT id FROM groups WHERE name = {0}", name)
    if not rows:
        raise NotFound(_("There is no group of that name."))
    return int(rows[0]["id"])
