"""Organisations as pages and programs show them: everybody may see the directory."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from forum.errors import NotFound
from forum.organisations.search import words_of
from realtime.sql import sql

LIST_SIZE = 30

COLUMNS = """o.id, o.kind, o.siren, o.code, o.name, o.slug, o.population, o.department, o.region,
    o.group_siren, o.latitude, o.longitude, o.site, o.domains, o.email"""


class OrganisationCard(Struct, frozen=True):
    """An organisation, as its page and lists show it. Viewer-neutral."""

    id: int
    kind: str
    siren: str | None
    code: str
    name: str
    slug: str
    population: int | None
    department: str
    region: str
    group_siren: str
    latitude: float | None
    longitude: float | None
    site: str
    domains: str
    email: str

    @property
    def path(self) -> str:
        """Its page."""
        return f"/o/{self.slug}"


class GroupOfCommunes(Struct, frozen=True):
    """The intermunicipal body of a commune, and how many communes it has."""

    name: str
    path: str
    population: int | None
    communes: int


class Wanted(Struct, frozen=True):
    """What one looks for in the directory; nothing means everything.

    Args:
        after: "rank:id" of the last row of the page before.
    """

    words: str = ""
    kind: str = ""
    department: str = ""
    band: tuple[int, int | None] | None = None
    after: str = ""


class Found(Struct, frozen=True):
    """A page of the directory, and where the next one goes on; "" at the end."""

    organisations: list[OrganisationCard]
    after: str


async def find_organisations(wanted: Wanted, limit: int = LIST_SIZE) -> Found:
    """A page of the directory: names that are or begin with what was typed come first, then by name."""
    arguments: list[object] = []

    def place(value: object) -> str:
        arguments.append(value)
        return f"{{{len(arguments) - 1}}}"

    words = words_of(wanted.words)
    rank = _rank(words, place)
    conditions = ["o.merged_into_id IS NULL", *_conditions(wanted, words, place)]
    if wanted.after:
        conditions.append(await _from(wanted.after, rank, place))
    rows = await sql(
        f"""SELECT {COLUMNS}, {rank} AS rank FROM organisations o WHERE {" AND ".join(conditions)}
            ORDER BY rank, o.name_key, o.id LIMIT {limit + 1:d}""",
        *arguments,
    )
    shown = rows[:limit]
    after = f"{shown[-1]['rank']}:{shown[-1]['id']}" if len(rows) > limit else ""
    return Found([organisation_card(row) for row in shown], after)


def _rank(words: Sequence[str], place: Any) -> str:
    """0 for the name itself, 1 for one that begins so, 2 for the rest; words are letters and figures."""
    if not words:
        return "0"
    typed = " ".join(words)
    return f"""CASE WHEN o.name_key = {place(typed)} THEN 0
        WHEN o.name_key LIKE {place(typed + "%")} THEN 1 ELSE 2 END"""


def _conditions(wanted: Wanted, words: Sequence[str], place: Any) -> list[str]:
    found = [f"o.name_key LIKE {place(f'%{word}%')}" for word in words]
    if wanted.words.strip() and not words:
        found.append("1 = 0")
    if wanted.kind:
        found.append(f"o.kind = {place(wanted.kind)}")
    if wanted.department:
        found.append(f"o.department = {place(wanted.department)}")
    if wanted.band is not None:
        found.append(f"o.population >= {place(wanted.band[0])}")
        if wanted.band[1] is not None:
            found.append(f"o.population <= {place(wanted.band[1])}")
    return found


async def _from(after: str, rank: str, place: Any) -> str:
    """Behind the last row of the page before.

    Raises:
        NotFound: no page ends there.
    """
    number, _, last = after.partition(":")
    if not (number in ("0", "1", "2") and last.isascii() and last.isdigit() and len(last) < 10):
        raise NotFound
    rows = await sql("SELECT name_key FROM organisations WHERE id = {0}", int(last))
    if not rows:
        raise NotFound
    key = place(rows[0]["name_key"])
    return f"({rank}, o.name_key, o.id) > ({number}, {key}, {place(int(last))})"


async def organisation_at(slug: str) -> OrganisationCard:
    """The organisation of an address; of one that was merged, the one in which it has gone.

    Raises:
        NotFound: there is none.
    """
    if "\x00" in slug:
        raise NotFound
    rows = await sql(
        f"""SELECT {COLUMNS} FROM organisations a
            JOIN organisations o ON o.id = COALESCE(a.merged_into_id, a.id) WHERE a.slug = {{0}}""",
        slug,
    )
    if not rows:
        raise NotFound
    return organisation_card(rows[0])


def organisation_card(row: dict[str, Any]) -> OrganisationCard:
    """A row of `COLUMNS` as a card."""
    return OrganisationCard(**{name: row[name] for name in OrganisationCard.__struct_fields__})


async def group_of(organisation: OrganisationCard) -> GroupOfCommunes | None:
    """The intermunicipal body of a commune, if it is in the directory."""
    if not organisation.group_siren:
        return None
    rows = await sql(
        """SELECT g.name, g.slug, g.population,
                (SELECT COUNT(*) FROM organisations c WHERE c.group_siren = g.siren
                    AND c.merged_into_id IS NULL) AS communes FROM organisations g WHERE g.siren = {0}""",
        organisation.group_siren,
    )
    if not rows:
        return None
    row = rows[0]
    return GroupOfCommunes(row["name"], f"/o/{row['slug']}", row["population"], row["communes"])


async def departments() -> list[str]:
    """The départements in which there are organisations."""
    rows = await sql(
        """SELECT DISTINCT department FROM organisations WHERE department <> '' AND merged_into_id IS NULL
            ORDER BY department"""
    )
    return [row["department"] for row in rows]
