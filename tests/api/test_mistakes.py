"""What a program mistypes is told; nothing else is done instead."""

from typing import Any

import pytest

from forum.categories.actions import create_category
from realtime.sql import sql
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, a_reply, again

HUGE = "99999999999999999999"


async def test_cve_2026_27491_a_category_that_is_no_number_does_not_become_another_category(
    site: str, cast: Cast
) -> None:
    question = {"title": "Who cooks for sixty children?", "raw": "We look for advice."}
    async with program_of(site, "alice") as alice:
        for category in ("school-meals", "-1", HUGE, "1.5"):
            answer = await alice.post("/posts.json", json=question | {"category": category})
            assert (answer.status_code, list(answer.json()["fields"])) == (422, ["category"])
        assert (await alice.get("/latest.json")).json()["topic_list"]["topics"] == []


@pytest.mark.parametrize("name", ["topic_id", "reply_to_post_number"])
async def test_a_reply_to_nowhere_is_not_written_elsewhere(site: str, cast: Cast, name: str) -> None:
    topic = await a_question(cast)
    fields: dict[str, Any] = {"raw": "We did it in 2023.", "topic_id": topic.id} | {name: "second"}
    async with program_of(site, "bob") as bob:
        answer = await bob.post("/posts.json", json=fields)
    assert (answer.status_code, answer.json()["error_type"]) == (422, "invalid_parameters")
    assert (await again(await cast.bob(), topic)).posts_count == 1


async def test_a_mistyped_alert_does_not_mark_all_of_alices_as_read(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    async with program_of(site, "alice") as alice:
        assert (await alice.put("/notifications/mark-read.json", json={"id": "first"})).status_code == 422
        shown = (await alice.get("/notifications.json")).json()
        assert [(alert["read"], alert["topic_id"]) for alert in shown["notifications"]] == [(False, topic.id)]
        assert (await alice.put("/notifications/mark-read.json")).status_code == 200
        assert (await alice.get("/session/current.json")).json()["current_user"]["unread_notifications"] == 0


async def test_a_status_without_enabled_does_not_open_what_mod_closed(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "mod") as mod:
        await mod.put(f"/t/{topic.id}/status", data={"status": "closed", "enabled": "true"})
        for fields in ({"status": "closed"}, {"status": "closed", "enabled": "yes"}):
            assert (await mod.put(f"/t/{topic.id}/status", data=fields)).status_code == 422
        assert (await again(await cast.mod(), topic)).closed
        await mod.put(f"/t/{topic.id}/status", json={"status": "closed", "enabled": False})
    assert not (await again(await cast.mod(), topic)).closed


async def test_taking_back_a_like_leaves_a_vote_down_alone(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    post = await a_reply(cast, topic)
    async with program_of(site, "alice") as alice:
        await alice.post("/post_voting/vote", json={"post_id": post.id, "direction": "down"})
        answer = await alice.delete(f"/post_actions/{post.id}?post_action_type_id=2")
        assert (answer.status_code, answer.json()["user_voted_direction"]) == (200, "down")
        withdrawn = await alice.delete(f"/post_voting/vote?post_id={post.id}")
        assert (withdrawn.json()["score"], withdrawn.json()["user_voted_direction"]) == (0, None)


async def test_moving_a_topic_is_for_staff_and_what_is_refused_leaves_all_as_it_was(
    site: str, cast: Cast
) -> None:
    topic, other = await a_question(cast), await create_category("Water")
    async with program_of(site, "alice") as alice, program_of(site, "mod") as mod:
        moved = {"title": "A title for elsewhere", "category_id": other.id}
        assert (await alice.put(f"/t/-/{topic.id}.json", json=moved)).status_code == 403
        for wrong in ({"title": ""}, {"category_id": cast.private.id}, {"category_id": 4_000_000}):
            assert (await mod.put(f"/t/-/{topic.id}.json", json=moved | wrong)).status_code == 422
        kept = {"topic": {"title": "A better title here", "category_id": cast.theme.id}}
        answer = (await alice.put(f"/t/{topic.id}.json", json=kept)).json()["basic_topic"]
        assert (answer["title"], answer["category_id"]) == ("A better title here", cast.theme.id)
        answer = (await mod.put(f"/t/-/{topic.id}.json", json=moved)).json()["basic_topic"]
        assert (answer["title"], answer["category_id"]) == ("A title for elsewhere", other.id)
        answer = (await mod.put(f"/t/-/{topic.id}.json", json={"category_id": cast.theme.id})).json()
        assert answer["basic_topic"]["category_id"] == cast.theme.id


async def test_numbers_that_no_row_has_are_simply_not_there(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "bob") as bob:
        for path in (
            f"/posts/{HUGE}.json", f"/t/{HUGE}.json", f"/c/{HUGE}.json", "/posts/0.json",
            f"/posts/by_number/{topic.id}/{HUGE}.json", f"/posts/by_number/{topic.id}/3000000000.json",
        ):  # fmt: skip
            assert (await bob.get(path)).status_code == 404, path
        assert (await bob.get(f"/t/{topic.id}/{HUGE}.json")).status_code == 200
        assert (await bob.get(f"/t/{topic.id}.json?post_number={HUGE}")).status_code == 422
        assert (await bob.get(f"/latest.json?page={HUGE}")).status_code == 422
        assert (await bob.get("/latest.json?page=2147483647")).json()["topic_list"]["topics"] == []
        none = (await bob.get(f"/t/{topic.id}/posts.json", params={"post_ids[]": "x"})).json()
        assert none["post_stream"]["posts"] == []


async def test_an_unknown_address_a_wrong_method_and_a_fault_of_ours_have_their_names(
    site: str, cast: Cast
) -> None:
    topic = await a_question(cast)
    await sql("UPDATE posts SET post_type = 77 WHERE topic_id = {0}", topic.id)
    async with program_of(site, "bob") as bob:
        for method, path, status, name in (
            ("GET", "/nowhere.json", 404, "not_found"), ("DELETE", "/latest.json", 405, "invalid_request"),
            ("GET", f"/t/{topic.id}.json", 500, "internal_error"),
        ):  # fmt: skip
            answer = await bob.request(method, path)
            assert (answer.status_code, answer.json()["error_type"]) == (status, name)
            assert answer.json()["request_id"] == answer.headers["x-request-id"]
            assert "Traceback" not in answer.text


async def test_bodies_that_cannot_be_read_are_refused_and_write_nothing(site: str, cast: Cast) -> None:
    json, form = "application/json", "application/x-www-form-urlencoded"
    async with program_of(site, "bob") as bob:
        for media_type, body, status in (
            (json, b"{", 400), (json, b"[1]", 400), (json, b'"raw"', 400), (json, b"[" * 5000, 400),
            (json, b'{"raw": "\\ud800", "topic_id": 1}', 400), (form, b"a=1&" * 5000, 400),
            ("multipart/form-data", b"raw=x", 400), ("text/plain", b"raw=x", 400),
            (form, b"raw=%E9t%E9&topic_id=1", 400),
        ):  # fmt: skip
            answer = await bob.post("/posts", content=body, headers={"Content-Type": media_type})
            assert answer.status_code == status, (media_type, body[:20], answer.text)
            assert answer.headers["content-type"] == "application/json; charset=utf-8"
            assert answer.json()["errors"]
    assert (await sql("SELECT COUNT(*) AS n FROM posts"))[0]["n"] == 0


async def test_a_list_is_no_text_and_is_not_published_with_its_brackets(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    post = await a_reply(cast, topic)
    async with program_of(site, "bob") as bob:
        for method, path, fields in (
            ("POST", "/posts.json", {"raw": ["Us too."], "topic_id": topic.id}),
            ("POST", "/posts.json", {"raw": "Who does?", "title": ["Who cooks for sixty children?"]}),
            ("PUT", f"/posts/{post.id}.json", {"raw": [1]}),
            ("PUT", f"/posts/{post.id}.json", {"post": {"raw": {"text": "Us too."}}}),
        ):
            answer = await bob.request(method, path, json=fields)
            assert (answer.status_code, answer.json()["error_type"]) == (422, "invalid_parameters"), fields
    assert [row["version"] for row in await sql("SELECT version FROM posts")] == [1, 1]


async def test_a_theme_that_does_not_do_is_named_in_plain_words(site: str, cast: Cast) -> None:
    question = {"title": "Who cooks for sixty children?", "raw": "We look for advice."}
    answers = set()
    async with program_of(site, "eve") as eve:
        for theme in (cast.private.id, 4_000_000):
            answer = await eve.post("/posts.json", json=question | {"category": theme})
            answers.add((answer.status_code, str(answer.json()["errors"])))
    topic = await a_question(cast)
    async with program_of(site, "mod") as mod:
        for theme in (cast.private.id, 4_000_000):
            answer = await mod.put(f"/t/-/{topic.id}.json", json={"category_id": theme})
            answers.add((answer.status_code, str(answer.json()["errors"])))
    assert answers == {(422, "['Choisissez un thème.']")}, "a hidden theme answers as one that does not exist"
