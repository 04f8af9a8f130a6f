"""What lies behind a post: the thread that leads to it, and its earlier texts."""

import asyncio

from pydiscourse import DiscourseClient

from forum.api.keys import create_key
from forum.posts.actions import delete_post, reply_to_topic
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen


async def test_the_thread_above_a_post_is_read_from_its_start_without_what_was_deleted(
    site: str, cast: Cast
) -> None:
    topic = await a_question(cast)
    bob, eve = await cast.bob(), await cast.eve()
    second = await reply_to_topic(bob, topic, "The second post.", reply_to=1)
    await a_reply(cast, topic)
    fourth = await reply_to_topic(eve, topic, "The fourth post.", reply_to=second.number)
    fifth = await reply_to_topic(bob, topic, "The fifth post.", reply_to=fourth.number)
    async with program_of(site, "alice") as alice:

        async def above(post_id: int) -> list[int]:
            found = await alice.get(f"/posts/{post_id}/reply-history.json")
            return [post["post_number"] for post in found.json()]

        assert await above(fifth.id) == [1, 2, 4]
        assert await above(second.id) == [1]
        assert await above(second.id - 1) == []
        await delete_post(eve, await seen(eve, fourth))
        assert await above(fifth.id) == [1, 2]
        for name in ("eve", "mod"):
            async with program_of(site, name) as program:
                assert (await program.get(f"/posts/{fourth.id}/reply-history.json")).status_code == 404


async def test_each_edit_says_who_changed_what_and_why(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    post = await a_reply(cast, topic, raw="We did it in <2023>.")
    async with program_of(site, "bob") as bob:
        for raw, reason in (("We did it in <2022>.", "the year"), ("We did it in 2022, twice.", "")):
            edited = await bob.put(
                f"/posts/{post.id}.json", json={"post": {"raw": raw, "edit_reason": reason}}
            )
            assert edited.status_code == 200
        first = (await bob.get(f"/posts/{post.id}/revisions/2.json")).json()
        second = (await bob.get(f"/posts/{post.id}/revisions/3.json")).json()
        for number in ("0", "1", "4", "99999999999999999999"):
            assert (await bob.get(f"/posts/{post.id}/revisions/{number}.json")).status_code == 404
    assert (first["username"], first["edit_reason"], first["next_revision"]) == ("bob", "the year", 3)
    inline = "We did it in <del>&lt;2023&gt;.</del><ins>&lt;2022&gt;.</ins>"
    assert first["body_changes"]["inline"] == inline
    assert (second["edit_reason"], second["previous_revision"], second["next_revision"]) == (None, 2, None)


async def test_a_post_never_edited_has_no_revisions(site: str, cast: Cast) -> None:
    post = await a_reply(cast, await a_question(cast))
    async with program_of(site, "bob") as bob:
        assert (await bob.get(f"/posts/{post.id}/revisions/2.json")).status_code == 404


async def test_pydiscourse_finds_a_post_by_its_number(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    post = await a_reply(cast, topic)
    bob = DiscourseClient(site, api_username="bob", api_key=await create_key("bob"))
    assert (await asyncio.to_thread(bob.post_by_number, topic.id, 2))["id"] == post.id
