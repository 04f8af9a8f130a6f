"""Forgotten passwords, and changes of password and address: what they end, and whom they tell."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from forum.accounts import passwords
from forum.accounts.actions import deactivate_account
from forum.clock import now, set_clock
from forum.settings.actions import change_setting
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.people import Person, at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.entering import link_in, mail_to, text_of
from tests.waiting import until

ANOTHER = "a lantern under the bridge"
BOB, NEW = "bob@example.org", "bob@mairie.example.org"


async def forget(person: Person, email: str = BOB) -> None:
    answer = await person.post("/password-reset", email=email)
    assert (answer.status_code, answer.headers["location"]) == (303, "/password-reset?sent")


async def is_in(person: Person) -> bool:
    return (await person.client.get("/session/current.json")).status_code == 200


async def everything_sent() -> None:
    """The outbox has nothing to do any more."""
    await until(lambda: _idle())


async def _idle() -> bool:
    return not await sql("SELECT 1 FROM outbox WHERE state IN ('waiting', 'sending')")


async def test_bob_forgets_his_password_and_chooses_another(site: str, cast: Cast, box: PostBox) -> None:
    elsewhere, here = await signed_in(site, "bob"), at(site)
    await forget(here)
    link = link_in(await mail_to(box, BOB))
    for _look in range(2):
        assert (await at(site).get(link)).status_code == 200
    assert await is_in(elsewhere), "looking at a link changes nothing"
    done = await here.post(link, password=ANOTHER)
    assert (done.status_code, done.headers["location"]) == (303, "/session/new?new-password")
    assert "Your password is changed" in (await here.get(done.headers["location"])).text
    assert not await is_in(elsewhere), "every session has ended"
    assert (await here.sign_in("bob", PASSWORD)).status_code == 422
    assert (await here.sign_in("bob", ANOTHER)).status_code == 303
    assert "password of your account was changed" in text_of(await mail_to(box, BOB, 2))
    for answer in (await at(site).get(link), await at(site).post(link, password="yet another lantern")):
        assert answer.status_code == 404, "the link is spent"


async def test_a_hundred_of_the_same_reset_change_the_password_once(
    site: str, cast: Cast, box: PostBox
) -> None:
    person = at(site)
    await forget(person)
    link = link_in(await mail_to(box, BOB))
    answers = await asyncio.gather(*(person.post(link, password=f"{ANOTHER} number {n}") for n in range(100)))
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 99
    winner = next(n for n, answer in enumerate(answers) if answer.status_code == 303)
    assert (await at(site).sign_in("bob", f"{ANOTHER} number {winner}")).status_code == 303
    await mail_to(box, BOB, 2)


async def test_cve_2022_31184_whether_there_is_an_account_is_told_to_nobody_but_its_owner(
    site: str, cast: Cast, box: PostBox
) -> None:
    """The request looks at no account: it writes the same row for every address, and so takes as long."""
    visitor = at(site)
    await deactivate_account(await cast.alice(), cast.ids["alice"])
    for email in ("alice@example.org", "nobody@example.org", BOB):
        await forget(visitor, email)
    link_in(await mail_to(box, BOB))
    await everything_sent()
    assert len(box.mails) == 1, "a closed account and a stranger receive nothing"
    assert await sql("SELECT to_address FROM outbox") == [{"to_address": BOB}], (
        "nor does a trace stay of them"
    )


async def test_a_stranger_costs_the_same_statements_and_the_same_hashes_as_a_member(
    site: str,
    cast: Cast,
    box: PostBox,
    statements: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not by a clock: that there is nothing to measure. (A reset writes one row, whoever is meant: above.)"""
    await signed_in(site, "bob")
    await sql("UPDATE users SET password_hash = NULL WHERE username_lower = 'eve'")
    verified, real = [], passwords._verify

    def noted(password: str, password_hash: str) -> bool:
        verified.append(password_hash.split("$")[3])  # what it costs: memory, passes, lanes
        return real(password, password_hash)

    monkeypatch.setattr(passwords, "_verify", noted)
    for path, fields in (
        ("/session", ({"login": "bob", "password": "wrong"}, {"login": "nobody", "password": "wrong"})),
        ("/session", ({"login": BOB, "password": "wrong"}, {"login": "no@example.org", "password": "wrong"})),
        ("/session", ({"login": "eve", "password": "wrong"}, {"login": "nobody", "password": "wrong"})),
    ):
        told = []
        for typed in fields:
            statements.clear()
            verified.clear()
            answer = await at(site).post(path, **typed)
            words = answer.text.replace(next(iter(typed.values())), "TYPED")
            words = re.sub(r"[0-9a-f]{32}", "", words)
            asked = [one for one in statements if re.search(r"password_hash|signups|sessions|outbox", one)]
            told.append((answer.status_code, answer.headers.get("location"), words, asked, [*verified]))
        assert told[0] == told[1], path


async def test_one_place_writes_to_no_more_than_thirty_addresses_in_an_hour(
    site: str, cast: Cast, box: PostBox
) -> None:
    enemy = at(site)
    answers = [
        (await enemy.post("/password-reset", email=f"member{n}@example.org")).status_code for n in range(32)
    ]
    assert answers == [303] * 30 + [429] * 2


async def test_a_mailbox_is_not_filled_and_its_owner_can_always_go_on(
    site: str, cast: Cast, box: PostBox
) -> None:
    enemy = at(site)
    for _n in range(6):
        await forget(enemy)
    await mail_to(box, BOB, 3)
    await everything_sent()
    assert len(box.to(BOB)) == 3
    assert (await at(site).post(link_in(box.mails[0]), password=ANOTHER)).status_code == 303


async def test_cve_2019_1020018_a_reset_link_lasts_half_an_hour_and_lies_in_no_table(
    site: str, cast: Cast, box: PostBox
) -> None:
    await forget(at(site))
    link, start = link_in(await mail_to(box, BOB)), now()
    kept = await sql("SELECT * FROM outbox")
    assert link.rsplit("/", 1)[1] not in repr(kept)
    try:
        set_clock(lambda: start + timedelta(minutes=31))
        assert (await at(site).post(link, password=ANOTHER)).status_code == 404
    finally:
        set_clock(None)


async def test_a_reset_link_dies_with_the_address_and_with_the_account(
    site: str, cast: Cast, box: PostBox
) -> None:
    await forget(at(site))
    link = link_in(await mail_to(box, BOB))
    await sql("UPDATE users SET email = 'else@example.org' WHERE id = {0}", cast.ids["bob"])
    assert (await at(site).get(link)).status_code == 404
    await sql("UPDATE users SET email = {1} WHERE id = {0}", cast.ids["bob"], BOB)
    assert (await at(site).get(link)).status_code == 200
    await deactivate_account(await cast.bob(), cast.ids["bob"])
    assert (await at(site).post(link, password=ANOTHER)).status_code == 404


async def test_a_member_locked_out_by_guesses_comes_back_by_mail(site: str, cast: Cast, box: PostBox) -> None:
    await signed_in(site, "bob")
    enemy, bob = at(site), at(site)
    while (await enemy.sign_in("bob", "wrong guess")).status_code != 429:
        pass
    assert (await bob.sign_in("bob", PASSWORD)).status_code == 429, "in a browser that nobody knows"
    await forget(bob)
    await bob.post(link_in(await mail_to(box, BOB)), password=ANOTHER)
    assert (await bob.sign_in("bob", ANOTHER)).status_code == 303


async def test_changing_the_password_asks_the_present_one_ends_the_others_and_tells(
    site: str, cast: Cast, box: PostBox
) -> None:
    bob, elsewhere = await signed_in(site, "bob"), await signed_in(site, "bob")
    wrong = await bob.post("/preferences/account/password", present="not this one", password=ANOTHER)
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    common = await bob.post("/preferences/account/password", present=PASSWORD, password="password1234")
    assert (common.status_code, "first that are tried" in common.text) == (422, True)
    done = await bob.post("/preferences/account/password", present=PASSWORD, password=ANOTHER)
    assert done.headers["location"] == "/preferences/account?new-password"
    assert (await is_in(bob), await is_in(elsewhere)) == (True, False)
    ended = await sql("SELECT COUNT(*) AS n FROM live_events WHERE kind = 'session.ended'")
    assert ended == [{"n": 1}], "open pages of the other browser end too"
    assert "was changed" in text_of(await mail_to(box, BOB))


async def test_a_stolen_session_does_not_guess_the_password(site: str, cast: Cast) -> None:
    thief = await signed_in(site, "bob")
    answers = [
        (
            await thief.post("/preferences/account/password", present=f"guess {n}", password=ANOTHER)
        ).status_code
        for n in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2


async def test_a_new_address_is_confirmed_where_it_is_and_told_where_it_was(
    site: str, cast: Cast, box: PostBox
) -> None:
    bob = await signed_in(site, "bob")
    asked = await bob.post("/preferences/account/email", present=PASSWORD, email="Bob@Mairie.example.org")
    assert asked.headers["location"] == "/preferences/account?look-into-mail"
    link = link_in(await mail_to(box, NEW))
    assert NEW in (await at(site).get(link)).text
    assert BOB in (await bob.get("/preferences/account")).text, "not before it is confirmed"
    assert (await at(site).post(link)).status_code == 303
    assert NEW in (await bob.get("/preferences/account")).text
    assert "no longer go to this address" in text_of(await mail_to(box, BOB))
    assert (await at(site).post(link)).status_code == 404
    assert (await at(site).sign_in(NEW, PASSWORD)).status_code == 303


async def test_a_new_address_needs_the_password_and_the_sites_rules(
    site: str, cast: Cast, box: PostBox
) -> None:
    bob = await signed_in(site, "bob")
    for fields, sentence in (
        ({"present": "not this one", "email": NEW}, "not your present password"),
        ({"present": PASSWORD, "email": "nowhere"}, "not an e-mail address"),
    ):
        refused = await bob.post("/preferences/account/email", **fields)
        assert (refused.status_code, sentence in refused.text) == (422, True)
    await bob.post("/preferences/account/email", present=PASSWORD, email=NEW)
    link = link_in(await mail_to(box, NEW))
    await change_setting(await cast.ada(), "sign_up", "domains")
    await change_setting(await cast.ada(), "sign_up_domains", "gouv.fr")
    refused = await bob.post("/preferences/account/email", present=PASSWORD, email="bob@evil-gouv.fr")
    assert (refused.status_code, "gouv.fr" in refused.text) == (422, True)
    assert (await at(site).post(link)).status_code == 422


async def test_another_members_address_is_not_told_to_be_one(site: str, cast: Cast, box: PostBox) -> None:
    bob = await signed_in(site, "bob")
    answers = [
        (await bob.post("/preferences/account/email", present=PASSWORD, email=email)).headers["location"]
        for email in ("alice@example.org", NEW)
    ]
    assert answers[0] == answers[1]
    assert "You have one already" in text_of(await mail_to(box, "alice@example.org"))


async def test_of_two_who_want_one_address_one_has_it(site: str, cast: Cast, box: PostBox) -> None:
    people = [await signed_in(site, name) for name in ("alice", "bob")]
    for person in people:
        await person.post("/preferences/account/email", present=PASSWORD, email=NEW)
    await mail_to(box, NEW, 2)
    answers = await asyncio.gather(*(at(site).post(link_in(mail)) for mail in box.to(NEW)))
    assert sorted(answer.status_code for answer in answers) == [303, 404]


async def test_the_page_is_the_members_own(site: str, cast: Cast) -> None:
    visitor = at(site)
    answer = await visitor.client.get("/preferences/account")
    assert answer.headers["location"] == "/session/new?return_to=/preferences/account"
    for what in ("password", "email"):
        assert (await visitor.post(f"/preferences/account/{what}", present="x")).status_code == 403
    eve = await signed_in(site, "eve")
    assert "eve@example.org" in (await eve.get("/preferences/account")).text


@pytest.mark.parametrize("path", ["/u/password-reset/", "/u/confirm-new-email/"])
async def test_a_link_of_another_purpose_opens_nothing(
    site: str, cast: Cast, box: PostBox, path: str, app: Any
) -> None:
    await forget(at(site))
    token = link_in(await mail_to(box, BOB)).rsplit("/", 1)[1]
    wrong = path if "reset" not in path else "/u/activate-account/"
    for forged in (wrong + token, path + token[:-1], path + "x"):
        assert (await at(site).get(forged)).status_code == 404
        assert (await at(site).post(forged, password=ANOTHER)).status_code == 404
