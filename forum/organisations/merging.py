"""What a merge of two organisations moves: each slice declares a step for each of its columns that names one.

A column that names an organisation and has no step here fails tests/architecture/test_merging.py. A step
runs twice: within the merge, and a moment later for what was being written meanwhile; so it is harmless the
second time.
"""

from collections.abc import Awaitable, Callable, Collection

from msgspec import Struct

from realtime.log import Record
from realtime.sql import sql


class Merge(Struct, frozen=True):
    """The organisation that goes and the one in which it goes, by their ids and names."""

    absorbed_id: int
    absorbed: str
    kept_id: int
    kept: str


class Counts(Struct, frozen=True):
    """Rows of the one that goes, of the one that stays, and how many of them become one with another."""

    moving: int
    kept: int
    joined: int = 0


async def no_topics(merge: Merge) -> Collection[int]:
    """What moves shows on no topic's page."""
    return ()


class Step(Struct, frozen=True):
    """What becomes of one column that names organisations.

    Args:
        what: the rows in words, for whoever decides: «People».
        count: how many there are before the merge.
        move: hands them over, within the merge's transaction and under the locks of `topics`.
        topics: those whose pages show them: their locks are taken first, in order, and their versions move.
    """

    table: str
    column: str
    what: Callable[[], str]
    count: Callable[[Merge], Awaitable[Counts]]
    move: Callable[[Merge, Record], Awaitable[None]]
    topics: Callable[[Merge], Awaitable[Collection[int]]] = no_topics


_steps: dict[tuple[str, str], Step] = {}


def moves(step: Step) -> None:
    """Declare a step."""
    _steps[step.table, step.column] = step


def steps() -> list[Step]:
    """All of them, in the order in which they were declared."""
    return list(_steps.values())


def counts_rows(table: str, column: str, within: str = "") -> Callable[[Merge], Awaitable[Counts]]:
    """Counts rows by the organisation that they name.

    Args:
        within: the column that is unique within an organisation: rows alike in it become one.
    """
    joined = (
        f"""(SELECT COUNT(*) FROM {table} a JOIN {table} k ON k.{within} = a.{within}
            WHERE a.{column} = {{0}} AND k.{column} = {{1}})"""
        if within
        else "0"
    )

    async def count(merge: Merge) -> Counts:
        (row,) = await sql(
            f"""SELECT (SELECT COUNT(*) FROM {table} WHERE {column} = {{0}}) AS moving,
                (SELECT COUNT(*) FROM {table} WHERE {column} = {{1}}) AS kept, {joined} AS joined""",
            merge.absorbed_id,
            merge.kept_id,
        )
        return Counts(row["moving"], row["kept"], row["joined"])

    return count


def moves_rows(table: str, column: str) -> Callable[[Merge, Record], Awaitable[None]]:
    """Has the rows name the organisation that stays; for a column in which several may name the same one."""

    async def move(merge: Merge, record: Record) -> None:
        await sql(
            f"UPDATE {table} SET {column} = {{1}} WHERE {column} = {{0}}", merge.absorbed_id, merge.kept_id
        )

    return move


def topics_of_rows(table: str, column: str) -> Callable[[Merge], Awaitable[Collection[int]]]:
    """The topics that the rows belong to, whose pages show the organisation."""

    async def topics(merge: Merge) -> Collection[int]:
        rows = await sql(f"SELECT DISTINCT topic_id FROM {table} WHERE {column} = {{0}}", merge.absorbed_id)
        return [row["topic_id"] for row in rows]

    return topics


def moves_plainly(table: str, what: Callable[[], str], *, on_topics: bool = False) -> None:
    """Declare the step of a table whose rows only name the organisation that stays from then on.

    Args:
        table: with a column `organisation_id`.
        what: the rows in words.
        on_topics: whether the pages of the topics that they belong to show it (`topic_id`).
    """
    column = "organisation_id"
    topics = topics_of_rows(table, column) if on_topics else no_topics
    moves(Step(table, column, what, counts_rows(table, column), moves_rows(table, column), topics))
