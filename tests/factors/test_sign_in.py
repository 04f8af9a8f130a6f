"""Bob has an authenticator app: his password alone opens nothing, whichever way one goes."""

import asyncio
import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from websockets.asyncio.client import connect

from forum.app import Relais
from forum.factors.codes import STEP as SECONDS
from forum.factors.sealing import seal, unseal
from forum.mail.actions import send_mails
from realtime.sql import dialect, sql
from tests.cast import PASSWORD, Cast
from tests.factors.phones import SET_UP, STEP, Phone, give, is_in, learn, owing, set_up
from tests.people import at, signed_in
from tests.rights.ears import Ear, Room
from tests.servers.smtp import PostBox
from tests.signups.entering import link_in, mail_to, text_of
from tests.web.test_logs import Log

pytestmark = pytest.mark.usefixtures("mails_leave")
Later = Callable[..., None]
BOB = "bob@example.org"


async def test_bob_sets_up_an_app_and_signs_in_with_its_code(site: str, cast: Cast, later: Later) -> None:
    bob = await signed_in(site, "bob")
    assert "You have none yet." in (await bob.get(SET_UP)).text
    phone, codes = await set_up(bob)
    assert len(set(codes)) == 10
    assert await is_in(bob), "who set it up stays signed in"
    later(seconds=SECONDS)
    again = await owing(site, "bob")
    assert not await is_in(again)
    page = (await again.get(STEP)).text
    assert "Code of your authenticator app" in page
    answer = await give(again, code=f" {phone.code()[:3]} {phone.code()[3:]} ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert await is_in(again)


async def test_one_goes_on_where_one_was_and_what_was_typed_is_a_draft(
    site: str, cast: Cast, later: Later
) -> None:
    phone, _codes = await set_up(await signed_in(site, "bob"))
    later(seconds=SECONDS)
    bob = at(site)
    fields = {"raw": "Half a question", "draft_key": "new_topic", "return_to": "/new-topic"}
    await bob.post("/session", login="bob", password=PASSWORD, **fields)
    assert await sql("SELECT 1 FROM drafts") == [], "a password alone writes nothing"
    answer = await give(bob, code=phone.code())
    assert answer.headers["location"] == "/new-topic"
    assert "Half a question" in (await bob.get("/new-topic")).text


async def test_a_code_is_good_once_a_step_early_or_late(
    site: str, app: Relais, cast: Cast, later: Later
) -> None:
    app.limits.enabled = False
    # The clock stands still: no half-minute ends between the setting up and the first try.
    later()
    phone, _codes = await set_up(await signed_in(site, "bob"))
    bob = await owing(site, "bob")
    assert (await give(bob, code=phone.code())).status_code == 422, "it was used to set the app up"
    later(seconds=10 * SECONDS)
    for wrong in (phone.code(-2), phone.code(2), "000000", "", "٠٠٠٠٠٠", "1" * 12):
        refused = await give(bob, code=wrong)
        assert (refused.status_code, "wrong, too old, or was used" in refused.text) == (422, True), wrong
    assert (await give(bob, code=phone.code(-1))).status_code == 303
    late = await owing(site, "bob")
    assert (await give(late, code=phone.code(-1))).status_code == 422
    assert (await give(late, code=phone.code(1))).status_code == 303
    last = await owing(site, "bob")
    assert (await give(last, code=phone.code())).status_code == 422, "older than one that was used"


async def test_a_hundred_of_the_same_code_open_one_session(
    site: str, app: Relais, cast: Cast, later: Later
) -> None:
    phone, _codes = await set_up(await signed_in(site, "bob"))
    later(seconds=SECONDS)
    app.limits.enabled = False
    same = await owing(site, "bob")
    others = [await owing(site, "bob") for _n in range(9)]
    tries = [give(person, code=phone.code()) for person in (same, *others) for _n in range(10)]
    answers = await asyncio.gather(*tries)
    entered = [answer for answer in answers if answer.headers.get("location") == "/"]
    assert len(entered) == 1
    assert len(await sql("SELECT 1 FROM sessions WHERE user_id = {0}", cast.ids["bob"])) == 2


async def test_the_state_between_the_two_is_the_browsers_own_short_and_spent_once(
    site: str, cast: Cast, later: Later
) -> None:
    phone, _codes = await set_up(await signed_in(site, "bob"))
    later(seconds=SECONDS)
    bob, other = await owing(site, "bob"), at(site)
    stranger = await give(other, code=phone.code())
    assert stranger.headers["location"] == "/session/new?again", "a code without the password"
    token = bob.client.cookies["relais-2fa"]
    assert (await give(bob, code=phone.code())).status_code == 303
    assert "relais-2fa" not in bob.client.cookies
    other.client.cookies.set("relais-2fa", token)
    later(seconds=SECONDS)
    assert (await give(other, code=phone.code())).headers["location"] == "/session/new?again", "spent"
    tired = await owing(site, "bob")
    later(minutes=10, seconds=1)
    assert (await tired.client.get(STEP)).headers["location"] == "/session/new?again"
    assert "give your password again" in (await tired.get(STEP)).text
    assert (await give(tired, code=phone.code())).headers["location"] == "/session/new?again"


async def test_it_ends_with_the_password_the_account_and_a_suspension(
    site: str, cast: Cast, later: Later
) -> None:
    phone, _codes = await set_up(await signed_in(site, "bob"))
    bob = await owing(site, "bob")
    for change in (
        "password_hash = 'other'", "deactivated_at = '2026-01-01 00:00:00+00:00'",
        "suspended_until = '2099-01-01 00:00:00+00:00'",
    ):  # fmt: skip
        (before,) = await sql(
            "SELECT password_hash, deactivated_at, suspended_until FROM users WHERE username = 'bob'"
        )
        await sql(f"UPDATE users SET {change} WHERE username = 'bob'")
        later(seconds=SECONDS)
        answer = await give(bob, code=phone.code())
        if "suspended" in change:
            assert (answer.status_code, "suspended until" in answer.text) == (403, True)
        else:
            assert answer.headers["location"] == "/session/new?again", change
        await sql(
            """UPDATE users SET password_hash = {0}, deactivated_at = NULL, suspended_until = NULL
                WHERE username = 'bob'""",
            before["password_hash"],
        )
    assert (await give(bob, code=phone.code())).headers["location"] == "/"


async def test_what_owes_a_second_factor_is_a_visitor_everywhere(
    site: str, cast: Cast, room: Room, later: Later
) -> None:
    await set_up(await signed_in(site, "bob"))
    bob = await owing(site, "bob")
    token = bob.client.cookies["relais-2fa"]
    assert "relais" not in bob.client.cookies
    for name in ("relais", "relais-2fa", "relais-device"):
        thief = at(site)
        thief.client.cookies.set(name, token)
        assert not await is_in(thief)
        assert (await thief.client.get(SET_UP)).headers["location"].startswith("/session/new")
        assert (await thief.client.get("/notifications.json")).status_code == 403
        for path in ("totp", "totp/confirmation", "totp/deletion", "recovery-codes", "confirmation"):
            assert (await thief.post(f"{SET_UP}/{path}", password=PASSWORD)).status_code == 404, path
    for cookie in (f"relais={token}", f"relais-2fa={token}"):
        address = site.replace("http", "ws") + "/connection/websocket"
        headers = {"Cookie": cookie, "Origin": site}
        async with connect(address, additional_headers=headers, compression=None) as socket:
            ear = Ear(socket)
            assert '"user:' not in await ear.say("connect")
            assert (await ear.subscribe(f"user:{cast.ids['bob']}"))["code"] == 103
            await ear.leave()


async def test_a_forgotten_password_does_not_go_round_it(
    site: str, cast: Cast, box: PostBox, later: Later
) -> None:
    phone, _codes = await set_up(await signed_in(site, "bob"))
    await mail_to(box, BOB)
    person, another = at(site), "a lantern under the bridge"
    await person.post("/password-reset", email=BOB)
    answer = await person.post(link_in(await mail_to(box, BOB, 2)), password=another)
    assert answer.headers["location"] == "/session/new?new-password"
    assert not await is_in(person)
    assert (await person.sign_in("bob", another)).headers["location"] == STEP
    assert not await is_in(person)
    later(seconds=SECONDS)
    assert (await give(person, code=phone.code())).headers["location"] == "/"


async def test_a_wrong_password_answers_alike_with_a_factor_or_without(site: str, cast: Cast) -> None:
    await set_up(await signed_in(site, "bob"))
    await signed_in(site, "alice")

    async def told(login: str) -> tuple[int, str]:
        answer = await at(site).sign_in(login, "wrong guess")
        return answer.status_code, re.sub(rf"[0-9a-f]{{32}}|{login}", "", answer.text)

    assert await told("bob") == await told("alice") == await told("nobody")


async def test_guesses_end_soon_and_do_not_lock_the_owner_out(site: str, cast: Cast, later: Later) -> None:
    phone, _codes = await set_up(await signed_in(site, "bob"))
    later(seconds=SECONDS)
    at_home = await owing(site, "bob")
    assert (await give(at_home, code=phone.code())).status_code == 303
    later(seconds=SECONDS)
    enemy = await owing(site, "bob")
    tries = [(await give(enemy, code=f"{n:06}")).status_code for n in range(12)]
    assert tries == [422] * 8 + [429] * 4, "ten from one place, with the two that were right"
    await at_home.post("/session/deletion")
    assert (await at_home.sign_in("bob")).headers["location"] == STEP
    assert (await give(at_home, code=phone.code())).status_code == 303, "in a browser that is known"


async def test_who_reads_the_owners_mail_is_not_counted_apart(
    site: str, app: Relais, cast: Cast, box: PostBox, later: Later
) -> None:
    phone, _codes = await set_up(await signed_in(site, "bob"))
    await mail_to(box, BOB)
    enemy, another = at(site), "a lantern under the bridge"
    await enemy.post("/password-reset", email=BOB)
    await enemy.post(link_in(await mail_to(box, BOB, 2)), password=another)
    assert (await enemy.sign_in("bob", another)).headers["location"] == STEP
    for _n in range(60):
        await app.limits.spend("second_factor_account", cast.ids["bob"])
    later(seconds=SECONDS)
    assert (await give(enemy, code=phone.code())).status_code == 429


async def test_many_places_together_guess_no_more_than_sixty_an_hour(
    site: str, app: Relais, cast: Cast, later: Later
) -> None:
    phone, codes = await set_up(await signed_in(site, "bob"))
    enemy = await owing(site, "bob")
    for _n in range(60):
        await app.limits.spend("second_factor_account", cast.ids["bob"])
    assert (await give(enemy, code=phone.code())).status_code == 429
    answer = await give(enemy, recovery_code=codes[0])
    assert answer.headers["location"] == "/", "a code on paper cannot be guessed, and is not counted"


async def test_codes_on_paper_are_good_once_however_they_are_typed(
    site: str, app: Relais, cast: Cast, box: PostBox
) -> None:
    _phone, codes = await set_up(await signed_in(site, "bob"))
    await mail_to(box, BOB)
    bob = await owing(site, "bob")
    refused = await give(bob, recovery_code="abcd-efgh-jkmn-pqrs")
    assert (refused.status_code, "not one of your codes" in refused.text) == (422, True)
    typed = codes[0].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert (await give(bob, recovery_code=typed)).headers["location"] == "/"
    mail = text_of(await mail_to(box, BOB, 2))
    assert "one of your recovery codes" in mail
    assert "9 of 10 are left" in mail
    assert (await give(await owing(site, "bob"), recovery_code=codes[0])).status_code == 422
    app.limits.enabled = False
    people = [await owing(site, "bob") for _n in range(20)]
    answers = await asyncio.gather(*(give(person, recovery_code=codes[1]) for person in people))
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * 19


async def test_when_few_codes_are_left_the_mail_says_so(
    site: str, app: Relais, cast: Cast, box: PostBox
) -> None:
    _phone, codes = await set_up(await signed_in(site, "bob"))
    app.limits.enabled = False
    for n, code in enumerate(codes[:7], 2):
        await give(await owing(site, "bob"), recovery_code=code)
        mail = text_of(await mail_to(box, BOB, n))
    assert "3 of 10 are left. Make new ones" in mail


async def test_a_code_of_somebody_elses_opens_nothing(site: str, cast: Cast, later: Later) -> None:
    bobs, _codes = await set_up(await signed_in(site, "bob"))
    _phone, codes = await set_up(await signed_in(site, "alice"))
    later(seconds=SECONDS)
    bob = await owing(site, "bob")
    assert (await give(bob, recovery_code=codes[0])).status_code == 422
    alice = await owing(site, "alice")
    assert (await give(alice, code=bobs.code())).status_code == 422


async def test_secrets_stand_in_no_table_log_mail_or_answer(
    site: str, app: Relais, cast: Cast, box: PostBox, log: Log, later: Later
) -> None:
    bob = await signed_in(site, "bob")
    phone, codes = await set_up(bob)
    later(seconds=SECONDS)
    again, used = await owing(site, "bob"), phone.code()
    token = again.client.cookies["relais-2fa"]
    await give(again, code=used)
    await give(await owing(site, "bob"), recovery_code=codes[0])
    await send_mails()
    mails = "".join(text_of(mail) for mail in box.mails)
    tables = [row["name"] for row in await all_tables()]
    rows = "".join([repr(await sql(f'SELECT * FROM "{table}"')) for table in tables])
    answers = "".join(
        [(await again.get(path)).text
        for path in (SET_UP, f"{SET_UP}/totp", "/u/bob.json", "/session/current.json")]
    )  # fmt: skip
    grouped = " ".join(phone.secret[at : at + 4] for at in range(0, len(phone.secret), 4))
    for canary in (phone.secret, grouped, codes[0], codes[0].replace("-", ""), token):
        for where, text in (("tables", rows), ("log", log.text), ("mails", mails), ("answers", answers)):
            assert canary not in text, where
    assert f'"{used}"' not in log.text
    assert codes[1] not in rows + log.text + mails + answers


async def all_tables() -> list[dict[str, str]]:
    if dialect() == "sqlite":
        return await sql("SELECT name FROM sqlite_master WHERE type = 'table'")
    return await sql("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")


async def test_a_secret_of_another_site_or_another_row_cannot_be_read(
    site: str, app: Relais, cast: Cast, later: Later
) -> None:
    sealed = seal(app.config, "totp 1", "JBSWY3DPEHPK3PXP")
    assert unseal(app.config, "totp 1", sealed) == "JBSWY3DPEHPK3PXP"
    assert unseal(app.config, "totp 2", sealed) is None
    assert unseal(replace(app.config, secret_key="k" * 40), "totp 1", sealed) is None
    phone, codes = await set_up(await signed_in(site, "bob"))
    other = seal(replace(app.config, secret_key="k" * 40), f"totp {cast.ids['bob']}", phone.secret)
    await sql("UPDATE totps SET secret = {0}", other)
    later(seconds=SECONDS)
    bob = await owing(site, "bob")
    assert (await give(bob, code=phone.code())).status_code == 422
    assert (await give(bob, recovery_code=codes[0])).status_code == 303, "codes on paper outlive the key"


@pytest.mark.parametrize("typed", [{"code": "x" * 5000}, {"recovery_code": "y" * 5000}, {"code": "\x00"}])
async def test_strange_input_is_wrong_input(site: str, cast: Cast, typed: dict[str, str]) -> None:
    await set_up(await signed_in(site, "bob"))
    assert (await give(await owing(site, "bob"), **typed)).status_code == 422


async def test_a_phone_learns_nothing_more_once_it_is_set_up(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    first = await learn(bob)
    second = await learn(bob)
    assert first.secret != second.secret
    refused = await bob.post(f"{SET_UP}/totp/confirmation", code=first.code())
    assert (refused.status_code, "not the code of the moment" in refused.text) == (422, True)
    assert second.secret[:4] in refused.text, "the page shows what is to be learnt, still"
    same = [bob.post(f"{SET_UP}/totp/confirmation", code=second.code()) for _n in range(5)]
    answers = await asyncio.gather(*same)
    assert sorted(answer.status_code for answer in answers) == [200, 303, 303, 303, 303]
    assert len(await sql("SELECT 1 FROM recovery_codes")) == 10
    page = await bob.client.get(f"{SET_UP}/totp")
    assert (page.status_code, page.headers["location"]) == (303, SET_UP)
    assert (await bob.post(f"{SET_UP}/totp")).headers["location"] == SET_UP
    assert Phone(second.secret).code()
