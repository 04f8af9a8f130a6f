"""A page is sent again when something that it shows has changed for this viewer, and only then."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from httpx2 import Response

from forum.answers.actions import accept_answer, unaccept_answer
from forum.categories.actions import create_category, touch_site
from forum.drafts.actions import drop_draft, keep_draft
from forum.notifications.actions import mark_read
from forum.posts.actions import delete_post, recover_post, reply_to_topic, revise_post
from forum.posts.new import NewPost
from forum.reading.actions import read_up_to, set_notification_level
from forum.topics.actions import delete_topic, open_topic, revise_topic, set_closed
from forum.topics.queries import TopicCard
from forum.votes.actions import set_vote
from realtime import log
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import Person, at, signed_in


@dataclass
class Scene:
    """Alice's question with Bob's reply, in the theme of their group; Alice looks at it."""

    cast: Cast
    topic: TopicCard
    reply: NewPost
    alice: Person

    @property
    def path(self) -> str:
        return f"/t/{self.topic.slug}/{self.topic.id}"


@pytest.fixture
async def scene(site: str, cast: Cast) -> Scene:
    topic = await a_question(cast, private=True)
    reply = await a_reply(cast, topic)
    await revise_topic(await cast.alice(), topic, topic.title, ["kitchens"])
    return Scene(cast, await again(await cast.alice(), topic), reply, await signed_in(site, "alice"))


async def asked_again(person: Person, path: str, tag: str) -> Response:
    """As a browser does that holds the page of this tag."""
    return await person.client.get(path, headers={"If-None-Match": tag})


async def write(statement: str, *values: object) -> None:
    async with log.transaction():
        await sql(statement, *values)


Change = Callable[[Scene], Awaitable[object]]


async def bob_replies(s: Scene) -> None:
    await a_reply(s.cast, s.topic)


async def bob_edits(s: Scene) -> None:
    bob = await s.cast.bob()
    await revise_post(bob, await seen(bob, s.reply), "In other words.", reason="", version=1)


async def bob_deletes(s: Scene) -> None:
    bob = await s.cast.bob()
    await delete_post(bob, await seen(bob, s.reply))


async def bob_recovers(s: Scene) -> None:
    bob = await s.cast.bob()
    await recover_post(bob, await seen(bob, s.reply))


async def ada_votes(s: Scene) -> None:
    ada = await s.cast.ada()
    await set_vote(ada, await seen(ada, s.reply), 1)


async def alice_votes(s: Scene) -> None:
    alice = await s.cast.alice()
    await set_vote(alice, await seen(alice, s.reply), -1)


async def alice_takes_her_vote_back(s: Scene) -> None:
    alice = await s.cast.alice()
    await set_vote(alice, await seen(alice, s.reply), 0)


async def alice_accepts(s: Scene) -> None:
    alice = await s.cast.alice()
    await accept_answer(alice, await seen(alice, s.reply))


async def alice_no_longer_accepts(s: Scene) -> None:
    alice = await s.cast.alice()
    await unaccept_answer(alice, await seen(alice, s.reply))


async def alice_files_it_elsewhere(s: Scene) -> None:
    await revise_topic(await s.cast.alice(), s.topic, s.topic.title, ["canteens"])


async def ada_closes(s: Scene) -> None:
    await set_closed(await s.cast.ada(), s.topic, True)


async def ada_opens(s: Scene) -> None:
    await set_closed(await s.cast.ada(), s.topic, False)


async def bob_mentions_alice_elsewhere(s: Scene) -> None:
    bob = await s.cast.bob()
    await open_topic(bob, s.cast.theme.id, "question", "Who else has one of these?", "Ask @alice, she knows.")


async def alice_reads_her_alerts(s: Scene) -> None:
    await mark_read(await s.cast.alice())


async def alice_follows_less(s: Scene) -> None:
    await set_notification_level(await s.cast.alice(), s.topic, 1)


async def alice_reads_on(s: Scene) -> None:
    await read_up_to(await s.cast.alice(), s.topic, 2)


async def alice_begins_to_write(s: Scene) -> None:
    await keep_draft(s.cast.ids["alice"], f"topic_{s.topic.id}", {"raw": "I wonder whether"})


async def alice_throws_her_draft_away(s: Scene) -> None:
    await drop_draft(s.cast.ids["alice"], f"topic_{s.topic.id}")


async def alice_becomes_a_moderator(s: Scene) -> None:
    await write("UPDATE users SET moderator = {1} WHERE id = {0}", s.cast.ids["alice"], True)


async def alice_changes_her_name(s: Scene) -> None:
    await write("UPDATE users SET name = 'Alice Martin' WHERE id = {0}", s.cast.ids["alice"])


async def alice_reads_french(s: Scene) -> None:
    await write("UPDATE users SET locale = 'fr' WHERE id = {0}", s.cast.ids["alice"])


async def the_group_may_only_read(s: Scene) -> None:
    await write("UPDATE category_groups SET permission = 3 WHERE category_id = {0}", s.cast.private.id)
    await touch_site()


async def a_theme_is_made(s: Scene) -> None:
    await create_category("Roads")


# One after the other, so that each changes something.
ON_THE_TOPIC: list[Change] = [
    bob_replies, bob_edits, bob_deletes, bob_recovers, ada_votes, alice_votes, alice_takes_her_vote_back,
    alice_accepts, alice_no_longer_accepts, alice_files_it_elsewhere, ada_closes, ada_opens,
    bob_mentions_alice_elsewhere, alice_reads_her_alerts, alice_follows_less, alice_reads_on,
    alice_begins_to_write, alice_throws_her_draft_away, alice_becomes_a_moderator, alice_changes_her_name,
    alice_reads_french, the_group_may_only_read,
]  # fmt: skip


async def test_a_topic_is_sent_again_after_each_change_of_what_it_shows(scene: Scene) -> None:
    for change in ON_THE_TOPIC:
        await check_that_it_is_sent_again(scene, scene.path, change)


async def test_a_topic_by_threads_too(scene: Scene) -> None:
    for change in ON_THE_TOPIC:
        if change is not alice_reads_on:  # where to go on is told in the order of time only
            await check_that_it_is_sent_again(scene, f"{scene.path}?sort=top", change)


async def check_that_it_is_sent_again(scene: Scene, path: str, change: Change) -> None:
    """Not before the change; after it, and as it is for whoever holds nothing."""
    first = await scene.alice.get(path)
    unchanged = await asked_again(scene.alice, path, first.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == first.headers["etag"]
    assert unchanged.headers["cache-control"] == "private, no-cache"
    await change(scene)
    changed = await asked_again(scene.alice, path, first.headers["etag"])
    assert changed.status_code == 200, change.__name__
    assert changed.headers["etag"] != first.headers["etag"]
    assert without_tokens(changed.text) != without_tokens(first.text), change.__name__
    assert without_tokens(changed.text) == without_tokens((await scene.alice.get(path)).text)


def without_tokens(html: str) -> str:
    """Each form has a token of its own: that alone is no change."""
    before, _field, rest = html.partition('name="token" value="')
    return before + rest.partition('"')[2]


async def bob_asks(s: Scene) -> None:
    await a_question(s.cast, await s.cast.bob())


async def the_topic_is_pinned(s: Scene) -> None:
    await write("UPDATE topics SET pinned = {1}, version = version + 1 WHERE id = {0}", s.topic.id, True)


async def the_topic_goes(s: Scene) -> None:
    await delete_topic(await s.cast.ada(), s.topic)


ON_LISTS: list[Change] = [
    bob_replies, bob_asks, the_topic_is_pinned, alice_accepts, alice_files_it_elsewhere, ada_closes,
    bob_mentions_alice_elsewhere, alice_reads_her_alerts, alice_reads_on, alice_changes_her_name,
    alice_reads_french, a_theme_is_made, the_topic_goes,
]  # fmt: skip


async def test_a_list_is_sent_again_after_each_change_of_what_it_shows(scene: Scene) -> None:
    for change in ON_LISTS:
        await check_that_it_is_sent_again(scene, "/", change)


async def test_each_list_has_a_tag_of_its_own(scene: Scene) -> None:
    paths = [
        "/",
        "/new",
        "/unread",
        "/unanswered",
        f"/c/clerks-only/{scene.cast.private.id}",
        "/tag/kitchens",
    ]
    pages = {path: await scene.alice.get(path) for path in paths}
    assert len({page.headers["etag"] for page in pages.values()}) == len(paths)
    for path, page in pages.items():
        assert (await asked_again(scene.alice, path, page.headers["etag"])).status_code == 304


async def test_what_others_do_for_themselves_changes_nothing(scene: Scene) -> None:
    first = await scene.alice.get(scene.path)
    bob = await scene.cast.bob()
    await keep_draft(bob.member_id, f"topic_{scene.topic.id}", {"raw": "Bob hesitates"})
    await read_up_to(bob, scene.topic, 2)
    await set_notification_level(bob, scene.topic, 3)
    await a_question(scene.cast, bob)
    assert (await asked_again(scene.alice, scene.path, first.headers["etag"])).status_code == 304


async def test_a_tag_is_worth_nothing_to_another_person_nor_after_signing_out(
    site: str, scene: Scene
) -> None:
    tag = (await scene.alice.get("/")).headers["etag"]
    bob, visitor = await signed_in(site, "bob"), at(site)
    assert (await asked_again(bob, "/", tag)).status_code == 200
    assert (await asked_again(visitor, "/", tag)).status_code == 200
    await scene.alice.post("/session/deletion")
    assert (await asked_again(scene.alice, "/", tag)).status_code == 200


async def test_who_loses_the_right_to_see_gets_nothing_whatever_they_hold(scene: Scene) -> None:
    tag = (await scene.alice.get(scene.path)).headers["etag"]
    await write("DELETE FROM group_users WHERE user_id = {0}", scene.cast.ids["alice"])
    assert (await asked_again(scene.alice, scene.path, tag)).status_code == 404


async def test_a_browser_may_offer_several_tags(scene: Scene) -> None:
    tag = (await scene.alice.get(scene.path)).headers["etag"]
    assert (await asked_again(scene.alice, scene.path, f'W/"other", {tag}')).status_code == 304
    assert (await asked_again(scene.alice, scene.path, 'W/"other"')).status_code == 200


async def test_a_reply_to_write_and_a_quote_are_shown_whatever_the_browser_holds(scene: Scene) -> None:
    plain = await scene.alice.get(scene.path)
    quoting = await asked_again(scene.alice, f"{scene.path}?quote=2&reply_to=2", plain.headers["etag"])
    assert quoting.status_code == 200
    assert "[quote=" in quoting.text
    await reply_to_topic(await scene.cast.bob(), scene.topic, "One more.")
