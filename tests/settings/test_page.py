"""The settings page: for administrators, who change one thing at a time, and whose change is written down."""

from io import BytesIO

import pytest
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.config import Config
from forum.settings.face import read_face
from forum.settings.known import SETTINGS, SIGN_UP, SIGN_UP_DOMAINS
from forum.settings.queries import setting
from forum.settings.words import choice_words, setting_words
from tests.cast import Cast
from tests.commands.test_cli import relais
from tests.people import at, signed_in
from tests.pictures.made import SECRET, a_picture, a_telephones_picture
from tests.system import people
from tests.system.test_accessibility import RULES

PATH = "/admin/settings"


async def test_ada_closes_the_sign_up_and_the_journal_says_so(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    shown = (await ada.get(PATH)).text
    assert "Who may create an account" in shown
    saved = await ada.post(PATH, name="sign_up", value="closed")
    assert (saved.status_code, saved.headers["location"]) == (303, f"{PATH}?saved#sign_up")
    assert "Saved: it holds from now on." in (await ada.get(f"{PATH}?saved")).text
    assert await setting(SIGN_UP) == "closed"
    assert "No new accounts for the moment" in (await at(site).get("/signup")).text
    journal = (await ada.get("/admin/journal?kind=change_site_setting")).text
    assert "changed how the site works" in journal
    assert "<code>sign_up</code></dt><dd>closed</dd>" in journal


async def test_what_does_not_do_is_said_and_stays_as_it_was_typed(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    answer = await ada.post(PATH, name="sign_up_domains", value="mairie.fr, <not a domain>")
    assert answer.status_code == 422
    assert "is not a mail domain" in answer.text
    assert "mairie.fr, &lt;not a domain&gt;" in answer.text
    assert await setting(SIGN_UP_DOMAINS) == frozenset()
    assert (await ada.post(PATH, name="sign_up", value="ajar")).status_code == 422
    assert (await ada.post(PATH, name="no such thing", value="x")).status_code == 404


@pytest.mark.parametrize("who", ["alice", "mod"])
async def test_to_everyone_else_there_is_no_such_page(site: str, cast: Cast, who: str) -> None:
    person = await signed_in(site, who)
    absent = await person.get("/admin/no-such-page")
    assert (await person.get(PATH)).status_code == absent.status_code == 404
    assert (await person.post(PATH, name="sign_up", value="closed")).status_code == 404
    assert await setting(SIGN_UP) == "open"


def test_each_setting_and_each_of_its_values_has_its_words() -> None:
    assert all(setting_words(name) for name in SETTINGS)
    assert all(choice_words(value) for value in SIGN_UP.choices)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_page_has_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "ada")
    await page.goto(site + PATH)
    await page.get_by_role("textbox", name="Mail domains that may create an account").fill("not a domain!")
    await page.get_by_role("region", name="Mail domains").get_by_role("button").click()
    await page.get_by_text("Not changed yet").wait_for()
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


async def test_the_name_is_on_every_page_in_the_api_and_no_member_may_take_it(site: str, cast: Cast) -> None:
    ada, visitor = await signed_in(site, "ada"), at(site)
    assert "– Relais</title>" in (await visitor.get("/")).text
    assert (await ada.post(PATH, name="title", value="  Réseau\nde l’eau ")).status_code == 303
    assert (await ada.post(PATH, name="contact", value="eau@example.org")).status_code == 303
    assert (await ada.post(PATH, name="controller", value="Syndicat <des eaux>")).status_code == 303
    shown = (await ada.get("/charter")).text
    assert "– Réseau de l’eau</title>" in shown
    assert "Syndicat &lt;des eaux&gt;" in shown
    about = (await ada.client.get("/about.json")).json()["about"]
    assert (about["title"], about["contact_email"]) == ("Réseau de l’eau", "eau@example.org")
    bob = await signed_in(site, "bob")
    taken = await bob.post("/preferences/profile", name="Réseau de l’eau", audience="members", locale="en")
    assert taken.status_code == 422
    for name, value in (
        ("title", " "),
        ("title", "x" * 81),
        ("contact", "nobody"),
        ("charter", "x" * 20_001),
    ):
        assert (await ada.post(PATH, name=name, value=value)).status_code == 422


async def test_a_logo_is_made_anew_shown_with_the_sites_name_and_removed(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    own = {"Sec-Fetch-Site": "same-origin"}
    for body in (b"", b"no picture"):
        refused = await ada.client.post(f"{PATH}/logo", files={"logo": body}, headers=own)
        assert refused.status_code == 422
        assert "Not changed yet" in refused.text
    picture = a_telephones_picture()
    assert (await ada.client.post(f"{PATH}/logo", files={"logo": picture}, headers=own)).status_code == 303
    face = await read_face()
    assert f'<img src="{face.logo_path}" alt="Relais">' in (await ada.get("/")).text
    kept = await at(site).get(face.logo_path)
    assert kept.headers["content-type"] == "image/webp"
    assert Image.open(BytesIO(kept.content)).size == (96, 96)
    assert SECRET.encode() not in kept.content
    again = await ada.client.post(f"{PATH}/logo", files={"logo": a_picture(size=(900, 90))}, headers=own)
    assert again.status_code == 303
    assert (await at(site).get(face.logo_path)).status_code == 404, "the former file is gone"
    assert (await ada.post(f"{PATH}/logo/deletion")).status_code == 303
    assert (await read_face()).logo_path == ""
    assert "<img" not in (await ada.get("/")).text


async def test_another_worker_knows_of_it_at_its_next_page(site: str, cast: Cast, config: Config) -> None:
    """A command is another process; a member's page brings the version along."""
    bob = await signed_in(site, "bob")
    assert "– Relais</title>" in (await bob.get("/")).text
    set_it = ("settings", "set", "title", "Réseau de l’eau")
    assert (await relais(*set_it, RELAIS_DATABASE_URL=config.database_url))[0] == 0
    assert "– Réseau de l’eau</title>" in (await bob.get("/")).text
