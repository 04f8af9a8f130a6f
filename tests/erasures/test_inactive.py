"""Accounts that nobody uses: warned a month and a week before, then erased; whoever comes back stays."""

import pytest

from forum.accounts.actions import create_user, deactivate_account
from forum.accounts.sessions import open_session
from forum.api.keys import create_key
from forum.clock import now
from forum.config import Config
from forum.erasures.erasing import erase_accounts
from forum.erasures.retention import warn_inactive_members
from forum.jobs import run_due
from forum.settings.actions import change_setting
from realtime.sql import sql
from tests.cast import Cast
from tests.erasures.leaving import later
from tests.mail.conftest import box
from tests.servers.smtp import PostBox
from tests.signups.entering import text_of

__all__ = ["box"]

EVE, BOB = "eve@example.org", "bob@example.org"


async def a_night() -> None:
    """What the jobs do."""
    await warn_inactive_members()
    await run_due("send_mails")
    await erase_accounts()


@pytest.fixture(autouse=True)
async def first_night(cast: Cast, box: PostBox) -> None:
    """The first time that the jobs look at these accounts: from here on they count."""
    await a_night()
    return


async def names() -> set[str]:
    return {row["username"] for row in await sql("SELECT username FROM users WHERE email IS NOT NULL")}


async def test_eve_is_warned_twice_and_then_erased(cast: Cast, box: PostBox) -> None:
    later(days=36 * 30.44 - 31)
    await a_night()
    assert box.to(EVE) == []
    later(days=1.5)
    await a_night()
    await a_night()
    assert [mail["Subject"] for mail in box.to(EVE)] == ["Votre compte sur Relais ne sert plus : le garder ?"]
    assert "36 mois" in text_of(box.to(EVE)[0])
    assert "/session/new" in text_of(box.to(EVE)[0])
    later(days=22.9)
    await a_night()
    assert len(box.to(EVE)) == 1
    later(days=0.2)
    await a_night()
    assert len(box.to(EVE)) == 2
    later(days=6.8)
    await a_night()
    assert "eve" in await names()
    later(days=0.3)
    await a_night()
    assert await names() == {"mod", "ada"}, "staff stay"
    assert len(box.to(EVE)) == 2


async def test_whoever_comes_back_stays(cast: Cast, box: PostBox) -> None:
    later(days=36 * 30.44 - 10)
    await a_night()
    await open_session(cast.ids["eve"], "", "")
    later(days=40)
    await a_night()
    assert "eve" in await names()
    assert "bob" not in await names()


async def test_whose_program_works_is_there(cast: Cast, box: PostBox) -> None:
    await create_key("bob")
    later(days=36 * 30.44 - 1)
    await sql("UPDATE api_keys SET last_used_at = {0}", now())
    await a_night()
    assert box.to(BOB) == []
    later(days=60)
    await a_night()
    assert "bob" in await names()


async def test_authors_who_were_imported_stay(cast: Cast, box: PostBox) -> None:
    await create_user("imported", None, None)
    await a_night()
    later(days=4000)
    await a_night()
    later(days=40)
    await a_night()
    assert await sql("SELECT 1 FROM users WHERE username = 'imported'")


async def test_a_closed_account_is_erased_without_a_mail(cast: Cast, box: PostBox) -> None:
    await deactivate_account(await cast.ada(), cast.ids["bob"])
    later(days=36 * 30.44)
    await a_night()
    later(days=31)
    await a_night()
    assert box.to(BOB) == []
    assert "bob" not in await names()


async def test_ada_chooses_for_how_long(cast: Cast, box: PostBox, config: Config) -> None:
    await change_setting(await cast.ada(), "inactive_months", "6")
    later(days=6 * 30.44 - 29)
    await a_night()
    assert len(box.to(EVE)) == 1
