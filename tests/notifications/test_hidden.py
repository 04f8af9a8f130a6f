"""Alerts about what one may no longer see go, from the page and from the badge, and do not come back."""

from collections.abc import Awaitable, Callable

import pytest

from forum import jobs
from forum.categories.actions import set_category_groups
from forum.categories.models import Permission
from forum.groups.actions import add_member, remove_member
from forum.groups.queries import id_of_group
from forum.notifications.queries import alerts_of
from forum.reading.actions import set_notification_level
from forum.reading.models import NotificationLevel
from forum.topics.actions import delete_topic, move_topic, recover_topic
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again


async def seen_by(cast: Cast, who: str) -> tuple[int, int]:
    """How many alerts the page and the badge show."""
    viewer = await cast.viewer(who)
    return len(await alerts_of(viewer)), viewer.unread


async def the_topic_moves(cast: Cast, topic: TopicCard) -> None:
    await move_topic(await cast.ada(), topic, cast.private.id)


async def the_theme_is_restricted(cast: Cast, topic: TopicCard) -> None:
    group = await id_of_group("school-meals")
    await set_category_groups(await cast.ada(), topic.category_id, {group: Permission.CREATE})


async def the_topic_is_deleted(cast: Cast, topic: TopicCard) -> None:
    await delete_topic(await cast.mod(), topic)


@pytest.mark.parametrize("loss", [the_topic_moves, the_theme_is_restricted])
async def test_eves_alerts_go_and_alices_stay(
    cast: Cast, loss: Callable[[Cast, TopicCard], Awaitable[None]]
) -> None:
    topic, other = await a_question(cast), await a_question(cast)
    for one in (topic, other):
        await set_notification_level(await cast.eve(), one, NotificationLevel.WATCHING)
    await a_reply(cast, topic)
    await jobs.run_due()
    assert (await seen_by(cast, "eve"), await seen_by(cast, "alice")) == ((1, 1), (1, 1))
    await loss(cast, topic)
    assert len(await alerts_of(await cast.eve())) == 0, "the page shows it no more, at once"
    await jobs.run_due()
    assert (await seen_by(cast, "eve"), await seen_by(cast, "alice")) == ((0, 0), (1, 1))
    told = await sql("SELECT COUNT(*) AS n FROM live_events WHERE channel = {0}", f"user:{cast.ids['eve']}")
    assert told == [{"n": 2}], "her badge was told of the alert, and of its end"


async def test_an_alert_is_gone_for_good_when_the_topic_comes_back(cast: Cast) -> None:
    topic = await a_question(cast)
    await set_notification_level(await cast.eve(), topic, NotificationLevel.WATCHING)
    await a_reply(cast, topic)
    await jobs.run_due()
    await the_topic_moves(cast, topic)
    await jobs.run_due()
    ada = await cast.ada()
    await move_topic(ada, await again(ada, topic), cast.theme.id)
    assert await seen_by(cast, "eve") == (0, 0)
    await a_reply(cast, await again(ada, topic))
    await jobs.run_due()
    assert await seen_by(cast, "eve") == (1, 1), "she watches it still"


async def test_a_deleted_topic_that_is_recovered_brings_no_alert_back_either(cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    await the_topic_is_deleted(cast, topic)
    mod = await cast.mod()
    await recover_topic(mod, await again(mod, topic))
    assert await seen_by(cast, "alice") == (0, 0)


async def test_who_leaves_a_group_keeps_the_alerts_about_everything_else(cast: Cast) -> None:
    hidden, seen = await a_question(cast, private=True), await a_question(cast)
    await a_reply(cast, hidden)
    await a_reply(cast, seen)
    group, ada = await id_of_group("school-meals"), await cast.ada()
    assert await seen_by(cast, "alice") == (2, 2)
    await remove_member(ada, group, cast.ids["alice"])
    assert await seen_by(cast, "alice") == (1, 1), "in the same transaction, without a job"
    await add_member(ada, group, cast.ids["alice"])
    assert await seen_by(cast, "alice") == (1, 1)


async def test_hundreds_of_alerts_go_in_batches(cast: Cast) -> None:
    topic = await a_question(cast)
    replies = [await a_reply(cast, topic) for _n in range(3)]
    await sql(
        """INSERT INTO users (username, username_lower, name, title, affiliation, admin, moderator,
            created_at) WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 400)
            SELECT 'watcher' || n, 'watcher' || n, '', '', '', u.admin, u.admin, u.created_at
            FROM n, users u WHERE u.id = {0}""",
        cast.ids["eve"],
    )
    for reply in replies:
        await sql(
            """INSERT INTO notifications (user_id, notification_type, topic_id, post_id, post_number,
                actor_id, read, created_at) SELECT id, 9, {0}, {1}, {2}, {3}, {4}, created_at FROM users
                WHERE username_lower LIKE 'watcher%'""",
            topic.id, reply.id, reply.number, cast.ids["bob"], False,
        )  # fmt: skip
    await the_topic_moves(cast, topic)
    await jobs.run_due()
    rows = await sql("SELECT DISTINCT user_id FROM notifications")
    assert [row["user_id"] for row in rows] == [cast.ids["alice"]]
    told = await sql(
        """SELECT COUNT(DISTINCT e.channel) AS n FROM live_events e JOIN users u
            ON e.channel = 'user:' || u.id WHERE u.username_lower LIKE 'watcher%'"""
    )
    assert told == [{"n": 400}]
