"""What a sheet that is drawn from a topic changes on the topic's page."""

from forum.channels import present_themes
from forum.live import Patches, presents, render, replace, set_attribute
from forum.sheets.queries import sheets_for_all
from forum.topics.queries import topic_in_channel


@presents("sheet.drawn", on="topic")
async def show_sheets(topic_id: int) -> Patches:
    """The list of its sheets, of those that whoever may read the topic may read too."""
    topic = await topic_in_channel(topic_id)
    if topic is None or not topic.solved:
        return []
    sheets = await sheets_for_all(topic, (await present_themes()).open_ids())
    return [
        replace(f"topic-{topic_id}-sheets", render("sheets/_list.html", topic_id=topic_id, sheets=sheets)),
        *([set_attribute(f"topic-{topic_id}-drawn", "hidden", None)] if sheets else []),
    ]
