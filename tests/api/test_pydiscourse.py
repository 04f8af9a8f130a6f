"""Discourse's own Python client, unmodified, on Relais."""

import asyncio

import pytest
from httpx2 import AsyncClient
from pydiscourse import DiscourseClient
from pydiscourse.exceptions import DiscourseClientError

from forum.api.keys import create_key
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply


async def a_client(site: str, username: str) -> DiscourseClient:
    """The client with a key of all users, speaking for one member."""
    return DiscourseClient(site, api_username=username, api_key=await create_key(None, unlimited=True))


async def test_bob_reads_lists_topics_and_posts(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="A cook at **thirty** hours.")
    bob = await a_client(site, "bob")
    run = asyncio.to_thread
    assert [c["name"] for c in await run(bob.categories)] == ["School meals", "Clerks only"]
    assert (await run(bob.latest_topics))["topic_list"]["topics"][0]["id"] == topic.id
    whole = await run(bob.topic, topic.slug, topic.id)
    assert [post["post_number"] for post in whole["post_stream"]["posts"]] == [1, 2]
    assert whole["post_stream"]["stream"][1] == reply.id
    some = await run(bob.topic_posts, topic.id)
    assert len(some["post_stream"]["posts"]) == 2
    one = await run(bob.post_by_id, reply.id)
    assert (one["raw"], one["cooked"]) == (
        "A cook at **thirty** hours.",
        "<p>A cook at <strong>thirty</strong> hours.</p>\n",
    )
    assert (await run(bob.user, "alice"))["username"] == "alice"
    assert (await run(bob.about))["about"]["title"] == "Relais"


async def test_alice_asks_bob_answers_and_both_edit_by_program(site: str, cast: Cast) -> None:
    alice, bob = await a_client(site, "alice"), await a_client(site, "bob")
    run = asyncio.to_thread
    asked = await run(
        alice.create_post,
        "We look for advice.",
        title="Who cooks for sixty children?",
        category_id=cast.theme.id,
    )
    assert asked["post_number"] == 1
    answer = await run(bob.create_post, "We did it in 2023.", topic_id=asked["topic_id"])
    assert (answer["topic_id"], answer["post_number"]) == (asked["topic_id"], 2)
    edited = await run(bob.update_post, answer["id"], "We did it in 2022.", edit_reason="date")
    assert edited["post"]["raw"] == "We did it in 2022."
    renamed = await run(
        alice.update_topic, f"/t/-/{asked['topic_id']}.json", title="Who cooks for fifty children?"
    )
    assert renamed["basic_topic"]["slug"] == "who-cooks-for-fifty-children"


async def test_mod_renames_closes_and_opens_by_program_and_bob_reads_on(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    replies = [await a_reply(cast, topic) for _n in range(3)]
    mod, bob = await a_client(site, "mod"), await a_client(site, "bob")
    run = asyncio.to_thread
    renamed = await run(mod.update_topic, f"/t/{topic.slug}/{topic.id}", title="A clearer title here")
    assert renamed["basic_topic"]["slug"] == "a-clearer-title-here"
    await run(mod.update_topic_status, topic.id, "closed", True)
    with pytest.raises(DiscourseClientError):
        await run(bob.create_post, "Too late.", topic_id=topic.id)
    await run(mod.update_topic_status, topic.id, "closed", False)
    listed = await run(bob.category_topics, cast.theme.id)
    assert [(row["title"], row["closed"]) for row in listed["topic_list"]["topics"]] == [
        ("A clearer title here", False)
    ]
    some = await run(bob.posts, topic.id, post_ids=[post.id for post in replies[:2]])
    assert [post["post_number"] for post in some["post_stream"]["posts"]] == [2, 3]
    assert (await run(bob.post, topic.id, 3))["post_stream"]["posts"][2]["id"] == replies[1].id
    await run(bob.topic_timings, topic.id, 9000, timings={"1": 3000, "4": 6000})
    assert (await run(bob.topic, topic.slug, topic.id))["last_read_post_number"] == 4
    assert (await run(bob.get_site_info))["post_action_types"][0]["name_key"] == "like"


async def test_liking_is_the_up_vote_and_accepting_is_discourses_solution(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    headers = {"Api-Key": await create_key("alice"), "Api-Username": "alice"}
    async with AsyncClient(base_url=site, headers=headers) as alice:
        liked = await alice.post("/post_actions", data={"id": reply.id, "post_action_type_id": 2})
        assert liked.json()["actions_summary"] == [{"id": 2, "count": 1, "acted": True, "can_undo": True}]
        voted = await alice.post("/post_voting/vote.json", json={"post_id": reply.id, "direction": "down"})
        assert voted.json()["score"] == -1
        await alice.request("DELETE", f"/post_actions/{reply.id}?post_action_type_id=2")
        assert (await alice.post("/solution/accept", json={"id": reply.id})).status_code == 200
        seen = (await alice.get(f"/t/{topic.id}.json")).json()
        assert seen["has_accepted_answer"] is True
        assert seen["post_stream"]["posts"][1]["accepted_answer"] is True
        await alice.post("/solution/unaccept", json={"id": reply.id})
        assert (await alice.get(f"/t/{topic.id}.json")).json()["has_accepted_answer"] is False


async def test_a_hundred_retries_with_one_key_make_one_post(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    headers = {
        "Api-Key": await create_key(None, unlimited=True),
        "Api-Username": "bob",
        "Idempotency-Key": "k1",
    }
    async with AsyncClient(base_url=site, headers=headers, timeout=30) as bob:
        sent = [
            bob.post("/posts.json", json={"topic_id": topic.id, "raw": "Only once."}) for _n in range(100)
        ]
        answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["id"] for answer in answers}) == 1
    rows = await sql("SELECT COUNT(*) AS n FROM posts WHERE topic_id = {0}", topic.id)
    assert rows[0]["n"] == 2


async def test_a_key_that_opens_nothing_is_refused_and_so_is_another_members_name(
    site: str, cast: Cast
) -> None:
    with pytest.raises(DiscourseClientError):
        await asyncio.to_thread(DiscourseClient(site, "bob", "not a key").categories)
    theirs = DiscourseClient(site, "alice", await create_key("bob"))
    with pytest.raises(DiscourseClientError):
        await asyncio.to_thread(theirs.categories)


async def test_eve_cannot_tell_a_restricted_topic_from_none(site: str, cast: Cast) -> None:
    hidden = await a_question(cast, private=True)
    reply = await a_reply(cast, hidden)
    headers = {"Api-Key": await create_key("eve"), "Api-Username": "eve"}
    async with AsyncClient(base_url=site, headers=headers) as eve:

        async def answer(path: str) -> object:
            found = await eve.get(path)
            assert found.status_code == 404
            return {**found.json(), "request_id": ""}

        absent = await answer("/t/99999.json")
        for path in (
            f"/t/{hidden.id}.json", f"/t/{hidden.slug}/{hidden.id}.json", f"/t/{hidden.id}/posts.json",
            f"/posts/{reply.id}.json", f"/posts/{reply.id}/replies.json", f"/c/{cast.private.id}.json",
            f"/posts/by_number/{hidden.id}/2.json",
        ):  # fmt: skip
            assert await answer(path) == absent
        for path in ("/latest.json", "/categories.json", "/site.json"):
            assert "Clerks only" not in (await eve.get(path)).text
            assert hidden.title not in (await eve.get(path)).text


async def test_a_limited_key_is_told_to_wait(site: str, cast: Cast) -> None:
    headers = {"Api-Key": await create_key("bob"), "Api-Username": "bob"}
    async with AsyncClient(base_url=site, headers=headers) as bob:
        answers = [await bob.get("/about.json") for _n in range(61)]
    assert answers[-1].status_code == 429
    assert answers[-1].json()["error_type"] == "rate_limit"
    wait = int(answers[-1].headers["retry-after"])
    assert 0 < wait <= 61
    assert answers[-1].json()["extras"]["wait_seconds"] == wait
    assert str(wait) in answers[-1].json()["extras"]["time_left"]
    assert answers[-1].headers["discourse-rate-limit-error-code"] == "admin_api_key_rate_limit"


async def test_every_answer_is_json_in_the_type_that_clients_compare(site: str, cast: Cast) -> None:
    async with AsyncClient(base_url=site) as visitor:
        for path in ("/about.json", "/site.json", "/categories.json", "/latest.json", "/t/9999.json"):
            answer = await visitor.get(path)
            assert answer.headers["content-type"] == "application/json; charset=utf-8"
