"""The provider itself tells that somebody signed out there: what it opened here ends, and nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from httpx2 import Response

from forum.clock import now, set_clock
from forum.single_sign_on.actions import forget_arrivals
from realtime.sql import sql
from tests.cast import Cast
from tests.people import Person, at
from tests.rights.ears import Room, closed_in_time
from tests.servers import rogue as forging
from tests.servers.rogue import CLIENT, Claims, Rogue
from tests.single_sign_on import test_lies
from tests.single_sign_on.test_lies import link_bob, there_and_back

PATH = "/auth/oidc/backchannel-logout"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
rogue, app = test_lies.rogue, test_lies.app


@pytest.fixture
async def room(site: str) -> AsyncIterator[Room]:
    """Those who listen at the site."""
    async with AsyncExitStack() as stack:
        yield Room(site, stack)


async def told(site: str, rogue: Rogue, **changed: object) -> Response:
    """The provider says that Bob signed out; what is None is not said."""
    return await sent(site, token_of(rogue, **changed))


def token_of(rogue: Rogue, **changed: object) -> str:
    """Its token that says so."""
    moment = int(time.time())
    claims: Claims = {
        "iss": rogue.issuer, "aud": CLIENT, "sub": "bob-there", "iat": moment, "exp": moment + 60,
        "jti": "one", "events": {EVENT: {}}, **changed,
    }  # fmt: skip
    return rogue.sign(rogue, {name: value for name, value in claims.items() if value is not None})


async def sent(site: str, token: str) -> Response:
    """A program posts it: neither cookies nor a page."""
    return await at(site).client.post(PATH, data={"logout_token": token})


async def bob_at(site: str, rogue: Rogue, sid: str | None = None) -> Person:
    """A browser that the provider lets in."""
    rogue.claims.update({"sid": sid} if sid else {})
    bob = at(site)
    assert (await there_and_back(bob, rogue)).headers["location"] == "/"
    return bob


async def is_in(person: Person) -> bool:
    return "Sign out" in (await person.get("/u/bob")).text


async def test_bob_is_signed_out_of_each_browser_that_the_provider_let_in_sockets_too(
    site: str, cast: Cast, rogue: Rogue, room: Room
) -> None:
    by_password = await link_bob(site, rogue)
    browsers = [await bob_at(site, rogue) for _n in range(2)]
    ears = []
    for browser in browsers:
        room.cookies["bob"] = browser.client.cookies["relais"]
        ears.append(await room.member("bob"))
    alice = await room.member("alice")
    began = time.monotonic()
    answer = await told(site, rogue)
    assert (answer.status_code, answer.headers["cache-control"], answer.text) == (200, "no-store", "")
    await closed_in_time(began, 3500, *ears)
    assert [await is_in(browser) for browser in browsers] == [False, False]
    assert await is_in(by_password)
    assert alice.closed is None
    assert not await sql("SELECT 1 FROM provider_sessions")


async def test_one_session_there_ends_what_it_opened_here(site: str, cast: Cast, rogue: Rogue) -> None:
    await link_bob(site, rogue)
    office, home = await bob_at(site, rogue, "office"), await bob_at(site, rogue, "home")
    assert (await told(site, rogue, sid="office")).status_code == 200
    assert [await is_in(office), await is_in(home)] == [False, True]
    assert (await told(site, rogue, jti="two", sub=None, sid="home")).status_code == 200
    assert not await is_in(home)


async def test_a_session_that_the_provider_gave_no_name_ends_with_any_of_its_person(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    await link_bob(site, rogue)
    bob = await bob_at(site, rogue)
    assert (await told(site, rogue, sub=None, sid="office")).status_code == 200
    assert await is_in(bob), "nobody knows whose session it is"
    assert (await told(site, rogue, jti="two", sid="office")).status_code == 200
    assert not await is_in(bob)


async def test_a_session_from_before_this_was_kept_ends_too(site: str, cast: Cast, rogue: Rogue) -> None:
    await link_bob(site, rogue)
    bob = await bob_at(site, rogue)
    await sql("UPDATE provider_sessions SET issuer = '', subject = ''")
    assert (await told(site, rogue, sub="alice-there")).status_code == 200
    assert await is_in(bob)
    assert (await told(site, rogue, jti="two")).status_code == 200
    assert not await is_in(bob)


LONG_AGO = 1_000_000_000
LIES: dict[str, Callable[[Rogue], str]] = {
    "algorithm none": lambda rogue: lie(rogue, forging.unsigned),
    "signed with the secret that both know": lambda rogue: lie(rogue, forging.signed_with_the_secret),
    "another key": lambda rogue: lie(rogue, forging.signed_by_another),
    "no token": lambda rogue: "",
    "no JSON": lambda rogue: "a.b.c",
    "another issuer": lambda rogue: token_of(rogue, iss="https://evil.example"),
    "for another site": lambda rogue: token_of(rogue, aud="another"),
    "for others": lambda rogue: token_of(rogue, aud=["another", "third"]),
    "for nobody": lambda rogue: token_of(rogue, aud=None),
    "no time": lambda rogue: token_of(rogue, iat=None),
    "a time that is none": lambda rogue: token_of(rogue, iat="now"),
    "a time beyond all dates": lambda rogue: token_of(rogue, iat=1e300),
    "long ago": lambda rogue: token_of(rogue, iat=LONG_AGO),
    "of tomorrow": lambda rogue: token_of(rogue, iat=int(time.time()) + 86_400),
    "over": lambda rogue: token_of(rogue, exp=LONG_AGO),
    "no event": lambda rogue: token_of(rogue, events=None),
    "another event": lambda rogue: token_of(rogue, events={"http://example.org/risc": {}}),
    "an event that is no object": lambda rogue: token_of(rogue, events={EVENT: True}),
    "events in a list": lambda rogue: token_of(rogue, events=[EVENT]),
    "with a nonce": lambda rogue: token_of(rogue, nonce="n"),
    "no number": lambda rogue: token_of(rogue, jti=None),
    "a number that is none": lambda rogue: token_of(rogue, jti=7),
    "nobody": lambda rogue: token_of(rogue, sub=None),
    "somebody who is no text": lambda rogue: token_of(rogue, sub=["bob-there"]),
    "more than can be kept": lambda rogue: token_of(rogue, sub="b" * 256),
}


def lie(rogue: Rogue, sign: Callable[[Rogue, Claims], str]) -> str:
    """A token that is signed otherwise."""
    honest, rogue.sign = rogue.sign, sign
    try:
        return token_of(rogue)
    finally:
        rogue.sign = honest


async def test_what_does_not_hold_ends_nothing(site: str, cast: Cast, rogue: Rogue) -> None:
    await link_bob(site, rogue)
    bob = await bob_at(site, rogue)
    answers = {name: await sent(site, forge(rogue)) for name, forge in LIES.items()}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 400} == {}
    assert answers["over"].json() == {"error": "invalid_request"}
    assert await is_in(bob)
    assert not await sql("SELECT 1 FROM provider_sign_outs")


async def test_the_token_by_which_bob_came_in_signs_him_out_of_nothing(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    await link_bob(site, rogue)
    bob = await bob_at(site, rogue)
    (row,) = await sql("SELECT id_token FROM provider_sessions")
    assert (await sent(site, row["id_token"])).status_code == 400
    assert await is_in(bob)


async def test_of_a_hundred_of_the_same_token_one_is_obeyed(site: str, cast: Cast, rogue: Rogue) -> None:
    await link_bob(site, rogue)
    token, program = token_of(rogue), at(site).client
    program.timeout = 120
    answers = await asyncio.gather(*(program.post(PATH, data={"logout_token": token}) for _n in range(100)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 99
    late = now() + timedelta(hours=1, minutes=1)
    set_clock(lambda: late)
    try:
        await forget_arrivals()
    finally:
        set_clock(None)
    assert not await sql("SELECT 1 FROM provider_sign_outs")


async def test_whoever_signs_out_there_while_they_owe_the_second_factor_does_not_come_in(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    """As when the sign-out comes between the session and the note of whose it is."""
    await link_bob(site, rogue)
    assert (await told(site, rogue, iat=int(time.time()) + 5)).status_code == 200
    bob = at(site)
    await there_and_back(bob, rogue)
    assert not await is_in(bob)
    rogue.claims["iat"] = int(time.time()) + 10
    assert await is_in(await bob_at(site, rogue)), "whoever signs in again is in"


async def test_a_provider_whose_keys_cannot_be_had_is_told_to_come_again(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    rogue.down = True
    answer = await told(site, rogue)
    assert (answer.status_code, answer.json()) == (503, {"error": "temporarily_unavailable"})


async def test_a_page_of_another_site_cannot_bring_a_token_along(site: str, cast: Cast, rogue: Rogue) -> None:
    await link_bob(site, rogue)
    bob = await bob_at(site, rogue)
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = await bob.client.post(PATH, data={"logout_token": token_of(rogue)}, headers=elsewhere)
    assert answer.status_code == 403
    assert await is_in(bob)
