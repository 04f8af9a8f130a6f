"""The privacy page says what the site does: its tables, cookies, mails and settings, in both languages."""

import html
import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from forum.app import Relais
from forum.i18n import speaking
from forum.mail.kinds import KINDS
from forum.personal import HOLDINGS
from forum.privacy.words import cookies, mail_words
from forum.settings.actions import change_setting
from tests.cast import PASSWORD, Cast
from tests.factors.phones import set_up
from tests.people import Person, at, signed_in

# Sent by whoever keeps the machine, to themselves (relais check --mail).
NOT_TO_MEMBERS = {"trial"}


async def text_of(person: Person) -> str:
    answer = await person.get("/privacy")
    assert answer.status_code == 200
    return html.unescape(re.sub(r"<[^>]+>", "", answer.text))


@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_it_tells_of_every_table_every_cookie_and_every_mail(
    site: str, app: Relais, locale: str
) -> None:
    visitor = at(site)
    visitor.client.headers["Accept-Language"] = locale
    text = await text_of(visitor)
    with speaking(locale):
        for holding in HOLDINGS.values():
            assert holding.what() in text, holding.table
            assert holding.kept() in text, holding.table
        for cookie in cookies(app.config):
            assert cookie.name in text
            assert cookie.what in text
            assert cookie.kept in text
        for words in mail_words().values():
            assert words in text


def test_every_kind_of_mail_has_its_words() -> None:
    assert set(mail_words()) == set(KINDS) - NOT_TO_MEMBERS


async def test_the_cookies_are_those_that_the_site_sets(site: str, app: Relais, cast: Cast) -> None:
    site_by_name = site.replace("127.0.0.1", "localhost")  # keys know no numbers
    bob, eve = await signed_in(site, "bob"), await signed_in(site, "eve")
    await set_up(eve)
    answers = [
        await bob.sign_in("bob"),
        await bob.post("/locale", locale="en", return_to="/"),
        await bob.get("/"),
        await bob.post("/session/deletion"),
        await at(site).sign_in("eve"),
        await at(site_by_name).post("/session/passkey/challenge"),
    ]
    lines = [line for answer in answers for line in answer.headers.get_list("set-cookie")]
    lives = [(line.partition("=")[0], re.search(r"Max-Age=([1-9]\d*)", line)) for line in lines]
    told = {cookie.name: cookie.lifetime for cookie in cookies(app.config)}
    assert {line.partition("=")[0] for line in lines} == set(told)
    assert {name: timedelta(seconds=int(age[1])) for name, age in lives if age} == told


async def test_it_follows_the_settings(site: str, cast: Cast) -> None:
    ada = await cast.ada()
    await change_setting(ada, "erasure_days", "21")
    await change_setting(ada, "inactive_months", "48")
    text = await text_of(at(site))
    assert "done 21 days after you ask" in text
    assert "nobody has used for 48 months" in text


async def test_without_a_mail_server_it_says_so(site: str, app: Relais) -> None:
    assert "This site has no mail server" in await text_of(at(site))
    app.door.site = replace(app.door.site, config=replace(app.config, smtp_url="smtp://127.0.0.1:1"))
    assert "Mails leave through the mail server" in await text_of(at(site))


async def test_the_footer_and_the_sign_up_page_lead_to_it(site: str, cast: Cast) -> None:
    for path in ("/", "/signup", "/session/new"):
        page = (await at(site).get(path)).text
        assert page.count('href="/privacy"') == (2 if path == "/signup" else 1), path


async def test_members_find_their_rights_there(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    page = (await bob.get("/privacy")).text
    for path in ("/preferences/data", "/preferences/erasure", "/preferences/profile"):
        assert f'href="{path}"' in page
        assert (await bob.client.get(path)).status_code == 200
    assert PASSWORD not in page
