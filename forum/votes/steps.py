"""The count of useful votes that topics carry."""

from realtime.sql import sql

# As many as the column holds: an import may bring more.
MOST = 2**31 - 1


async def recount_likes(topic_id: int) -> None:
    """Add up again how often a topic's posts were found useful, here and in a former forum.

    Without the deleted ones. The topic is locked already.
    """
    await sql(
        f"""UPDATE topics SET like_count = (SELECT CASE WHEN found.n > {MOST} THEN {MOST} ELSE found.n END
                FROM (SELECT COALESCE(SUM(up_count), 0) + COALESCE(SUM(imported_like_count), 0) AS n
                    FROM posts WHERE topic_id = {{0}} AND deleted_at IS NULL) found)
            WHERE id = {{0}}""",
        topic_id,
    )


async def add_likes(topic_id: int, more: int) -> None:
    """So many votes more, or fewer, on posts that are shown. The topic is locked already."""
    if more:
        await sql(
            f"""UPDATE topics SET like_count = CASE
                WHEN like_count + CAST({{1}} AS BIGINT) > {MOST} THEN {MOST}
                ELSE like_count + CAST({{1}} AS BIGINT) END WHERE id = {{0}}""",
            topic_id,
            more,
        )
