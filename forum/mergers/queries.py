"""Two organisations side by side, before one goes into the other."""

from msgspec import Struct

from forum.organisations.merging import Counts, Merge, steps
from forum.organisations.queries import (
    COLUMNS,
    OrganisationCard,
    Wanted,
    find_organisations,
    organisation_card,
)
from forum.organisations.siren import is_siren
from forum.text import MAX_ID
from realtime.sql import sql

FOUND = 10


class Moving(Struct, frozen=True):
    """What would move, of one sort: in words, and how many."""

    what: str
    counts: Counts


async def organisations_named(words: str) -> list[OrganisationCard]:
    """The first ten of a name; the one of a SIREN."""
    if is_siren(words.strip()):
        rows = await sql(
            f"SELECT {COLUMNS} FROM organisations o WHERE o.siren = {{0}} AND o.merged_into_id IS NULL",
            words.strip(),
        )
        return [organisation_card(row) for row in rows]
    return (await find_organisations(Wanted(words=words), FOUND)).organisations if words.strip() else []


async def organisation_numbered(number: int | None) -> OrganisationCard | None:
    """The organisation of that number; None when there is none, or it has gone into another."""
    if number is None or not 0 < number <= MAX_ID:
        return None
    rows = await sql(
        f"SELECT {COLUMNS} FROM organisations o WHERE o.id = {{0}} AND o.merged_into_id IS NULL", number
    )
    return organisation_card(rows[0]) if rows else None


async def merge_of(absorbed_id: int | None) -> Merge | None:
    """Where an organisation has gone; None where it has not."""
    if absorbed_id is None or not 0 < absorbed_id <= MAX_ID:
        return None
    rows = await sql(
        """SELECT a.id AS absorbed_id, a.name AS absorbed, o.id AS kept_id, o.name AS kept
            FROM organisations a JOIN organisations o ON o.id = a.merged_into_id WHERE a.id = {0}""",
        absorbed_id,
    )
    return Merge(**rows[0]) if rows else None


async def what_moves(absorbed: OrganisationCard, kept: OrganisationCard) -> list[Moving]:
    """How much of each sort both have."""
    merge = Merge(absorbed.id, absorbed.name, kept.id, kept.name)
    return [Moving(step.what(), await step.count(merge)) for step in steps()]
