"""Bob closes his account himself: it takes his password, and takes everything that lets him in."""

import time

import pytest

from forum.accounts.actions import reinstate_member
from forum.api.keys import create_key
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.factories import a_question, a_reply
from tests.people import Person, at, signed_in
from tests.rights.conftest import room
from tests.rights.ears import Room, closed_in_time

__all__ = ["room"]

PAGE = "/preferences/deactivation"


async def is_in(person: Person) -> bool:
    return (await person.client.get("/session/current.json")).status_code == 200


async def test_bob_closes_his_account_and_everything_of_his_ends(site: str, cast: Cast, room: Room) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic, raw="We did it with a neighbour.")
    bob, other = await signed_in(site, "bob"), await signed_in(site, "bob")
    key = await create_key("bob")
    ears = [await room.member("bob"), await room.program(key)]
    page = (await bob.get(PAGE)).text
    assert "what you wrote stays, under your name" in page
    began = time.monotonic()
    answer = await bob.post(PAGE, password=PASSWORD)
    assert answer.headers["location"] == f"{PAGE}?closed=1"
    await closed_in_time(began, 3503, *ears)
    assert "Your account is closed" in (await bob.get(answer.headers["location"])).text
    assert "relais" not in bob.client.cookies
    assert not await is_in(bob)
    assert not await is_in(other)
    assert (await bob.sign_in("bob")).status_code == 422
    program = await at(site).client.get("/latest.json", headers={"Api-Key": key})
    assert program.status_code == 403
    text = (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
    assert "We did it with a neighbour." in text
    assert "<bdi>Bob</bdi>" in text
    assert (await at(site).client.get("/u/bob")).status_code == 404


async def test_an_administrator_lets_him_in_again(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    await bob.post(PAGE, password=PASSWORD)
    await reinstate_member(await cast.ada(), cast.ids["bob"])
    assert (await bob.sign_in("bob")).status_code == 303
    assert (await bob.client.get("/u/bob")).status_code == 200


@pytest.mark.parametrize("password", ["", "not his password", PASSWORD.upper()])
async def test_without_his_password_nothing_happens(site: str, cast: Cast, password: str) -> None:
    bob = await signed_in(site, "bob")
    answer = await bob.post(PAGE, password=password)
    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert await is_in(bob)


async def test_passwords_are_not_tried_here_without_end(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    answers = [(await bob.post(PAGE, password=f"guess {n}")).status_code for n in range(12)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert (await bob.post(PAGE, password=PASSWORD)).status_code == 429
    assert await is_in(bob)


async def test_the_last_administrator_stays(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    answer = await ada.post(PAGE, password=PASSWORD)
    assert answer.status_code == 422
    assert "You are the only administrator" in answer.text
    assert await is_in(ada)
    await sql("UPDATE users SET admin = {0} WHERE username = 'mod'", True)
    assert (await ada.post(PAGE, password=PASSWORD)).status_code == 303
    assert not await is_in(ada)


async def test_a_visitor_finds_the_way_to_sign_in(site: str, cast: Cast) -> None:
    visitor = at(site)
    assert (await visitor.client.get(PAGE)).headers["location"] == f"/session/new?return_to={PAGE}"
    assert (await visitor.post(PAGE, password=PASSWORD)).status_code == 404
