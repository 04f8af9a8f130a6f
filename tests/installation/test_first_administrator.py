"""A new site names its first administrator: by a link that the terminal shows, once, and never again."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.actions import create_user, deactivate_account
from forum.app import Relais
from forum.clock import now, set_clock
from forum.console import the_keeper
from forum.factors.held_back import SET_UP
from forum.installation.queries import first_link
from realtime.sql import sql
from tests.cast import leave_second_factor_to_staff
from tests.people import at
from tests.system.test_accessibility import RULES, no_sideways_scroll

GAELLE = {
    "username": "gaelle",
    "name": "Gaëlle Le Goff",
    "email": "gaelle@cdg.example.org",
    "password": "a lantern under the bridge",
}


def link_of(app: Relais) -> str:
    """The path of a link as the terminal shows it."""
    return urlsplit(first_link(app.config, "http://127.0.0.1:8000")).path


async def test_gaelle_opens_the_link_and_is_the_administrator(site: str, app: Relais) -> None:
    gaelle, link = at(site), link_of(app)
    assert "Nobody looks after this site yet" in (await gaelle.get(link)).text
    refused = await gaelle.post(link, **{**GAELLE, "password": "short"})
    assert refused.status_code == 422
    assert "Le Goff" in refused.text
    welcomed = await gaelle.post(link, **GAELLE)
    assert (welcomed.status_code, welcomed.headers["location"]) == (303, SET_UP), "staff owe a second factor"
    await leave_second_factor_to_staff()
    assert str((await gaelle.get("/admin/settings")).url).endswith("/admin/settings")
    for spent in (link, link_of(app)):
        assert (await at(site).get(spent)).status_code == 404
        assert (await at(site).post(spent, **{**GAELLE, "username": "eve"})).status_code == 404


async def test_of_many_at_once_one_becomes_the_administrator(site: str, app: Relais) -> None:
    app.limits.enabled = False
    links = [link_of(app) for _n in range(3)]
    asked = [
        at(site).post(links[n % 3], **{**GAELLE, "username": f"eve{n}", "email": f"eve{n}@example.org"})
        for n in range(30)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 29
    assert await sql("SELECT COUNT(*) AS n FROM users") == [{"n": 1}]


async def test_a_link_ends_after_a_day_and_is_not_made_by_anybody_else(site: str, app: Relais) -> None:
    link = link_of(app)
    assert (await at(site).get(link[:-1] + "!")).status_code == 404
    late = now() + timedelta(days=1, minutes=1)
    set_clock(lambda: late)
    try:
        assert (await at(site).get(link)).status_code == 404
    finally:
        set_clock(None)


async def test_an_administrator_who_left_does_not_bring_it_back(site: str, app: Relais) -> None:
    ada = await create_user("ada", "ada@example.org", None, admin=True)
    await deactivate_account(await the_keeper(), ada.id)
    assert (await at(site).get(link_of(app))).status_code == 404


@pytest.mark.parametrize("width", [320, 1280])
async def test_it_works_in_a_browser_and_has_no_fault_that_a_machine_finds(
    site: str, app: Relais, new_context: CreateContextCallback, width: int
) -> None:
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, locale="en", bypass_csp=True)
    page = await context.new_page()
    await page.goto(site + link_of(app))
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(page, "setup")
    for label, name in (("Your name", "name"), ("User name", "username"), ("E-mail address", "email"),
                        ("Password", "password")):  # fmt: skip
        await page.get_by_label(label, exact=True).fill(GAELLE[name])
    await page.get_by_role("button", name="Become the administrator").click()
    await expect(page.get_by_text("Set up a second factor to act as staff")).to_be_visible()
