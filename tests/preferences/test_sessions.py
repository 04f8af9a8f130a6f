"""Bob looks where he is signed in, and ends what he does not know."""

import asyncio
import re
import time
from datetime import timedelta

import pytest

from forum.clock import now, set_clock
from realtime.sql import sql
from tests.cast import Cast, give_password
from tests.people import Person, at, signed_in
from tests.rights.conftest import room
from tests.rights.ears import Room, closed_in_time
from tests.waiting import until

__all__ = ["room"]

PAGE = "/preferences/sessions"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0"


async def with_browser(site: str, who: str, user_agent: str) -> Person:
    """A member of the cast, signed in with this browser."""
    await give_password(who)
    person = at(site)
    person.client.headers["User-Agent"] = user_agent
    assert (await person.sign_in(who)).status_code == 303
    return person


async def is_in(person: Person) -> bool:
    return (await person.client.get("/session/current.json")).status_code == 200


async def ids_of(who: int) -> list[int]:
    return [row["id"] for row in await sql("SELECT id FROM sessions WHERE user_id = {0} ORDER BY id", who)]


async def test_bob_sees_each_of_his_browsers_and_nobody_elses(site: str, cast: Cast) -> None:
    bob = await with_browser(site, "bob", FIREFOX)
    await with_browser(site, "bob", "teapot/1.0")
    await with_browser(site, "alice", "Mozilla/5.0 (iPad) FxiOS/145.0")
    text = (await bob.get(PAGE)).text
    assert text.count("Firefox on Windows") == 2, "its name, and the name of its button"
    assert text.count("Unknown browser") == 2
    assert "iPad" not in text
    assert "teapot" not in text
    assert text.count("address 127.0.0.1") == 2
    assert text.index("Firefox on Windows") < text.index("this browser") < text.index("Unknown browser")


async def test_a_visitor_signs_in_first_and_comes_back(site: str, cast: Cast) -> None:
    visitor = at(site)
    for path in (PAGE,):
        answer = await visitor.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/session/new?return_to={path}")


async def test_discourses_address_leads_to_the_preferences(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    for path in ("/preferences", "/my/preferences"):
        answer = await bob.get(path)
        assert answer.status_code == 200
        assert "/preferences/" in str(answer.url)


async def test_bob_signs_another_browser_out(site: str, cast: Cast, room: Room) -> None:
    bob, ear = await signed_in(site, "bob"), await room.member("bob")
    _here, there = await ids_of(cast.ids["bob"])
    began = time.monotonic()
    answer = await bob.post(f"{PAGE}/{there}/deletion")
    assert answer.headers["location"] == f"{PAGE}?ended=one"
    await closed_in_time(began, 3500, ear)
    assert "That browser is signed out." in (await bob.get(answer.headers["location"])).text
    assert await is_in(bob)


async def test_this_browser_is_signed_out_like_at_the_menu(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    (here,) = await ids_of(cast.ids["bob"])
    answer = await bob.post(f"{PAGE}/{here}/deletion")
    assert answer.headers["location"] == "/"
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "relais" not in bob.client.cookies
    assert not await is_in(bob)


async def test_out_everywhere_else_leaves_this_browser(site: str, cast: Cast, room: Room) -> None:
    bob, alice = await signed_in(site, "bob"), await signed_in(site, "alice")
    ears = [await room.member("bob"), await room.member("bob", new_browser=True)]
    began = time.monotonic()
    answer = await bob.post(f"{PAGE}/deletion", which="others")
    await closed_in_time(began, 3500, *ears)
    text = (await bob.get(answer.headers["location"])).text
    assert "All other browsers are signed out." in text
    assert 'value="others"' not in text, "there is nothing left to end"
    assert await is_in(bob)
    assert await is_in(alice)


async def test_out_everywhere_is_here_too(site: str, cast: Cast, room: Room) -> None:
    bob, alice = await signed_in(site, "bob"), await signed_in(site, "alice")
    ear, began = await room.member("bob"), time.monotonic()
    answer = await bob.post(f"{PAGE}/deletion", which="all")
    assert answer.headers["location"] == "/"
    await closed_in_time(began, 3500, ear)
    assert not await is_in(bob)
    assert await is_in(alice)


@pytest.mark.parametrize("who", ["eve", "mod", "ada", "visitor"])
async def test_a_session_of_anothers_is_one_that_does_not_exist(site: str, cast: Cast, who: str) -> None:
    bob = await signed_in(site, "bob")
    (his,) = await ids_of(cast.ids["bob"])
    other = at(site) if who == "visitor" else await signed_in(site, who)
    answers = [await other.post(f"{PAGE}/{number}/deletion") for number in (his, 987_654)]
    told = [re.sub(r"[0-9a-f]{32}|/\d+/deletion", "", answer.text) for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told[0] == told[1]
    assert await is_in(bob)


async def test_pressed_twice_at_once_it_is_ended_once(site: str, cast: Cast) -> None:
    bob, _other = await signed_in(site, "bob"), await signed_in(site, "bob")
    _here, there = await ids_of(cast.ids["bob"])
    answers = await asyncio.gather(*(bob.post(f"{PAGE}/{there}/deletion") for _n in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404, 404]
    told = await sql("SELECT COUNT(*) AS n FROM live_events WHERE kind = 'session.ended'")
    assert told == [{"n": 1}]


async def test_what_is_no_choice_ends_nothing(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    for fields in ({"which": ""}, {"which": "everyone"}, {"other": "all"}):
        assert (await bob.post(f"{PAGE}/deletion", **fields)).status_code == 422
    assert await is_in(bob)


async def test_the_last_use_is_noted_now_and_then_and_not_at_each_request(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    (before,) = await sql("SELECT last_seen_at FROM sessions")
    for _n in range(3):
        await bob.get("/")
    assert await sql("SELECT last_seen_at FROM sessions") == [before]
    await sql("UPDATE sessions SET address = '192.0.2.7'")
    later = now() + timedelta(minutes=20)
    set_clock(lambda: later)
    try:
        await asyncio.gather(*(bob.get("/") for _n in range(4)))

        async def noted() -> bool:
            rows = await sql("SELECT address FROM sessions")
            return bool(rows[0]["address"] == "127.0.0.1")

        await until(noted)
        (after,) = await sql("SELECT last_seen_at FROM sessions")
        assert after != before
        await bob.get("/")
        assert await sql("SELECT last_seen_at FROM sessions") == [after]
    finally:
        set_clock(None)
