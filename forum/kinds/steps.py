"""Writing a topic's typed fields: steps of the actions that open topics and revise them."""

from collections.abc import Mapping
from typing import Any

import orjson

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, require_none
from forum.i18n import gettext as _
from forum.kinds.registry import Kind, Typed, Values, read_each
from realtime.log import Record
from realtime.sql import places, sql


async def check_details(viewer: Viewer, kind: Kind, typed: Typed) -> Values:
    """What was typed, as values.

    Raises:
        Invalid: with a sentence for each field that does not do.
    """
    values, faults = read_each(kind, typed)
    together = await kind.check(viewer, values) if kind.check else {}
    require_none({**together, **faults})
    return values


async def write_details(record: Record, author: Viewer, kind: Kind, topic_id: int, values: Values) -> None:
    """The first version of a new topic's fields."""
    if not kind.table:
        return
    names = [one.name for one in kind.fields]
    columns = ", ".join(["topic_id", "version", "state", *names])
    await sql(
        f"INSERT INTO {kind.table} ({columns}) VALUES {places(0, 3 + len(names))}",
        topic_id, 1, "", *(values.get(name) for name in names),
    )  # fmt: skip
    await _keep(topic_id, 1, author.member_id, kind, values)
    await sql("UPDATE topics SET facts = {1} WHERE id = {0}", topic_id, facts_of(kind, values))
    if kind.written:
        await kind.written(record, author, topic_id, values)


async def replace_details(
    record: Record, editor: Viewer, kind: Kind, topic_id: int, values: Values, version: int
) -> None:
    """The next version.

    Raises:
        Conflict: somebody has changed them since the editor read this version.
    """
    changes = ", ".join(f"{one.name} = {{{n}}}" for n, one in enumerate(kind.fields, 2))
    rows = await sql(
        f"""UPDATE {kind.table} SET {changes}, version = version + 1
            WHERE topic_id = {{0}} AND version = {{1}} RETURNING state""",
        topic_id, version, *(values.get(one.name) for one in kind.fields),
    )  # fmt: skip
    if not rows:
        raise Conflict(_("Somebody has changed this while you were writing. Nothing is lost."))
    await _keep(topic_id, version + 1, editor.member_id, kind, values)
    await sql(
        "UPDATE topics SET facts = {1} WHERE id = {0}", topic_id, facts_of(kind, values, rows[0]["state"])
    )
    if kind.written:
        await kind.written(record, editor, topic_id, values)


async def _keep(topic_id: int, version: int, editor_id: int, kind: Kind, values: Values) -> None:
    kept = {one.name: values.get(one.name) for one in kind.fields}
    await sql(
        """INSERT INTO kind_revisions (topic_id, version, user_id, data, created_at)
            VALUES ({0}, {1}, {2}, {3}, {4})""",
        topic_id,
        version,
        editor_id,
        orjson.dumps(kept).decode(),
        now(),
    )


def facts_of(kind: Kind, values: Mapping[str, Any], state: str = "") -> str:
    """What a row of a list shows of a topic's fields, beside its title."""
    shown = {
        one.name: values[one.name]
        for one in kind.fields
        if (one.in_row or one.name in kind.ends) and values.get(one.name) is not None
    }
    return orjson.dumps(shown | ({"state": state} if state else {})).decode()


async def set_state(kind: Kind, topic_id: int, before: str, after: str) -> bool:
    """Move a topic from one state to the next, and its row in lists with it; False if it was in another."""
    rows = await sql(
        f"UPDATE {kind.table} SET state = {{2}} WHERE topic_id = {{0}} AND state = {{1}} RETURNING *",
        topic_id,
        before,
        after,
    )
    if rows:
        await sql(
            "UPDATE topics SET facts = {1}, version = version + 1 WHERE id = {0}",
            topic_id,
            facts_of(kind, rows[0], after),
        )
    return bool(rows)
