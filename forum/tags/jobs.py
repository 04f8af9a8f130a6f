"""Adding up what topics have counted of their tags, one row after the other."""

from collections import Counter
from collections.abc import Sequence

from realtime import log
from realtime.sql import places, sql

BATCH = 200


async def add_up_tags() -> None:
    """One row for each theme, tag and spelling; none for what is carried no more.

    A few tags a transaction. Rows that are added meanwhile are another run's: nothing is counted twice.
    """
    while rows := await sql(
        f"""SELECT DISTINCT key FROM (SELECT key FROM tag_counts GROUP BY key, category_id, name
                HAVING COUNT(*) > 1 OR SUM(topics) = 0) several LIMIT {BATCH}"""
    ):
        await _add_up([row["key"] for row in rows])


async def _add_up(keys: Sequence[str]) -> None:
    async with log.transaction():
        added: Counter[tuple[int, str, str]] = Counter()
        for row in await sql(
            f"""DELETE FROM tag_counts WHERE key IN {places(0, len(keys))}
                RETURNING category_id, key, name, topics""",
            *keys,
        ):
            added[row["category_id"], row["key"], row["name"]] += row["topics"]
        for (category_id, key, name), topics in sorted(added.items()):
            if topics:
                await sql(
                    "INSERT INTO tag_counts (category_id, key, name, topics) VALUES ({0}, {1}, {2}, {3})",
                    category_id, key, name, topics,
                )  # fmt: skip
