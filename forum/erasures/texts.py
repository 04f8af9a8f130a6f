"""Where a member's name stands in what others wrote, table by table: found, and taken out."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from msgspec import Struct

from forum.channels import public_lists, topic_channel
from forum.erasures.names import FormerName
from forum.errors import Invalid
from forum.kinds.registry import kinds
from forum.personal import BATCH
from forum.posts.text import cook_post
from forum.stored import object_in
from realtime.log import Record
from realtime.sql import sql

Row = dict[str, Any]
Columns = dict[str, str]
Rewrite = Callable[[FormerName, Row], Awaitable[Columns]]
Tell = Callable[[Row, Record], Awaitable[None]]


async def _each(name: FormerName, row: Row) -> Columns:
    """Every column by itself."""
    return {column: name.out_of(text) for column, text in row.items() if isinstance(text, str)}


async def _cooked_again(name: FormerName, row: Row) -> Columns:
    """The text, and what is cooked from it; what cannot be cooked here is changed as it is."""
    raw = name.out_of(row["raw"])
    try:
        cooked = (await cook_post(raw, row["topic_id"], post_id=row["id"])).html
    except Invalid:
        cooked = row["cooked"]
    return {"raw": raw, "cooked": name.out_of(cooked)}


async def _fields(name: FormerName, row: Row) -> Columns:
    """The texts within a draft."""
    fields = object_in(row["data"], "drafts", "data")
    return {"data": orjson.dumps({field: name.out_of(text) for field, text in fields.items()}).decode()}


async def _post_changed(row: Row, record: Record) -> None:
    ids = {"topic_id": row["topic_id"], "post_id": row["id"], "post_number": row["post_number"]}
    await sql("UPDATE topics SET version = version + 1 WHERE id = {0}", row["topic_id"])
    record(topic_channel(row["topic_id"]), "post.revised", **ids)


async def _topic_changed(row: Row, record: Record) -> None:
    await sql("UPDATE topics SET version = version + 1 WHERE id = {0}", row["id"])
    for channel in (topic_channel(row["id"]), *await public_lists(row["category_id"])):
        record(channel, "topic.revised", topic_id=row["id"])


async def _nobody_looks(row: Row, record: Record) -> None:
    pass


class Texts(Struct, frozen=True):
    """Some columns of a table, how they are rewritten, and who is told.

    Args:
        columns: where the name is looked for.
        needs: what else `rewrite` and `tell` ask of a row.
    """

    table: str
    columns: tuple[str, ...]
    needs: tuple[str, ...] = ()
    rewrite: Rewrite = _each
    tell: Tell = _nobody_looks

    async def rows_after(self, name: FormerName, after: int) -> list[Row]:
        """A batch of the rows that may hold the name."""
        patterns = name.patterns()
        likes = " OR ".join(
            f"LOWER({column}) LIKE {{{n}}}" for column in self.columns for n in range(1, len(patterns) + 1)
        )
        wanted = ", ".join(dict.fromkeys(("id", *self.columns, *self.needs)))
        return await sql(
            f"SELECT {wanted} FROM {self.table} WHERE id > {{0}} AND ({likes}) ORDER BY id LIMIT {BATCH}",
            after,
            *patterns,
        )


TEXTS = (
    Texts("posts", ("raw", "cooked"), ("topic_id", "post_number"), _cooked_again, _post_changed),
    Texts("post_revisions", ("raw", "title", "reason")),
    Texts("topics", ("title", "facts"), ("category_id",), tell=_topic_changed),
    Texts("drafts", ("data",), rewrite=_fields),
    Texts("user_profiles", ("bio_raw", "bio_cooked")),
    Texts("flags", ("message",)),
    Texts("reviewables", ("reason", "message")),
    Texts("staff_notes", ("raw",)),
    Texts("sweeps", ("reason",)),
    Texts("reuses", ("changes", "reason", "contact")),
    Texts("pending_posts", ("title", "raw", "reason", "message", "details")),
    Texts("signup_requests", ("motive", "reason", "message")),
    Texts("uploads", ("original_filename", "text")),
    Texts("kind_revisions", ("data",)),
    Texts("groups", ("description",)),
    Texts("group_requests", ("message", "answer")),
    Texts("invitations", ("message",)),
    Texts("users", ("suspended_reason", "silenced_reason")),
    Texts("suspensions", ("message", "reason")),
)


def texts_of_kinds() -> tuple[Texts, ...]:
    """The texts among the typed fields of topics."""
    return tuple(
        Texts(kind.table, columns, ("topic_id",), tell=_fields_changed)
        for kind in kinds()
        if (
            columns := tuple(one.name for one in kind.fields if one.type in ("line", "text", "link"))
            + kind.texts
        )
    )


async def _fields_changed(row: Row, record: Record) -> None:
    found = await sql("SELECT id, category_id FROM topics WHERE id = {0}", row["topic_id"])
    await _topic_changed(found[0], record)
