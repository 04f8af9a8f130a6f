"""Which post shows which file: kept in step with the text, in the transaction that writes it."""

from collections.abc import Collection

from forum.clock import now
from realtime.sql import sql


async def show_uploads(post_id: int, upload_ids: Collection[int]) -> None:
    """A step of writing and of cooking again: the post shows these files, and no other.

    A file that no post shows any more may be let go a day later.
    """
    rows = await sql("SELECT upload_id FROM post_uploads WHERE post_id = {0}", post_id)
    before, after = {row["upload_id"] for row in rows}, set(upload_ids)
    for upload_id in sorted(after - before):
        shown = await sql("UPDATE uploads SET unused_since = NULL WHERE id = {0} RETURNING id", upload_id)
        if shown:
            await sql(
                """INSERT INTO post_uploads (post_id, upload_id) VALUES ({0}, {1})
                    ON CONFLICT (post_id, upload_id) DO NOTHING""",
                post_id,
                upload_id,
            )
    for upload_id in sorted(before - after):
        await sql("DELETE FROM post_uploads WHERE post_id = {0} AND upload_id = {1}", post_id, upload_id)
        await sql(
            """UPDATE uploads SET unused_since = {1} WHERE id = {0}
                AND NOT EXISTS (SELECT 1 FROM post_uploads WHERE upload_id = {0})""",
            upload_id,
            now(),
        )
