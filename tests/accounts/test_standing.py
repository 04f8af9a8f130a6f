"""Accounts that are stopped, sessions that are ended: who may do it, and what it takes away."""

from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import AsyncClient

from forum.accounts.actions import deactivate_account, reinstate_member, suspend_member
from forum.accounts.sessions import end_all_sessions, end_session
from forum.api.keys import create_key, key_opens, revoke_key
from forum.clock import now, set_clock
from forum.errors import Forbidden, Invalid, NotFound
from forum.retention import forget_sessions
from forum.settings.actions import change_setting
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.people import Person, at, signed_in

TOMORROW = timedelta(days=1)


async def is_in(person: Person) -> bool:
    """Whether the site knows who they are."""
    return (await person.client.get("/session/current.json")).status_code == 200


async def test_a_suspended_member_is_out_until_the_day_has_come(site: str, cast: Cast) -> None:
    bob, until = await signed_in(site, "bob"), now() + TOMORROW
    await suspend_member(await cast.mod(), cast.ids["bob"], until)
    assert not await is_in(bob)
    assert (await bob.sign_in("bob", PASSWORD)).status_code == 422
    later = until + timedelta(seconds=1)
    set_clock(lambda: later)
    try:
        assert not await is_in(bob), "the session of before is gone for good"
        assert (await bob.sign_in("bob", PASSWORD)).status_code == 303
        assert await is_in(bob)
    finally:
        set_clock(None)


async def test_who_is_suspended_reads_until_when_why_and_whom_to_write_to_and_nobody_else_does(
    site: str, cast: Cast
) -> None:
    await change_setting(await cast.ada(), "contact", "help@relais.example.fr")
    bob = await signed_in(site, "bob")
    until = datetime(2126, 3, 1, 12, tzinfo=UTC)
    await suspend_member(await cast.mod(), cast.ids["bob"], until, "Three <warnings>.")
    told = (await bob.sign_in("bob", PASSWORD)).text
    for words in ("suspended until", "2126", "Reason: Three &lt;warnings&gt;.", "help@relais.example.fr."):
        assert words in told, words
    assert 'href="/suspension/appeal/' in told
    assert 'value="bob"' in told
    guessed = [(await at(site).sign_in(name, "not this password")).text for name in ("bob", "nobody")]
    assert "warnings" not in guessed[0]
    assert guessed[0].replace('"bob"', '"nobody"') == guessed[1]
    await deactivate_account(await cast.ada(), cast.ids["bob"])
    assert "Three" not in (await bob.sign_in("bob", PASSWORD)).text


async def test_a_suspended_member_who_is_let_in_again_signs_in(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    await suspend_member(await cast.mod(), cast.ids["bob"], now() + TOMORROW)
    await reinstate_member(await cast.mod(), cast.ids["bob"])
    assert (await bob.sign_in("bob", PASSWORD)).status_code == 303
    assert await is_in(bob)


async def test_a_closed_account_opens_nothing_and_only_an_administrator_opens_it_again(
    site: str, cast: Cast
) -> None:
    bob, key = await signed_in(site, "bob"), await create_key("bob")
    await deactivate_account(await cast.bob(), cast.ids["bob"])
    assert not await is_in(bob)
    async with AsyncClient(base_url=site, headers={"Api-Key": key}) as program:
        assert (await program.get("/latest.json")).status_code == 403
    await reinstate_member(await cast.mod(), cast.ids["bob"])
    assert (await bob.sign_in("bob", PASSWORD)).status_code == 422
    await reinstate_member(await cast.ada(), cast.ids["bob"])
    assert (await bob.sign_in("bob", PASSWORD)).status_code == 303


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("mod", "bob", True), ("ada", "bob", True), ("ada", "mod", True), ("mod", "ada", False),
        ("mod", "mod", False), ("ada", "ada", False), ("alice", "bob", False), ("bob", "bob", False),
        ("visitor", "bob", False),
    ],
)  # fmt: skip
async def test_who_may_suspend_whom(cast: Cast, who: str, whom: str, may: bool) -> None:
    viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    for act in (
        lambda: suspend_member(viewer, cast.ids[whom], now() + TOMORROW),
        lambda: reinstate_member(viewer, cast.ids[whom]),
    ):
        if may:
            await act()
        else:
            with pytest.raises(Forbidden):
                await act()


async def test_a_day_that_has_passed_and_a_member_who_is_not_there_suspend_nobody(cast: Cast) -> None:
    mod = await cast.mod()
    with pytest.raises(Invalid):
        await suspend_member(mod, cast.ids["bob"], datetime(2020, 1, 1, tzinfo=UTC))
    for act in (suspend_member(mod, 4_000, now() + TOMORROW), reinstate_member(mod, 4_000)):
        with pytest.raises(NotFound):
            await act
    assert await sql("SELECT 1 FROM users WHERE suspended_until IS NOT NULL") == []


async def test_an_account_is_closed_by_its_owner_or_an_administrator(cast: Cast) -> None:
    for viewer in (await cast.eve(), await cast.mod(), await cast.visitor()):
        with pytest.raises(Forbidden):
            await deactivate_account(viewer, cast.ids["bob"])
    await deactivate_account(await cast.ada(), cast.ids["bob"])


async def test_a_browser_is_signed_out_by_its_owner_or_an_administrator(site: str, cast: Cast) -> None:
    one, two = await signed_in(site, "bob"), await signed_in(site, "bob")
    first, second = [row["id"] for row in await sql("SELECT id FROM sessions ORDER BY id")]
    for viewer in (await cast.eve(), await cast.mod(), await cast.visitor()):
        with pytest.raises(NotFound):
            await end_session(viewer, first)
        with pytest.raises(Forbidden):
            await end_all_sessions(viewer, cast.ids["bob"])
    await end_session(await cast.bob(), first)
    assert (await is_in(one), await is_in(two)) == (False, True)
    await end_session(await cast.ada(), second)
    assert not await is_in(two)
    with pytest.raises(NotFound):
        await end_session(await cast.ada(), second)


async def test_signing_out_everywhere_leaves_others_in(site: str, cast: Cast) -> None:
    bobs, alice = [await signed_in(site, "bob") for _n in range(3)], await signed_in(site, "alice")
    assert await end_all_sessions(await cast.bob(), cast.ids["bob"]) == 3
    assert [await is_in(bob) for bob in bobs] == [False] * 3
    assert await is_in(alice)


async def test_a_key_is_revoked_by_its_owner_or_an_administrator(cast: Cast) -> None:
    await create_key("bob")
    await create_key(None)
    bobs, for_all = [row["id"] for row in await sql("SELECT id FROM api_keys ORDER BY id")]
    for viewer, key in ((await cast.eve(), bobs), (await cast.bob(), for_all), (await cast.visitor(), bobs)):
        with pytest.raises(NotFound):
            await revoke_key(viewer, key)
    assert await key_opens(bobs)
    assert await key_opens(for_all)
    await revoke_key(await cast.bob(), bobs)
    await revoke_key(await cast.ada(), for_all)
    assert not await key_opens(bobs)
    assert not await key_opens(for_all)


async def test_sessions_that_have_come_to_their_end_are_all_forgotten(cast: Cast) -> None:
    await sql(
        """INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at, address,
            user_agent) WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1201)
            SELECT CAST(n AS VARCHAR(64)), {0}, {1}, {1}, {1}, '', '' FROM n""",
        cast.ids["bob"],
        now() - timedelta(days=1),
    )
    await forget_sessions()
    assert await sql("SELECT 1 FROM sessions") == []
    told = await sql("SELECT COUNT(*) AS n FROM live_events WHERE kind = 'session.ended'")
    assert told == [{"n": 1201}]
