"""Who is told of what, and who is not."""

from forum import jobs
from forum.answers.actions import accept_answer
from forum.notifications.actions import mark_read, notify_watchers
from forum.notifications.queries import alerts_of
from forum.posts.actions import delete_post, reply_to_topic
from forum.reading.actions import read_up_to, set_notification_level
from forum.reading.models import NotificationLevel
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen


async def kinds(cast: Cast, name: str) -> list[str]:
    """What a member's alerts say, newest first."""
    return [alert.type for alert in await alerts_of(await cast.viewer(name))]


async def test_alice_is_told_of_a_reply_once_and_bob_is_not(cast: Cast) -> None:
    await a_reply(cast, await a_question(cast))
    await jobs.run_due()
    assert await kinds(cast, "alice") == ["replied"]
    assert await kinds(cast, "bob") == []
    assert (await cast.alice()).unread == 1


async def test_a_mention_and_a_quote_reach_those_they_name(cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic, raw="Ask @eve, she has done it.")
    assert await kinds(cast, "eve") == ["mentioned"]
    await reply_to_topic(
        await cast.alice(), topic, f'[quote="bob, post:2, topic:{topic.id}"]\nAsk\n[/quote]\nThank you.'
    )
    assert await kinds(cast, "bob") == ["quoted"]


async def test_one_post_gives_one_alert_whatever_its_reasons(cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic, raw="@alice here is what we did.")
    await jobs.run_due()
    assert await kinds(cast, "alice") == ["replied"]


async def test_a_watcher_is_told_and_one_who_muted_is_not(cast: Cast) -> None:
    topic = await a_question(cast)
    await jobs.run_due()
    await set_notification_level(await cast.eve(), topic, NotificationLevel.WATCHING)
    await set_notification_level(await cast.alice(), topic, NotificationLevel.MUTED)
    await a_reply(cast, topic)
    await jobs.run_due()
    assert await kinds(cast, "eve") == ["posted"]
    assert await kinds(cast, "alice") == []


async def test_the_watchers_job_may_run_twice_without_telling_twice(cast: Cast) -> None:
    topic = await a_question(cast)
    await set_notification_level(await cast.eve(), topic, NotificationLevel.WATCHING)
    reply = await a_reply(cast, topic)
    await notify_watchers(reply.id)
    await notify_watchers(reply.id)
    assert await kinds(cast, "eve") == ["posted"]


async def test_the_author_of_an_accepted_answer_is_told(cast: Cast) -> None:
    topic, alice = await a_question(cast), await cast.alice()
    reply = await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, reply))
    assert await kinds(cast, "bob") == ["accepted"]


async def test_an_outsider_is_never_told_of_a_restricted_topic(cast: Cast) -> None:
    topic = await a_question(cast, private=True)
    await sql(
        """INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
            first_visited_at, last_visited_at) SELECT {0}, {1}, 0, 3, created_at, created_at FROM users
            WHERE id = {1}""",
        topic.id,
        cast.ids["eve"],
    )
    await a_reply(cast, topic, raw="@eve should not hear this.")
    await jobs.run_due()
    assert await kinds(cast, "eve") == []
    assert (await cast.eve()).unread == 0


async def test_reading_the_topic_reads_its_alerts(cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    alice = await cast.alice()
    await read_up_to(alice, await again(alice, topic), 2)
    assert (await cast.alice()).unread == 0


async def test_alice_marks_one_alert_then_all_as_read(cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    await a_reply(cast, topic)
    newest = (await alerts_of(await cast.alice()))[0]
    await mark_read(await cast.alice(), newest.id)
    assert (await cast.alice()).unread == 1
    await mark_read(await cast.alice())
    assert (await cast.alice()).unread == 0


async def test_eve_cannot_mark_alices_alerts(cast: Cast) -> None:
    await a_reply(cast, await a_question(cast))
    alert = (await alerts_of(await cast.alice()))[0]
    await mark_read(await cast.eve(), alert.id)
    assert (await cast.alice()).unread == 1


async def test_a_deleted_reply_leaves_no_alert_behind(cast: Cast) -> None:
    topic, bob = await a_question(cast), await cast.bob()
    reply = await a_reply(cast, topic)
    await delete_post(bob, await seen(bob, reply))
    assert await kinds(cast, "alice") == []
    assert (await cast.alice()).unread == 0


async def test_one_hundred_and_fifty_watchers_are_all_told(cast: Cast) -> None:
    topic = await a_question(cast)
    for n in range(150):
        await sql(
            """INSERT INTO users (username, username_lower, name, title, affiliation, admin, moderator,
                created_at) SELECT {0}, {0}, '', '', '', {1}, {1}, created_at FROM users WHERE id = {2}""",
            f"watcher{n}",
            False,
            cast.ids["eve"],
        )
    await sql(
        """INSERT INTO topic_users (topic_id, user_id, last_read_post_number, notification_level,
            first_visited_at, last_visited_at)
            SELECT {0}, id, 0, 3, created_at, created_at FROM users WHERE username_lower LIKE 'watcher%'""",
        topic.id,
    )
    reply = await a_reply(cast, topic)
    await jobs.run_due()
    rows = await sql("SELECT COUNT(*) AS n FROM notifications WHERE post_id = {0}", reply.id)
    assert rows[0]["n"] == 151
