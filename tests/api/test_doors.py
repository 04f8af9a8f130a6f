"""Who comes in as whom, and what is told to caches on the way."""

from datetime import UTC, datetime, timedelta

from httpx2 import AsyncClient

from forum.accounts.models import User
from forum.api.keys import create_key
from forum.clock import now, set_clock
from realtime.sql import as_datetime, sql
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import signed_in


async def whoami(client: AsyncClient, **headers: str) -> str | None:
    """The member that the site takes the client for; None: a visitor."""
    answer = await client.get("/session/current.json", headers=headers)
    return answer.json()["current_user"]["username"] if answer.status_code == 200 else None


async def test_a_key_of_all_users_speaks_for_whom_it_names_and_only_for_members(
    site: str, cast: Cast
) -> None:
    async with AsyncClient(base_url=site, headers={"Api-Key": await create_key(None)}) as program:
        assert await whoami(program, **{"Api-Username": "ALICE"}) == "alice"
        assert await whoami(program, **{"Api-Username": "bob"}) == "bob"
        for name in ("nobody", ""):
            answer = await program.get("/latest.json", headers={"Api-Username": name})
            assert (answer.status_code, answer.json()["error_type"]) == (403, "invalid_access")


async def test_a_key_of_bob_needs_no_name_and_takes_no_other(site: str, cast: Cast) -> None:
    async with AsyncClient(base_url=site, headers={"Api-Key": await create_key("bob")}) as program:
        assert await whoami(program) == "bob"
        assert (await program.get("/latest.json", headers={"Api-Username": "alice"})).status_code == 403


async def test_a_revoked_key_and_one_of_a_suspended_member_open_nothing(site: str, cast: Cast) -> None:
    async with program_of(site, "bob") as bob, program_of(site, "eve") as eve:
        assert (await bob.get("/latest.json")).status_code == 200
        await sql("UPDATE api_keys SET revoked_at = created_at WHERE user_id = {0}", cast.ids["bob"])
        await User.filter(id=cast.ids["eve"]).update(suspended_until=datetime(2999, 1, 1, tzinfo=UTC))
        refused = [(await one.get("/latest.json")).json() for one in (bob, eve)]
    assert {answer["error_type"] for answer in refused} == {"invalid_access"}
    assert refused[0]["errors"] == refused[1]["errors"]


async def test_beside_a_key_alices_cookie_counts_for_nothing(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    assert await whoami(alice.client) == "alice"
    assert await whoami(alice.client, **{"Api-Key": await create_key("bob")}) == "bob"
    wrong = await alice.client.get("/latest.json", headers={"Api-Key": "wrong"})
    assert wrong.status_code == 403


async def test_on_a_page_a_key_opens_nothing(site: str, cast: Cast) -> None:
    hidden = await a_question(cast, private=True)
    async with program_of(site, "alice") as alice:
        assert (await alice.get(f"/t/{hidden.id}.json")).status_code == 200
        assert (await alice.get(f"/t/{hidden.slug}/{hidden.id}")).status_code == 404


async def test_alices_session_serves_the_api_from_pages_of_the_site_only(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    alice = await signed_in(site, "alice")
    reply = {"topic_id": str(topic.id), "raw": "From my browser."}
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        assert (await alice.client.post("/posts.json", data=reply, headers=headers)).status_code == 403
    ours = await alice.client.post("/posts.json", data=reply, headers={"Sec-Fetch-Site": "same-origin"})
    assert (ours.status_code, ours.json()["username"]) == (200, "alice")


async def test_a_visitor_reads_and_is_told_to_sign_in_before_writing(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with AsyncClient(base_url=site) as visitor:
        assert (await visitor.get(f"/t/{topic.id}.json")).json()["details"]["can_create_post"] is False
        for method, path in (
            ("POST", "/posts.json"), ("PUT", "/posts/1.json"), ("DELETE", "/posts/1.json"),
            ("PUT", f"/t/-/{topic.id}.json"), ("PUT", f"/t/{topic.slug}/{topic.id}"),
            ("PUT", f"/t/{topic.id}/status"), ("POST", f"/t/{topic.id}/notifications.json"),
            ("POST", "/post_actions"), ("DELETE", "/post_actions/1"), ("POST", "/post_voting/vote"),
            ("POST", "/solution/accept"), ("POST", "/topics/timings"), ("GET", "/notifications.json"),
            ("PUT", "/notifications/mark-read.json"),
        ):  # fmt: skip
            answer = await visitor.request(method, path)
            assert (answer.status_code, answer.json()["error_type"]) == (403, "invalid_access"), path


async def test_no_cache_keeps_an_answer_for_another_and_no_other_site_reads_it(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    async with program_of(site, "alice") as alice:
        for path in (f"/t/{topic.id}.json", "/latest.json", "/nothing.json", "/session/current.json"):
            answer = await alice.get(path, headers={"Origin": "https://elsewhere.example"})
            assert answer.headers["cache-control"] == "private, no-cache", path
            assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "Api-Key" in (await alice.get("/latest.json")).headers["vary"]


async def test_a_key_answers_in_its_members_language(site: str, cast: Cast) -> None:
    await sql("UPDATE users SET locale = 'en' WHERE id = {0}", cast.ids["bob"])
    async with program_of(site, "bob") as bob:
        said = (await bob.get("/t/999999.json", headers={"Accept-Language": "fr"})).json()["errors"]
    assert said == ["The page was moved, deleted, or is not open to you."]


async def test_votes_by_program_are_counted_with_those_by_hand(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    post = await a_reply(cast, topic)
    alice = await signed_in(site, "alice")
    headers = {"Sec-Fetch-Site": "same-origin"}
    vote = {"post_id": str(post.id), "direction": "up"}
    answers = [await alice.client.post("/post_voting/vote", data=vote, headers=headers) for _n in range(61)]
    assert {answer.status_code for answer in answers[:60]} == {200}
    assert (answers[60].status_code, answers[60].json()["error_type"]) == (429, "rate_limit")
    assert (await alice.post(f"/posts/{post.id}/vote", value="0")).status_code == 429


async def test_the_last_use_of_a_key_is_known_to_the_hour(site: str, cast: Cast) -> None:
    start = now()

    async def used() -> datetime | None:
        (row,) = await sql("SELECT last_used_at FROM api_keys")
        return as_datetime(row["last_used_at"]) if row["last_used_at"] else None

    async with program_of(site, "bob") as bob:
        assert await used() is None
        seen = []
        for minutes in (0, 30, 59, 90):
            set_clock(lambda minutes=minutes: start + timedelta(minutes=minutes))
            await bob.get("/session/current.json")
            seen.append(await used())
    set_clock(None)
    later = start + timedelta(minutes=90)
    assert seen == [start, start, start, later]
