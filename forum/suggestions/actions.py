"""A question that nobody had to ask: counted, and its author thanked."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import require
from forum.notifications.actions import notify_about
from forum.notifications.models import NotificationType
from forum.posts.new import NewPost
from forum.topics.queries import TopicCard
from realtime import log
from realtime.sql import sql


async def note_answered(asker: Viewer, topic: TopicCard) -> bool:
    """The topic answers what the asker was about to ask; False if they have said so before.

    Nothing is posted. Whoever wrote the answer (else whoever asked there) is thanked: by one alert a post for
    all who say so, a new one once it was read (`forum/suggestions/alerts.py`).

    Raises:
        Forbidden: a visitor.
    """
    require(asker.signed_in)
    async with log.transaction() as record:
        rows = await sql(
            """INSERT INTO avoided_questions (user_id, topic_id, created_at) VALUES ({0}, {1}, {2})
                ON CONFLICT (user_id, topic_id) DO NOTHING RETURNING id""",
            asker.member_id,
            topic.id,
            now(),
        )
        if rows:
            for author_id, post in await _answers(asker, topic):
                await notify_about(NotificationType.THANKED, author_id, post, record)
    return bool(rows)


async def _answers(asker: Viewer, topic: TopicCard) -> list[tuple[int, NewPost]]:
    """The accepted answers, or the post that opens the topic, each with its author; not the asker’s own."""
    rows = await sql(
        """SELECT p.id, p.post_number, p.user_id FROM posts p
            WHERE p.topic_id = {0} AND p.deleted_at IS NULL AND p.user_id <> {1} AND (p.id IN
                (SELECT post_id FROM accepted_answers WHERE topic_id = {0}) OR (p.post_number = 1
                AND NOT EXISTS (SELECT 1 FROM accepted_answers WHERE topic_id = {0})))
            ORDER BY p.id""",
        topic.id,
        asker.member_id,
    )
    return [
        (
            row["user_id"],
            NewPost(row["id"], topic.id, topic.category_id, row["post_number"], asker.member_id, topic.slug),
        )
        for row in rows
    ]
