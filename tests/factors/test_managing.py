"""Bob manages his factors: what is asked again, what is shown once, whom it tells."""

import asyncio
from collections.abc import Callable

import pytest

from forum.factors.codes import STEP as SECONDS
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.factors.phones import CODE, SET_UP, give, is_in, owing, set_up
from tests.people import at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.entering import mail_to, text_of

pytestmark = pytest.mark.usefixtures("mails_leave")
Later = Callable[..., None]
BOB = "bob@example.org"


async def test_each_change_is_told_to_the_owner_by_mail(site: str, cast: Cast, box: PostBox) -> None:
    bob = await signed_in(site, "bob")
    await set_up(bob)
    mail = await mail_to(box, BOB)
    assert mail["Subject"] == "A second factor was added – Relais"
    assert "asks for the code of an authenticator app" in text_of(mail)
    assert f"{site}{SET_UP}" in text_of(mail)
    await bob.post(f"{SET_UP}/recovery-codes")
    assert "New recovery codes were made" in text_of(await mail_to(box, BOB, 2))
    await bob.post(f"{SET_UP}/totp/deletion")
    assert "no longer asks for the code" in text_of(await mail_to(box, BOB, 3))


async def test_new_codes_end_the_old_ones(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    _phone, old = await set_up(bob)
    new = CODE.findall((await bob.post(f"{SET_UP}/recovery-codes")).text)
    assert len(set(old) | set(new)) == 20
    assert (await give(await owing(site, "bob"), recovery_code=old[0])).status_code == 422
    assert (await give(await owing(site, "bob"), recovery_code=new[0])).status_code == 303
    assert "9 codes are left" in (await bob.get(SET_UP)).text
    answers = await asyncio.gather(*(bob.post(f"{SET_UP}/recovery-codes") for _n in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await sql("SELECT 1 FROM recovery_codes")) == 10


async def test_codes_are_saved_as_a_file_while_they_are_on_the_page(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    _phone, codes = await set_up(bob)
    saved = await bob.post(f"{SET_UP}/recovery-codes/file", codes=" ".join(codes))
    assert saved.headers["content-disposition"] == 'attachment; filename="relais-bob.txt"'
    assert saved.headers["cache-control"] == "no-store"
    assert [line for line in saved.text.splitlines() if line.count("-") == 3 and " " not in line] == codes
    for wrong in ("", "abcd-efgh-jkmn-pqrs", f"{codes[0]} abcd-efgh-jkmn-pqrs"):
        assert (await bob.post(f"{SET_UP}/recovery-codes/file", codes=wrong)).status_code == 404
    eve = await signed_in(site, "eve")
    assert (await eve.post(f"{SET_UP}/recovery-codes/file", codes=codes[0])).status_code == 404


async def test_secrets_are_kept_by_no_cache(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    await bob.post(f"{SET_UP}/totp")
    assert (await bob.get(f"{SET_UP}/totp")).headers["cache-control"] == "no-store"
    await set_up(bob)
    assert (await bob.post(f"{SET_UP}/recovery-codes")).headers["cache-control"] == "no-store"


async def test_without_the_app_a_password_is_enough_again_and_the_codes_are_gone(
    site: str, cast: Cast
) -> None:
    bob = await signed_in(site, "bob")
    await set_up(bob)
    gone = await bob.post(f"{SET_UP}/totp/deletion")
    assert "Taken away." in (await bob.get(gone.headers["location"])).text
    assert (await bob.post(f"{SET_UP}/totp/deletion")).status_code == 404
    assert await sql("SELECT 1 FROM recovery_codes") == []
    assert (await at(site).sign_in("bob")).headers["location"] == "/"
    assert (await bob.post(f"{SET_UP}/recovery-codes")).status_code == 404


async def test_a_quarter_of_an_hour_after_signing_in_the_password_is_asked_again(
    site: str, cast: Cast, later: Later
) -> None:
    bob = await signed_in(site, "bob")
    await set_up(bob)
    later(minutes=16)
    page = (await bob.get(SET_UP)).text
    assert "First, is it you?" in page
    assert "Take the app away" not in page
    for path in ("totp", "totp/confirmation", "totp/deletion", "recovery-codes"):
        answer = await bob.post(f"{SET_UP}/{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, SET_UP), path
    assert (await bob.client.get(f"{SET_UP}/totp")).headers["location"] == SET_UP
    assert len(await sql("SELECT 1 FROM totps WHERE confirmed_at IS NOT NULL")) == 1
    wrong = await bob.post(f"{SET_UP}/confirmation", password="not his")
    assert (wrong.status_code, "This is not your password." in wrong.text) == (422, True)
    right = await bob.post(f"{SET_UP}/confirmation", password=PASSWORD)
    assert "For a quarter of an hour" in (await bob.get(right.headers["location"])).text
    assert (await bob.post(f"{SET_UP}/totp/deletion")).status_code == 303
    assert await sql("SELECT 1 FROM totps") == []


async def test_a_stolen_session_does_not_guess_the_password_here(site: str, cast: Cast, later: Later) -> None:
    thief = await signed_in(site, "bob")
    later(minutes=16)
    tries = [
        (await thief.post(f"{SET_UP}/confirmation", password=f"guess {n}")).status_code for n in range(12)
    ]
    assert tries == [422] * 10 + [429] * 2


async def test_other_sessions_stay_when_a_factor_is_added(site: str, cast: Cast, later: Later) -> None:
    before, bob = await signed_in(site, "bob"), await signed_in(site, "bob")
    phone, _codes = await set_up(bob)
    assert await is_in(before)
    later(seconds=SECONDS)
    again = await owing(site, "bob")
    await give(again, code=phone.code())
    assert await is_in(before)


async def test_a_visitor_signs_in_first(site: str, cast: Cast) -> None:
    answer = await at(site).client.get(SET_UP)
    assert answer.headers["location"] == f"/session/new?return_to={SET_UP}"
