"""What an administrator types to take rights away and give them back, while people are connected."""

from datetime import timedelta

import pytest

from forum.api.keys import create_key
from forum.clock import now
from forum.suspensions.actions import appeal_suspension
from forum.suspensions.queries import suspension_of
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.commands.test_cli import relais
from tests.conduct.appealing import WORDS, as_seen_by, suspended
from tests.factories import a_question
from tests.people import signed_in
from tests.rights import conftest
from tests.rights.ears import Room
from tests.waiting import until

room = conftest.room


async def typed(database_url: str, *words: str) -> str:
    """Run a command that succeeds; what it says."""
    code, out, err = await relais(*words, RELAIS_DATABASE_URL=database_url)
    assert (code, err) == (0, ""), err
    return out


async def test_a_group_is_made_joined_and_left(site: str, cast: Cast, room: Room, database_url: str) -> None:
    topic = await a_question(cast)
    channel, theme = f"topic:{topic.id}", str(cast.theme.id)
    eve, bob = await room.member("eve"), await room.member("bob")
    for ear in (eve, bob):
        await ear.subscribe(channel)
    await typed(database_url, "groups", "create", "cooks", "--full-name", "Those who cook")
    assert await typed(database_url, "groups", "add", "cooks", "bob") == "bob is in the group cooks.\n"
    assert "already" in await typed(database_url, "groups", "add", "cooks", "BOB")
    await typed(database_url, "categories", "restrict", theme, "cooks", "--may", "reply")
    await until(lambda: bool(eve.ends(channel)))
    assert bob.ends(channel) == []
    assert not (await cast.bob()).may_create_in(cast.theme.id)
    await typed(database_url, "groups", "remove", "cooks", "bob")
    await until(lambda: bool(bob.ends(channel)))
    assert "was not in" in await typed(database_url, "groups", "remove", "cooks", "bob")
    await typed(database_url, "categories", "open", theme)
    assert "recoverable" in await eve.subscribe(channel)


async def test_a_group_has_owners_and_everyone_may_read_its_theme(cast: Cast, database_url: str) -> None:
    theme = str(cast.theme.id)
    await typed(database_url, "groups", "add", "school-meals", "bob")
    assert (
        await typed(database_url, "groups", "owner", "school-meals", "bob")
        == "bob is an owner of school-meals.\n"
    )
    assert "already" in await typed(database_url, "groups", "owner", "school-meals", "bob")
    assert "an ordinary member" in await typed(
        database_url, "groups", "owner", "school-meals", "bob", "--no-longer"
    )
    await typed(database_url, "categories", "restrict", theme, "school-meals", "--everyone", "see")
    assert (await cast.eve()).may_see(cast.theme.id)
    assert not (await cast.eve()).may_reply_in(cast.theme.id)
    await typed(database_url, "categories", "inherit", theme)
    assert (await cast.eve()).may_create_in(cast.theme.id)


async def test_a_member_is_suspended_let_in_signed_out_and_closed(
    site: str, cast: Cast, room: Room, database_url: str
) -> None:
    day = (now() + timedelta(days=9)).strftime("%Y-%m-%d")
    browser = await signed_in(site, "bob")
    for words, code in (
        (("suspend", "bob", "--until", day), 3503),
        (("deactivate", "bob"), 3503),
        (("sign-out", "bob"), 3500),
    ):
        ear = await room.member("bob", new_browser=True)
        said = await typed(database_url, "users", *words)
        assert said.strip()
        await until(lambda: ear.closed is not None)  # noqa: B023
        assert ear.closed is not None
        assert ear.closed[0] == code
        if words[0] != "sign-out":
            assert (await browser.sign_in("bob", PASSWORD)).status_code == 422
            assert "can sign in" in await typed(database_url, "users", "reinstate", "bob")
        assert (await browser.sign_in("bob", PASSWORD)).status_code == 303


async def test_who_is_suspended_is_told_by_mail(cast: Cast, database_url: str) -> None:
    assert "suspended" in await typed(database_url, "users", "suspend", "bob", "--until", "2999-01-01")
    told = {"kind": "suspended", "to_address": "bob@example.org", "base_url": "http://localhost:8000"}
    assert await sql("SELECT kind, to_address, base_url FROM outbox") == [told]


async def test_who_has_appealed_is_told_by_mail_that_they_are_let_in(cast: Cast, database_url: str) -> None:
    """As on the member's page; the mail is in the outbox before the command says that it is done."""
    mod = await cast.mod()
    await suspended(mod, cast.ids["eve"])
    appeal = await suspended(mod, cast.ids["bob"])
    await appeal_suspension(appeal, WORDS)
    for name in ("eve", "bob"):
        assert "can sign in" in await typed(database_url, "users", "reinstate", name)
    mails = await sql("SELECT kind, to_address, base_url FROM outbox")
    told = {"kind": "suspension_appeal", "to_address": "bob@example.org", "base_url": "http://localhost:8000"}
    assert mails == [told], "Eve has asked nothing, and waits for no answer"
    assert await suspension_of(cast.ids["bob"]) is None
    answered = await as_seen_by(await cast.ada(), appeal.id)
    assert (answered.open, answered.lifted) == (False, True)


async def test_a_key_is_found_by_its_number_and_revoked(
    site: str, cast: Cast, room: Room, database_url: str
) -> None:
    program = await room.program(await create_key("bob"))
    await create_key(None)
    listed = await typed(database_url, "api-keys", "list")
    number, whose = listed.splitlines()[0].split()[:2]
    assert whose == "bob"
    assert "(all members)" in listed
    await typed(database_url, "api-keys", "revoke", number)
    await until(lambda: program.closed is not None)
    assert "revoked" in await typed(database_url, "api-keys", "list")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["users", "suspend", "nobody", "--until", "2999-01-01"], "Aucun membre"),
        (["users", "suspend", "bob", "--until", "2001-01-01"], "à venir"),
        (["users", "sign-out", "nobody"], "Aucun membre"),
        (["groups", "add", "nowhere", "bob"], "Aucun groupe"),
        (["groups", "create", "school-meals"], "porte déjà ce nom"),
        (["groups", "create", "two words"], "lettres"),
        (["categories", "restrict", "1", "nowhere"], "Aucun groupe"),
        (["categories", "open", "4000"], "Aucun thème"),
        (["api-keys", "revoke", "4000"], "clé"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_line(
    db: None, cast: Cast, database_url: str, words: list[str], sentence: str
) -> None:
    code, out, err = await relais(*words, RELAIS_DATABASE_URL=database_url)
    assert (code, out) == (1, "")
    assert err.startswith("relais: ")
    assert err.count("\n") == 1
    assert sentence in err


async def test_every_command_explains_itself_and_a_date_must_be_one() -> None:
    for words in (
        ["users", "suspend"], ["users", "reinstate"], ["users", "deactivate"], ["users", "sign-out"],
        ["groups"], ["groups", "create"], ["groups", "add"], ["groups", "remove"], ["categories"],
        ["categories", "restrict"], ["categories", "open"], ["api-keys", "list"], ["api-keys", "revoke"],
    ):  # fmt: skip
        code, out, _err = await relais(*words, "--help")
        assert (code, "Usage" in out) == (0, True), words
    code, _out, err = await relais("users", "suspend", "bob", "--until", "soon")
    assert code == 2
    assert "--until" in err
    code, _out, err = await relais("categories", "restrict", "3")
    assert code == 2, "without a group nothing is opened by mistake"
