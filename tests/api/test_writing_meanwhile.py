"""What a program writes while the world changes: it is told, and nothing is overwritten unseen."""

import pytest
from httpx2 import AsyncClient

from forum.posts.actions import delete_post
from forum.topics.actions import delete_topic, set_closed
from realtime.sql import sql
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen


@pytest.mark.parametrize("name", ["original_text", "raw_old"])
async def test_the_second_of_two_programs_that_edit_a_post_is_told(site: str, cast: Cast, name: str) -> None:
    reply = await a_reply(cast, await a_question(cast), raw="The text before.")
    async with program_of(site, "bob") as bob, program_of(site, "mod") as mod:
        edit = {"post": {"raw": "Mod was faster.", name: "The text before."}}
        assert (await mod.put(f"/posts/{reply.id}.json", json=edit)).status_code == 200
        late = {"post": {"raw": "Bob was slower.", name: "The text before."}}
        answer = await bob.put(f"/posts/{reply.id}.json", json=late)
        assert (answer.status_code, answer.json()["error_type"]) == (409, "conflict")
        now = (await bob.get(f"/posts/{reply.id}.json")).json()["raw"]
        assert now == "Mod was faster."
        knowing = {"post": {"raw": "Bob knows.", name: now}}
        assert (await bob.put(f"/posts/{reply.id}.json", json=knowing)).status_code == 200


async def test_a_program_is_told_that_the_topic_was_closed_or_is_gone(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    mod = await cast.mod()
    await sql("UPDATE users SET locale = 'en'")
    async with program_of(site, "bob") as bob:
        words = {"topic_id": topic.id, "raw": "Too late?"}
        await set_closed(mod, topic, True)
        closed = await bob.post("/posts.json", json=words)
        assert (closed.status_code, closed.json()["error_type"]) == (403, "invalid_access")
        assert "closed" in closed.json()["errors"][0]
        await set_closed(mod, await again(mod, topic), False)
        await delete_post(mod, await seen(mod, reply))
        edit = {"post": {"raw": "Anyway."}}
        assert (await bob.put(f"/posts/{reply.id}.json", json=edit)).status_code == 403
        await delete_topic(mod, await again(mod, topic))
        assert (await bob.post("/posts.json", json=words)).status_code == 404
        assert (await bob.put(f"/posts/{reply.id}.json", json=edit)).status_code == 404


async def test_cve_2023_22489_a_topic_whose_first_post_goes_is_open_to_nobody(site: str, cast: Cast) -> None:
    """The post that opens a topic goes with it only: nothing is left behind to reply to."""
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    (first,) = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1", topic.id)
    wishes: dict[str, dict[str, object]] = {
        "/posts.json": {"topic_id": topic.id, "raw": "Still open?"},
        "/post_voting/vote": {"post_id": reply.id, "direction": "up"},
        "/solution/accept": {"id": reply.id},
    }
    async with program_of(site, "alice") as alice, program_of(site, "eve") as eve:
        for program in (alice, eve):
            assert (await program.delete(f"/posts/{first['id']}.json")).status_code == 403
        mod = await cast.mod()
        await delete_topic(mod, await again(mod, topic))
        for program in (alice, eve):
            for path, fields in wishes.items():
                assert (await program.post(path, json=fields)).status_code == 404, path


async def test_a_session_that_ended_is_told_as_json(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    headers = {"Cookie": "relais=ended", "Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    async with AsyncClient(base_url=site, headers=headers) as browser:
        for path, body in (
            ("/posts.json", {"topic_id": topic.id, "raw": "Words."}),
            (f"/t/{topic.id}/posts", {"raw": "Words."}),
        ):  # fmt: skip
            answer = await browser.post(path, data=body)
            assert (answer.status_code, answer.json()["error_type"]) == (403, "invalid_access")
            assert answer.json()["errors"][0]


@pytest.mark.parametrize("raw", ["", "  \n\t", "\u200b\u2060", "x" * 32_001, "a\x00b", "\x1b[2J"])
async def test_a_text_that_cannot_be_a_post_is_refused_at_its_field(site: str, cast: Cast, raw: str) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    title = {"title": "Three words here", "category": cast.theme.id}
    async with program_of(site, "bob") as bob:
        for answer in (
            await bob.post("/posts.json", json={"topic_id": topic.id, "raw": raw}),
            await bob.post("/posts.json", json=title | {"raw": raw}),
            await bob.put(f"/posts/{reply.id}.json", json={"post": {"raw": raw}}),
        ):
            assert (answer.status_code, list(answer.json()["fields"])) == (422, ["raw"])
    assert (await again(await cast.bob(), topic)).posts_count == 2


async def test_a_hundred_thousand_fields_are_refused(site: str, cast: Cast) -> None:
    form = "&".join(f"a{n}=1" for n in range(100_000))
    many = "{" + ",".join(f'"a{n}":1' for n in range(80_000)) + "}"
    async with program_of(site, "bob") as bob:
        for media_type, body in (("application/x-www-form-urlencoded", form), ("application/json", many)):
            answer = await bob.post("/posts.json", content=body, headers={"Content-Type": media_type})
            assert answer.status_code in (400, 413, 422), answer.text
            assert answer.json()["errors"]
            assert answer.elapsed.total_seconds() < 1
