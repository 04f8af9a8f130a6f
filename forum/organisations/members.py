"""Who works where: what other slices ask of organisations."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.clock import now
from forum.errors import NotFound
from realtime.sql import as_datetime, sql

MEMBERS_SHOWN = 50
# For how long a proof is good, and a colleague's word.
BADGE = timedelta(days=365)


class Affiliation(Struct, frozen=True):
    """The organisation that a member signs with; `id` is the organisation's."""

    id: int
    slug: str
    name: str
    kind: str
    population: int | None
    department: str
    verified: bool


class Membership(Struct, frozen=True):
    """A member's own function in one organisation; `vouches` are those that count now."""

    id: int
    organisation_id: int
    slug: str
    name: str
    kind: str
    population: int | None
    domains: tuple[str, ...]
    has_address: bool
    function: str
    main: bool
    verified_by: str
    verified_until: datetime | None
    vouches: int

    @property
    def verified(self) -> bool:
        """Whether the badge holds at this moment."""
        return self.verified_until is not None and self.verified_until > now()


class Colleague(Struct, frozen=True):
    """A member of an organisation, as its page shows them; `membership_id` is what one vouches for."""

    membership_id: int
    person: PersonCard
    function: str
    verified: bool


async def organisation_of(user_id: int) -> Affiliation | None:
    """The organisation that a member signs with, verified or not; None without one."""
    return (await affiliations([user_id])).get(user_id)


async def affiliations(user_ids: Iterable[int]) -> dict[int, Affiliation]:
    """The same of several members: their ids → their organisations; those without one are left out."""
    wanted = ids(frozenset(user_ids))
    rows = await sql(
        f"""SELECT m.user_id, o.id, o.slug, o.name, o.kind, o.population, o.department, m.verified_until
            FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id
            WHERE m.main AND m.user_id IN ({wanted})"""
    )
    return {row["user_id"]: _affiliation(row) for row in rows}


def _affiliation(row: Mapping[str, Any]) -> Affiliation:
    return Affiliation(
        row["id"], row["slug"], row["name"], row["kind"], row["population"], row["department"], _holds(row)
    )


def _holds(row: Mapping[str, Any]) -> bool:
    return row["verified_until"] is not None and as_datetime(row["verified_until"]) > now()


def counted_vouches(at: str, since: str) -> str:
    """How many words for membership `m` count, in SQL: those of a year, of colleagues whose badge holds.

    Args:
        at, since: the present moment, and a year before, in SQL.
    """
    return f"""(SELECT COUNT(*) FROM organisation_vouches v
        JOIN organisation_members w ON w.user_id = v.user_id AND w.organisation_id = m.organisation_id
            AND w.verified_until > {at}
        WHERE v.membership_id = m.id AND v.created_at > {since})"""


MEMBERSHIP = f"""SELECT m.id, m.organisation_id, o.slug, o.name, o.kind, o.population, o.domains,
        o.email <> '' AS has_address, m.function, m.main, m.verified_by, m.verified_until,
        {counted_vouches("{1}", "{2}")} AS vouches
    FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id"""


async def memberships_of(viewer: Viewer) -> list[Membership]:
    """The viewer's own organisations, the one that they sign with first."""
    rows = await sql(
        f"{MEMBERSHIP} WHERE m.user_id = {{0}} ORDER BY m.main DESC, o.name_key, m.id",
        viewer.member_id,
        now(),
        now() - BADGE,
    )
    return [_membership(row) for row in rows]


async def own_membership(viewer: Viewer, membership_id: int) -> Membership:
    """One of the viewer's own.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = await membership_of(viewer.member_id, membership_id)
    if found is None:
        raise NotFound
    return found


async def membership_of(user_id: int, membership_id: int) -> Membership | None:
    """The same of a member; None when there is none, or it is somebody else's."""
    rows = await sql(
        f"{MEMBERSHIP} WHERE m.id = {{0}} AND m.user_id = {{3}}", membership_id, now(), now() - BADGE, user_id
    )
    return _membership(rows[0]) if rows else None


def _membership(row: dict[str, Any]) -> Membership:
    until = row.pop("verified_until")
    row.update(
        domains=tuple(row["domains"].split()), has_address=bool(row["has_address"]), main=bool(row["main"])
    )
    return Membership(**row, verified_until=as_datetime(until) if until else None)


async def colleagues_in(organisation_id: int) -> list[Colleague]:
    """The members of an organisation by their names, the first fifty."""
    rows = await sql(
        f"""SELECT m.id, m.user_id, m.function, m.verified_until, {PERSON_COLUMNS}
            FROM organisation_members m JOIN users u ON u.id = m.user_id
            WHERE m.organisation_id = {{0}} AND u.deactivated_at IS NULL
            ORDER BY u.username_lower LIMIT {MEMBERS_SHOWN}""",
        organisation_id,
    )
    return [Colleague(row["id"], person_card(row), row["function"], _holds(row)) for row in rows]


async def is_verified_in(viewer: Viewer, organisation_id: int) -> bool:
    """Whether the viewer is a verified member of an organisation: then their word counts there."""
    rows = await sql(
        """SELECT 1 FROM organisation_members WHERE user_id = {0} AND organisation_id = {1}
            AND verified_until > {2}""",
        viewer.id or 0,
        organisation_id,
        now(),
    )
    return bool(rows)
