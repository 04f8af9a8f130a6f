"""What stands beside a sheet, and beside a thread that may become one."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.errors import NotFound
from forum.kinds.registry import Details, beside, kind_of
from forum.sheets.kind import SHEET
from forum.sheets.permissions import may_ask_field, may_draw_sheet
from forum.sheets.queries import asked_by, narrower_sheets, sheets_for_all
from forum.topics.permissions import may_edit_topic
from forum.topics.queries import TopicCard, topic_visible_to


@beside
async def sheet_side(
    viewer: Viewer, topic: TopicCard, details: Details | None
) -> tuple[str, Mapping[str, Any]] | None:
    """The gauge and what may be asked; or the way from a solved thread to a sheet."""
    if details is not None and details.kind is SHEET:
        return "sheets/_gauge.html", {
            "details": details,
            "may_ask": may_ask_field(viewer, topic),
            "may_edit": may_edit_topic(viewer, topic),
            "own": await asked_by(viewer, topic.id) if viewer.signed_in else frozenset(),
            "source": await _source(viewer, details),
        }
    if not kind_of(topic.kind).solvable:
        return None
    # Of a question that is not solved the place is there all the same: a page is brought up to date by it.
    return "sheets/_drawn.html", {
        "topic": topic,
        "sheets": await sheets_for_all(topic, viewer.themes.open_ids()) if topic.solved else [],
        "narrower": await narrower_sheets(viewer, topic) if topic.solved else [],
        "may_draw": topic.solved and may_draw_sheet(viewer, topic),
    }


async def _source(viewer: Viewer, details: Details) -> TopicCard | None:
    """The topic that the sheet comes from, for whoever may read it."""
    number = details.values.get("source_id")
    try:
        return await topic_visible_to(viewer, number) if isinstance(number, int) else None
    except NotFound:
        return None
