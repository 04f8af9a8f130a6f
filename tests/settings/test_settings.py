"""What an administrator changes while the site runs: typed, checked, effective at once."""

import pytest

from forum.errors import Forbidden, Invalid, NotFound
from forum.settings.actions import change_setting
from forum.settings.known import SIGN_UP, SIGN_UP_DOMAINS
from forum.settings.queries import setting
from tests.cast import Cast
from tests.commands.test_cli import relais


async def test_a_setting_is_its_default_until_an_administrator_changes_it(cast: Cast) -> None:
    assert await setting(SIGN_UP) == "open"
    await change_setting(await cast.ada(), "sign_up", "closed")
    assert await setting(SIGN_UP) == "closed"
    await change_setting(await cast.ada(), "sign_up", "domains")
    assert await setting(SIGN_UP) == "domains"


async def test_nobody_else_changes_one(cast: Cast) -> None:
    for viewer in (await cast.mod(), await cast.alice(), await cast.visitor()):
        with pytest.raises(Forbidden):
            await change_setting(viewer, "sign_up", "closed")
    assert await setting(SIGN_UP) == "open"


async def test_what_is_no_value_is_refused_in_a_sentence(cast: Cast) -> None:
    ada = await cast.ada()
    for name, text in (("sign_up", "ajar"), ("sign_up_domains", "gouv.fr, not a domain!")):
        with pytest.raises(Invalid):
            await change_setting(ada, name, text)
    with pytest.raises(NotFound):
        await change_setting(ada, "sign-up", "open")


async def test_domains_are_kept_as_name_servers_know_them(cast: Cast) -> None:
    kept = await change_setting(await cast.ada(), "sign_up_domains", "Mairie-Forêt.fr, culture.GOUV.fr")
    assert kept == "culture.gouv.fr xn--mairie-fort-wbb.fr"
    assert await setting(SIGN_UP_DOMAINS) == {"culture.gouv.fr", "xn--mairie-fort-wbb.fr"}


async def test_settings_on_the_command_line(db: None, cast: Cast, database_url: str) -> None:
    code, out, err = await relais("settings", "set", "sign_up", "closed", RELAIS_DATABASE_URL=database_url)
    assert (code, out, err) == (0, "sign_up = closed\n", "")
    code, out, _err = await relais("settings", "get", "sign_up", RELAIS_DATABASE_URL=database_url)
    assert (code, out) == (0, "closed\n")
    code, out, _err = await relais("settings", "get", RELAIS_DATABASE_URL=database_url)
    assert code == 0
    assert "sign_up_domains" in out
    code, _out, err = await relais("settings", "set", "sign_up", "ajar", RELAIS_DATABASE_URL=database_url)
    assert code == 1
    assert "open, domains, approval, invitation, closed" in err
