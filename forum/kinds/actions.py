"""Revising a topic's typed fields. Each action is one transaction."""

from forum.accounts.viewer import Viewer
from forum.errors import NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.kinds.registry import Typed, kind_of
from forum.kinds.steps import check_details, replace_details
from forum.kinds.telling import tell_topic
from forum.topics.permissions import may_edit_topic
from forum.topics.queries import TopicCard
from realtime import log
from realtime.sql import sql


async def revise_details(editor: Viewer, topic: TopicCard, typed: Typed, version: int) -> None:
    """Give a topic's fields other values; the earlier ones stay in their history.

    Args:
        version: the version that the editor had before their eyes.

    Raises:
        NotFound: the topic has no such fields. Forbidden: neither its author nor staff.
        Invalid: a sentence for each field that does not do. Conflict: somebody changed them meanwhile.
    """
    kind = kind_of(topic.kind)
    if not kind.table:
        raise NotFound
    require(may_edit_topic(editor, topic), _("You may not edit this topic."))
    values = await check_details(editor, kind, typed)
    async with log.transaction() as record:
        await sql("UPDATE topics SET version = version + 1 WHERE id = {0}", topic.id)
        await replace_details(record, editor, kind, topic.id, values, version)
        if editor.id != topic.author_id:
            await note(editor.id, Act.EDIT_TOPIC, topic_id=topic.id, details={"title": topic.title})
        tell_topic(record, editor, topic.id, topic.category_id)
