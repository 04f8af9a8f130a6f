"""The typed fields of topics: read for a page, for a form, through their history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.categories.queries import ids
from forum.kinds.fields import Field, typed_as
from forum.kinds.registry import Details, Kind, kind_of
from forum.posts.history import difference
from forum.stored import object_in
from realtime.sql import as_datetime, sql

# The types of field in which one writes in one's own words.
PROSE = ("line", "text")


class FieldChange(Struct, frozen=True):
    """What an edit made of one field."""

    label: str
    difference: Markup


class FieldsVersion(Struct, frozen=True):
    """One version of a topic's fields: who left them so, and what differs from the version before."""

    version: int
    editor: PersonCard
    at: datetime
    changes: list[FieldChange]


async def details_of(kind_name: str, topic_id: int) -> Details | None:
    """The fields of a topic, whoever looks; None when its kind has none."""
    kind = kind_of(kind_name)
    if not kind.table:
        return None
    rows = await sql(f"SELECT * FROM {kind.table} WHERE topic_id = {{0}}", topic_id)
    if not rows:
        return None
    row = rows[0]
    return Details(
        kind,
        topic_id,
        row["version"],
        row["state"],
        {one.name: row[one.name] for one in kind.fields},
        await kind.beside(topic_id) if kind.beside else {},
    )


async def prose_of(kind_name: str, topic_ids: Sequence[int]) -> dict[int, str]:
    """What people wrote in the fields of topics of a kind, for the search: topic id → its lines and texts."""
    kind = kind_of(kind_name)
    names = [one.name for one in kind.fields if one.type in PROSE]
    if not names or not topic_ids:
        return {}
    wanted = ids(frozenset(topic_ids))
    rows = await sql(f"SELECT topic_id, {', '.join(names)} FROM {kind.table} WHERE topic_id IN ({wanted})")
    return {row["topic_id"]: "\n".join(filter(None, (row[name] for name in names))) for row in rows}


async def versions_of(kind: Kind, topic_id: int) -> list[FieldsVersion]:
    """The history of a topic's fields, latest first."""
    rows = await sql(
        f"""SELECT r.version, r.data, r.created_at, u.id AS user_id, {PERSON_COLUMNS}
            FROM kind_revisions r JOIN users u ON u.id = r.user_id
            WHERE r.topic_id = {{0}} ORDER BY r.version""",
        topic_id,
    )
    found: list[FieldsVersion] = []
    before: Mapping[str, Any] = {}
    for row in rows:
        values = object_in(row["data"], "kind_revisions", "data")
        changes = [
            FieldChange(one.label(), _change(one, before, values))
            for one in kind.fields
            if one.asked and before.get(one.name) != values.get(one.name)
        ]
        found.append(FieldsVersion(row["version"], person_card(row), as_datetime(row["created_at"]), changes))
        before = values
    return found[::-1]


async def typed_at(kind: Kind, topic_id: int, version: int) -> dict[str, str]:
    """What a form showed of a version; empty when it is not there."""
    rows = await sql(
        "SELECT data FROM kind_revisions WHERE topic_id = {0} AND version = {1}", topic_id, version
    )
    values = object_in(rows[0]["data"], "kind_revisions", "data") if rows else {}
    return {one.name: typed_as(values.get(one.name)) for one in kind.fields if rows}


def _change(one: Field, before: Mapping[str, Any], after: Mapping[str, Any]) -> Markup:
    return difference(one.show(before.get(one.name)), one.show(after.get(one.name)))
