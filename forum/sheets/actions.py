"""Asking for a field of a sheet. Each action is one transaction."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, Invalid, require
from forum.i18n import gettext as _
from forum.kinds.registry import Details
from forum.kinds.telling import tell_topic
from forum.notifications.actions import notify_member
from forum.notifications.models import NotificationType
from forum.sheets.permissions import may_ask_field
from forum.topics.queries import TopicCard
from realtime import log
from realtime.sql import sql


async def ask_field(asker: Viewer, topic: TopicCard, details: Details, field: str) -> None:
    """Ask the author for a field that is empty; asking twice has the effect of once.

    Raises:
        Forbidden: may not reply there, or it is one's own. Invalid: no such field, or filled in already.
        Conflict: the topic was moved or deleted a moment ago.
    """
    require(may_ask_field(asker, topic), _("You may not ask for this."))
    if field not in {one.name for one in details.missing}:
        raise Invalid(fields={"field": _("This has been filled in already.")})
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1}
                AND deleted_at IS NULL RETURNING id""",
            topic.id,
            topic.category_id,
        )
        if not rows:
            raise Conflict(_("This topic has just been moved or deleted."))
        await sql(
            """INSERT INTO field_requests (topic_id, field, user_id, created_at) VALUES ({0}, {1}, {2}, {3})
                ON CONFLICT (topic_id, field, user_id) DO NOTHING""",
            topic.id,
            field,
            asker.member_id,
            now(),
        )
        await notify_member(NotificationType.FIELD_ASKED, topic.author_id, topic.id, asker.member_id, record)
        tell_topic(record, asker, topic.id, topic.category_id)
