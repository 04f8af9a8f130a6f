"""What goes along with posts to another topic: numbers, replies, answers, alerts, marks of reading, drafts.

Each is a step within the transaction of the move, under the locks of both topics.
"""

from collections.abc import Mapping

import orjson

from forum.answers.steps import recount_accepted
from forum.categories.queries import MAY_SEE
from forum.clock import now
from forum.posts.models import PostType
from forum.reading.models import FollowReason, NotificationLevel
from forum.stored import object_in
from forum.votes.steps import recount_likes
from realtime.sql import sql

MOVED = "SELECT post_id FROM moved_posts WHERE move_id = {0}"


async def renumber(move_id: int, to_topic: int) -> None:
    """The posts stand in the other topic, in their order; what they answer is what has come there too."""
    await sql(
        f"""UPDATE posts SET topic_id = {{1}}, post_number =
                (SELECT to_post_number FROM moved_posts m WHERE m.move_id = {{0}} AND m.post_id = posts.id)
            WHERE id IN ({MOVED})""",
        move_id,
        to_topic,
    )
    await sql(
        f"""UPDATE posts SET reply_to_post_number =
                (SELECT q.post_number FROM moved_posts m JOIN moved_posts f ON f.topic_id = m.topic_id
                    AND f.post_number = m.reply_to_post_number JOIN posts q ON q.id = f.post_id
                    WHERE m.move_id = {{0}} AND m.post_id = posts.id AND q.topic_id = {{1}})
            WHERE id IN ({MOVED}) AND reply_to_post_number IS NOT NULL""",
        move_id,
        to_topic,
    )


async def recount_replies(move_id: int, from_topic: int) -> None:
    """The replies to the posts that moved, and to those that stayed and were answered by them."""
    await sql(
        f"""UPDATE posts SET reply_count = (SELECT COUNT(*) FROM posts r WHERE r.topic_id = posts.topic_id
                AND r.reply_to_post_number = posts.post_number AND r.deleted_at IS NULL)
            WHERE id IN ({MOVED}) OR (topic_id = {{1}} AND post_number IN
                (SELECT reply_to_post_number FROM moved_posts WHERE move_id = {{0}}))""",
        move_id,
        from_topic,
    )


async def recount_topics(move_id: int, from_topic: int, to_topic: int) -> None:
    """How many posts each topic has, how many found them useful, and which is its last.

    The newer one bumps the topic that it came to.

    The post that opens a topic is counted also while moderation hides it.
    """
    counted = """SELECT COUNT(*) FROM moved_posts m JOIN posts p ON p.id = m.post_id WHERE m.move_id = {0}
        AND (p.deleted_at IS NULL"""
    await sql(
        f"""UPDATE topics SET posts_count = posts_count - ({counted} OR m.post_number = 1)),
                last_posted_at = {_last("created_at")}, bumped_at = {_last("created_at")},
                last_poster_id = {_last("user_id", "last_poster_id")} WHERE id = {{1}}""",
        move_id,
        from_topic,
    )
    newest = f"""SELECT {{column}} FROM posts p WHERE p.id IN ({MOVED}) AND p.deleted_at IS NULL
        AND p.created_at > topics.last_posted_at ORDER BY p.created_at DESC, p.id DESC LIMIT 1"""
    at, by = newest.replace("{column}", "created_at"), newest.replace("{column}", "user_id")
    await sql(
        f"""UPDATE topics SET posts_count = posts_count + ({counted} OR m.to_post_number = 1)),
                last_poster_id = COALESCE(({by}), last_poster_id),
                bumped_at = COALESCE(({at}), bumped_at), last_posted_at = COALESCE(({at}), last_posted_at)
            WHERE id = {{1}}""",
        move_id,
        to_topic,
    )
    for topic_id in (from_topic, to_topic):
        await recount_likes(topic_id)


def _last(column: str, otherwise: str = "last_posted_at") -> str:
    """Of the last post that is left; of none, as it was."""
    return f"""COALESCE((SELECT {column} FROM posts WHERE topic_id = {{1}} AND post_type <> 3
        AND (deleted_at IS NULL OR post_number = 1) ORDER BY post_number DESC LIMIT 1), {otherwise})"""


async def move_answers(move_id: int, from_topic: int, to_topic: int, *, to_question: bool) -> int:
    """Accepted answers stay so under a question; elsewhere, and as the first post, they are no answers.

    Returns:
        how many lost their mark.
    """
    await sql(f"UPDATE accepted_answers SET topic_id = {{1}} WHERE post_id IN ({MOVED})", move_id, to_topic)
    which = " AND post_id IN (SELECT id FROM posts WHERE post_number = 1)" if to_question else ""
    lost = await sql(f"DELETE FROM accepted_answers WHERE post_id IN ({MOVED}){which} RETURNING id", move_id)
    await recount_accepted(from_topic)
    await recount_accepted(to_topic)
    return len(lost)


async def move_alerts(move_id: int, to_topic: int) -> None:
    """Alerts lead to where the post is now."""
    await sql(
        f"""UPDATE notifications SET topic_id = {{1}}, post_number = (SELECT to_post_number FROM moved_posts m
                WHERE m.move_id = {{0}} AND m.post_id = notifications.post_id)
            WHERE post_id IN ({MOVED})""",
        move_id,
        to_topic,
    )


async def move_reading(move_id: int, from_topic: int, to_topic: int, highest_before: int) -> None:
    """Whoever had read the posts where they were, and all that stood before them there, has read them.

    Args:
        highest_before: the number of the last post where they went; 0 for a new topic.
    """
    read = """COALESCE((SELECT MAX(m.to_post_number) FROM moved_posts m
        WHERE m.move_id = {0} AND m.post_number <= s.last_read_post_number), 0)"""
    if highest_before == 0:
        await _read_and_follow(read, move_id, from_topic, to_topic)
        return
    await sql(
        f"""UPDATE topic_users SET last_read_post_number = (SELECT CASE
                WHEN {read} > topic_users.last_read_post_number THEN {read}
                ELSE topic_users.last_read_post_number END FROM topic_users s
                WHERE s.topic_id = {{1}} AND s.user_id = topic_users.user_id)
            WHERE topic_id = {{2}} AND last_read_post_number >= {{3}}
            AND user_id IN (SELECT user_id FROM topic_users WHERE topic_id = {{1}})""",
        move_id,
        from_topic,
        to_topic,
        highest_before,
    )


async def _read_and_follow(read: str, move_id: int, from_topic: int, to_topic: int) -> None:
    """A new topic is followed, or muted, like the one that it came from, by whoever may see it."""
    await sql(
        f"""INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
                notifications_reason, first_visited_at, last_visited_at)
            SELECT t.id, s.user_id, {read}, s.notification_level, s.notifications_reason, {{3}}, {{3}}
            FROM topic_users s JOIN topics t ON t.id = {{2}} JOIN users u ON u.id = s.user_id
            WHERE s.topic_id = {{1}} AND (s.notification_level <> 1 OR {read} > 0) AND {MAY_SEE}
            ON CONFLICT DO NOTHING""",
        move_id,
        from_topic,
        to_topic,
        now(),
    )


async def follow_own_posts(move_id: int, to_topic: int) -> None:
    """The authors follow the topic where their posts are, unless they chose otherwise."""
    await sql(
        f"""INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
                notifications_reason, first_visited_at, last_visited_at)
            SELECT t.id, u.id, 0, {int(NotificationLevel.TRACKING)}, {int(FollowReason.CREATED_POST)},
                {{2}}, {{2}}
            FROM users u JOIN topics t ON t.id = {{1}} WHERE {MAY_SEE} AND u.id IN
                (SELECT user_id FROM posts p WHERE p.id IN ({MOVED}) AND p.deleted_at IS NULL)
            ON CONFLICT (topic_id, user_id) DO UPDATE SET
                notifications_reason = excluded.notifications_reason,
                notification_level = excluded.notification_level
                WHERE topic_users.notification_level = 1
                AND COALESCE(topic_users.notifications_reason, 0) <> {int(FollowReason.USER_CHANGED)}""",
        move_id,
        to_topic,
        now(),
    )


async def put_stand_in(mover_id: int, topic_id: int, number: int, count: int) -> int:
    """A line where the first of the posts stood: that they have moved, and the way to them. Its id."""
    rows = await sql(
        """INSERT INTO posts (topic_id, user_id, post_number, raw, cooked, cook_version, created_at,
                updated_at, post_type, action_code, version, reply_count, score, up_count,
                imported_like_count)
            VALUES ({0}, {1}, {2}, {3}, '', 0, {4}, {4}, {5}, 'split_topic', 1, 0, 0, 0, 0) RETURNING id""",
        topic_id,
        mover_id,
        number,
        str(count),
        now(),
        int(PostType.SMALL_ACTION),
    )
    return int(rows[0]["id"])


async def move_waiting(move_id: int, from_topic: int, to_topic: int) -> None:
    """Replies that wait for approval in a topic that is merged wait where its posts are."""
    await sql(
        """UPDATE pending_posts SET topic_id = {2}, reply_to_post_number = (SELECT to_post_number
                FROM moved_posts m
                WHERE m.move_id = {0} AND m.post_number = pending_posts.reply_to_post_number)
            WHERE topic_id = {1} AND is_open = true""",
        move_id,
        from_topic,
        to_topic,
    )


async def move_drafts(from_topic: int, to_topic: int, numbers: Mapping[int, int]) -> None:
    """Replies begun in a topic that is merged go on where its posts are, of those who may write there.

    Args:
        numbers: each post's number before → its number now.
    """
    drafts = await sql(
        f"""SELECT d.id, d.data FROM drafts d JOIN users u ON u.id = d.user_id JOIN topics t ON t.id = {{0}}
            WHERE d.draft_key = {{1}} AND {MAY_SEE} AND NOT EXISTS
                (SELECT 1 FROM drafts o WHERE o.user_id = d.user_id AND o.draft_key = {{2}})""",
        to_topic,
        f"topic_{from_topic}",
        f"topic_{to_topic}",
    )
    for draft in drafts:
        fields = object_in(draft["data"], "drafts", "data")
        answered = fields.get("reply_to", "")
        if answered:
            number = numbers.get(int(answered)) if answered.isdigit() else None
            fields["reply_to"] = str(number or "")
        await sql(
            "UPDATE drafts SET draft_key = {1}, data = {2} WHERE id = {0}",
            draft["id"],
            f"topic_{to_topic}",
            orjson.dumps(fields).decode(),
        )
