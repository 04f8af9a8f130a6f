"""What ends a connection as a whole: sessions, keys, suspended and closed accounts."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from forum.accounts.actions import deactivate_account, reinstate_member, suspend_member
from forum.accounts.queries import viewer_of_session_id
from forum.accounts.sessions import end_all_sessions, end_session
from forum.api.keys import create_key, revoke_key
from forum.clock import now, set_clock
from forum.credentials.actions import change_password
from forum.factors.actions import reset_factors
from forum.retention import forget_sessions
from realtime import log
from realtime.sql import sql
from tests.cast import PASSWORD, Cast, give_password
from tests.factories import a_question, a_reply
from tests.people import at
from tests.rights.ears import Ear, Room, closed_in_time
from tests.waiting import until

SECRET = "What was said after he had gone"


@dataclass
class Bobs:
    """Bob's ways in: two browsers and two programs."""

    browser: Ear
    other_browser: Ear
    program: Ear
    other_program: Ear
    session_id: int
    cookie: str
    key_id: int
    alice: Ear

    def of(self, names: str) -> list[Ear]:
        return [getattr(self, name) for name in names.split()]


async def bobs(cast: Cast, room: Room) -> Bobs:
    browser = await room.member("bob")
    session, cookie = await sql("SELECT MAX(id) AS id FROM sessions"), room.cookies["bob"]
    other = await room.member("bob", new_browser=True)
    program = await room.program(await create_key("bob"))
    key = await sql("SELECT MAX(id) AS id FROM api_keys")
    for_all = await room.program(await create_key(None), data={"username": "bob"})
    alice = await room.member("alice")
    return Bobs(browser, other, program, for_all, session[0]["id"], cookie, key[0]["id"], alice)


async def he_ends_one_session(cast: Cast, he: Bobs) -> None:
    await end_session(await cast.bob(), he.session_id)


async def he_signs_out_everywhere(cast: Cast, he: Bobs) -> None:
    assert await end_all_sessions(await cast.bob(), cast.ids["bob"]) == 2


async def he_changes_his_password(cast: Cast, he: Bobs) -> None:
    await give_password("bob")
    viewer = await viewer_of_session_id(he.session_id, "en")
    assert viewer is not None
    await change_password(viewer, PASSWORD, "a lantern under the bridge", "https://relais.example.fr")


async def ada_takes_his_lost_phone_away(cast: Cast, he: Bobs) -> None:
    await sql(
        "INSERT INTO recovery_codes (user_id, code_hash, created_at) VALUES ({0}, {1}, {2})",
        cast.ids["bob"],
        "of a lost phone",
        now(),
    )
    await reset_factors(await cast.ada(), cast.ids["bob"], "https://relais.example.fr")


async def ada_revokes_his_key(cast: Cast, he: Bobs) -> None:
    await revoke_key(await cast.ada(), he.key_id)


async def mod_suspends_him(cast: Cast, he: Bobs) -> None:
    await suspend_member(await cast.mod(), cast.ids["bob"], now() + timedelta(days=3))


async def he_closes_his_account(cast: Cast, he: Bobs) -> None:
    await deactivate_account(await cast.bob(), cast.ids["bob"])


async def his_sessions_come_to_their_end(cast: Cast, he: Bobs) -> None:
    later = now() + timedelta(days=31)
    set_clock(lambda: later)
    try:
        await forget_sessions()
    finally:
        set_clock(None)


@dataclass(frozen=True)
class End:
    """What happens, the code, whose connections end and whose stay."""

    happens: Callable[[Cast, Bobs], Awaitable[None]]
    code: int
    end: str
    stay: str = field(default="alice")


ENDS = {
    "one session": End(he_ends_one_session, 3500, "browser", "other_browser program other_program alice"),
    "all sessions": End(
        he_signs_out_everywhere, 3500, "browser other_browser", "program other_program alice"
    ),
    "another password": End(
        he_changes_his_password, 3500, "other_browser", "browser program other_program alice"
    ),
    "a lost phone": End(
        ada_takes_his_lost_phone_away, 3500, "browser other_browser", "program other_program alice"
    ),
    "a key": End(ada_revokes_his_key, 3500, "program", "browser other_browser other_program alice"),
    "suspension": End(mod_suspends_him, 3503, "browser other_browser program other_program"),
    "closing": End(he_closes_his_account, 3503, "browser other_browser program other_program"),
    "thirty days": End(
        his_sessions_come_to_their_end, 3500, "browser other_browser alice", "program other_program"
    ),
}


@pytest.mark.parametrize("name", ENDS)
async def test_cve_2026_9162_what_lets_bob_in_goes_and_his_connections_with_it(
    site: str, cast: Cast, room: Room, name: str
) -> None:
    """And CVE-2016-4427, CVE-2023-32682."""
    end, topic = ENDS[name], await a_question(cast, private=True)
    he, channel = await bobs(cast, room), f"topic:{topic.id}"
    for ear in he.of("browser other_browser program other_program alice"):
        await ear.subscribe(channel)
    await end.happens(cast, he)
    began = time.monotonic()
    reply = await a_reply(cast, topic, await cast.alice(), raw=SECRET)  # the very next transaction
    await until(lambda: all(ear.posts(channel) == [reply.number] for ear in he.of(end.stay)))
    await closed_in_time(began, end.code, *he.of(end.end))
    for ear in he.of(end.end):
        assert SECRET not in "\n".join(line.text for line in ear.lines)
    for ear in he.of(end.stay):
        await ear.everything()
        assert ear.closed is None


@pytest.mark.parametrize("name", ["one session", "suspension", "closing"])
async def test_whoever_comes_back_with_the_old_cookie_is_a_visitor(
    site: str, cast: Cast, room: Room, name: str
) -> None:
    topic, he = await a_question(cast, private=True), await bobs(cast, room)
    channel = f"topic:{topic.id}"
    joined = await he.browser.subscribe(channel)
    await a_reply(cast, topic, await cast.alice(), raw=SECRET)
    await ENDS[name].happens(cast, he)
    await until(lambda: he.browser.closed is not None)
    room.cookies["bob"] = he.cookie
    back = await room.member("bob")
    since = {"recover": True, "offset": joined["offset"], "epoch": joined["epoch"]}
    there = await back.say_as(5, "subscribe", channel=channel, **since)
    assert there == await back.say_as(5, "subscribe", channel="topic:987654", **since)
    assert there == await back.say_as(5, "subscribe", channel=f"user:{cast.ids['bob']}", **since)
    assert '"code":103' in there
    visitor = await room.visitor()
    assert set(back.lines[0].message["connect"]) == set(visitor.lines[0].message["connect"])


@pytest.mark.parametrize("name", ["suspension", "closing"])
async def test_whoever_is_let_in_again_hears_again(site: str, cast: Cast, room: Room, name: str) -> None:
    topic, he = await a_question(cast, private=True), await bobs(cast, room)
    channel = f"topic:{topic.id}"
    joined = await he.browser.subscribe(channel)
    await ENDS[name].happens(cast, he)
    await until(lambda: he.browser.closed is not None)
    reply = await a_reply(cast, topic, await cast.alice())
    await reinstate_member(await cast.ada(), cast.ids["bob"])
    back = await room.member("bob", new_browser=True)
    since = {"recover": True, "offset": joined["offset"], "epoch": joined["epoch"]}
    missed = (await back.subscribe(channel, **since))["publications"]
    assert [pub["data"]["post_id"] for pub in missed] == [reply.id]


async def test_signing_out_at_the_page_ends_that_browser_alone(site: str, cast: Cast, room: Room) -> None:
    one, tab = await room.member("bob"), await room.member("bob")
    browser = at(site)
    browser.client.cookies.set("relais", room.cookies["bob"])
    other = await room.member("bob", new_browser=True)
    began = time.monotonic()
    await browser.post("/session/deletion")
    await closed_in_time(began, 3500, one, tab)
    await other.everything()
    assert other.closed is None


async def test_when_changes_may_have_been_missed_everyone_is_asked_what_let_them_in(
    site: str, cast: Cast, room: Room
) -> None:
    """A log that was renewed tells nothing of what came before: sessions and keys are looked up again."""
    he = await bobs(cast, room)
    await sql("DELETE FROM sessions WHERE id = {0}", he.session_id)
    await sql("UPDATE api_keys SET revoked_at = created_at WHERE id = {0}", he.key_id)
    await log.renew_epoch()
    await until(lambda: he.browser.closed is not None and he.program.closed is not None)
    for ear in he.of("other_browser other_program alice"):
        await ear.everything()
        assert ear.closed is None
