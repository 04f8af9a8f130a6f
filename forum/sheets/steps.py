"""A sheet and the topic that it comes from, within whoever writes the sheet."""

from forum.accounts.viewer import Viewer
from forum.channels import topic_channel
from realtime.log import Record
from realtime.sql import sql


async def tell_source(record: Record, author: Viewer, sheet_id: int, source_id: int) -> None:
    """The page of the topic that a sheet comes from shows the sheet.

    Only if whoever may read the topic may read the sheet. Of another one nothing of the topic changes, not
    even its version: it would tell everyone that there is something. Who may read that one finds it by a new
    load of the page.
    """
    (sheet,) = await sql("SELECT category_id FROM topics WHERE id = {0}", sheet_id)
    everywhere = sheet["category_id"] in author.themes.open_ids()
    rows = await sql(
        """UPDATE topics SET version = version + 1 WHERE id = {0} AND (category_id = {1} OR {2} = 1)
            RETURNING id""",
        source_id,
        sheet["category_id"],
        int(everywhere),
    )
    for row in rows:
        record(topic_channel(row["id"]), "sheet.drawn", topic_id=row["id"])
