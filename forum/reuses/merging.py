"""What a merge of organisations does to what both took up: two records about one item become one."""

from collections.abc import Collection, Mapping
from typing import Any

from forum.channels import public_lists, topic_channel
from forum.i18n import gettext as _
from forum.organisations.merging import Merge, Step, counts_rows, moves
from forum.reuses.fields import FIELDS, NAMES, SHOWN
from forum.reuses.models import ReuseState
from forum.reuses.queries import descends_from
from forum.reuses.steps import forget_empty_alerts, links_of, recount_reuses
from realtime.log import Record
from realtime.sql import as_datetime, sql

# How far an organisation has come: one where it serves has gone further than one that gave it up.
RANK = {
    ReuseState.ABANDONED: 0,
    ReuseState.STUDIED: 1,
    ReuseState.TESTING: 2,
    ReuseState.IN_SERVICE: 3,
}
COLUMNS = ", ".join(("id", "user_id", "taken_from_id", "version", "created_at", "updated_at", *NAMES))

Row = Mapping[str, Any]


async def _topics(merge: Merge) -> Collection[int]:
    rows = await sql(
        """SELECT DISTINCT p.topic_id FROM reuses r JOIN posts p ON p.id = r.post_id
            WHERE r.organisation_id = {0}""",
        merge.absorbed_id,
    )
    return [row["topic_id"] for row in rows]


async def _move(merge: Merge, record: Record) -> None:
    items = await sql(
        """SELECT r.post_id, p.topic_id, p.post_number, t.category_id FROM reuses r
            JOIN posts p ON p.id = r.post_id JOIN topics t ON t.id = p.topic_id
            WHERE r.organisation_id = {0} ORDER BY r.id""",
        merge.absorbed_id,
    )
    for item in items:
        post_id, topic_id = item["post_id"], item["topic_id"]
        await _move_one(merge, post_id)
        await recount_reuses(topic_id)
        await forget_empty_alerts(post_id, record)
        lists = await public_lists(item["category_id"]) if item["post_number"] == 1 else []
        for channel in (topic_channel(topic_id), *lists):
            record(channel, "reuse.changed", topic_id=topic_id, post_id=post_id)


async def _move_one(merge: Merge, post_id: int) -> None:
    gone = await _record(post_id, merge.absorbed_id)
    own = await _record(post_id, merge.kept_id)
    if gone is not None and own is not None:
        await _join(merge, post_id, gone, own)
    else:
        await sql(
            "UPDATE reuses SET organisation_id = {2} WHERE post_id = {0} AND organisation_id = {1}",
            post_id,
            merge.absorbed_id,
            merge.kept_id,
        )


async def _record(post_id: int, organisation_id: int) -> Row | None:
    rows = await sql(
        f"SELECT {COLUMNS} FROM reuses WHERE post_id = {{0}} AND organisation_id = {{1}}",
        post_id,
        organisation_id,
    )
    return rows[0] if rows else None


async def _join(merge: Merge, post_id: int, gone: Row, own: Row) -> None:
    """One record of two: what the further one says, and beside it all that only the other said."""
    further = RANK[ReuseState(gone["state"])] > RANK[ReuseState(own["state"])]
    lead, other, name = (gone, own, merge.kept) if further else (own, gone, merge.absorbed)
    values = joined_values(lead, other, name)
    source = joined_source(await links_of(post_id), own["id"], gone["id"], lead["id"])
    await sql("UPDATE reuses SET taken_from_id = {1} WHERE taken_from_id = {0}", gone["id"], own["id"])
    await sql("DELETE FROM reuses WHERE id = {0}", gone["id"])
    changes = ", ".join(f"{column} = {{{n}}}" for n, column in enumerate(NAMES, 6))
    await sql(
        f"""UPDATE reuses SET user_id = {{1}}, taken_from_id = {{2}}, version = {{3}}, created_at = {{4}},
            updated_at = {{5}}, {changes} WHERE id = {{0}}""",
        own["id"],
        lead["user_id"],
        source,
        max(own["version"], gone["version"]) + 1,
        min(as_datetime(own["created_at"]), as_datetime(gone["created_at"])),
        max(as_datetime(own["updated_at"]), as_datetime(gone["updated_at"])),
        *(values[column] for column in NAMES),
    )


def joined_values(lead: Row, other: Row, name: str) -> dict[str, Any]:
    """The fields of one record made of two; nothing that either says is lost.

    Args:
        lead: the record that has come further.
        name: the organisation of the other one: what has no field left stands under it, with the changes.
    """
    values = {one: lead[one] if lead[one] not in (None, "") else other[one] for one in NAMES}
    values["since"] = max(filter(None, (lead["since"], other["since"])), default=None)
    values["changes"], values["reason"] = lead["changes"], lead["reason"]
    told = [other["changes"]] if other["changes"] not in (None, "", lead["changes"]) else []
    if other["reason"] and lead["state"] == ReuseState.ABANDONED and not lead["reason"]:
        values["reason"] = other["reason"]
    for one in FIELDS:
        said = other[one.name]
        if one.name in ("state", "since", "changes") or said in (None, "", values[one.name]):
            continue
        told.append(_("%(label)s: %(words)s") % {"label": SHOWN[one.name](), "words": one.show(said)})
    if told:
        values["changes"] = "\n\n".join(filter(None, (lead["changes"], "\n".join((name, *told)))))
    return values


def joined_source(links: Mapping[int, int | None], own: int, gone: int, lead: int) -> int | None:
    """From whom the one record has it: from whom the lead had it, unless that was itself or came from it.

    Args:
        links: of each record of the item, the one that it was taken from.
        own, gone: the record that stays, and the one that goes into it; `lead` is one of them.
    """
    one = {record: own if source == gone else source for record, source in links.items() if record != gone}
    one[own] = None
    for record in (lead, gone if lead == own else own):
        source = links[record]
        if source is None:
            return None
        if source not in (own, gone) and not descends_from(one, source, own):
            return source
    return None


moves(
    Step(
        "reuses",
        "organisation_id",
        what=lambda: _("Reuses"),
        count=counts_rows("reuses", "organisation_id", within="post_id"),
        move=_move,
        topics=_topics,
    )
)
