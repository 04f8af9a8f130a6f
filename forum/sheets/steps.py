"""A sheet and the topic that it comes from, within whoever writes the sheet."""

from forum.accounts.viewer import Viewer
from forum.channels import topic_channel
from realtime.log import Record
from realtime.sql import sql


async def tell_source(record: Record, author: Viewer, sheet_id: int, source_id: int) -> None:
    """The page of the topic that a sheet comes from shows the sheet.

    It is told where the sheet is, only if whoever may read the topic may read the sheet.
    """
    rows = await sql(
        "UPDATE topics SET version = version + 1 WHERE id = {0} RETURNING category_id", source_id
    )
    (sheet,) = await sql("SELECT category_id FROM topics WHERE id = {0}", sheet_id)
    for row in rows:
        if sheet["category_id"] in author.themes.open_ids() | {row["category_id"]}:
            record(topic_channel(source_id), "sheet.drawn", topic_id=source_id)
