"""Joining at a real browser: sign up, read the mail, confirm, ask; with scripts and without."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import PASSWORD, Cast
from tests.servers.smtp import PostBox
from tests.signups.entering import ALINE, link_in, mail_to
from tests.system.people import signed_in
from tests.system.test_accessibility import RULES, no_sideways_scroll

BOB = "bob@example.org"


async def fill_in(page: Page, **typed: str) -> None:
    """Type into the sign-up form and send it."""
    typed = {**ALINE, **typed}
    for label, name in (
        ("Your name", "name"), ("User name", "username"), ("E-mail address", "email"),
        ("Password", "password"),
    ):  # fmt: skip
        await page.get_by_label(label, exact=True).fill(typed[name])
    await page.get_by_label("I have read the charter").check()
    await page.get_by_role("button", name="Create my account").click()


@pytest.mark.parametrize("scripts", [True, False])
async def test_aline_joins_and_asks_her_first_question(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, scripts: bool
) -> None:
    context = await new_context(java_script_enabled=scripts, locale="en")
    page = await context.new_page()
    await page.goto(site)
    await (
        page.get_by_role("navigation", name="My account")
        .get_by_role("link", name="Create an account")
        .click()
    )
    await fill_in(page, password="password1234")
    await expect(page.get_by_role("alert")).to_contain_text("first that are tried")
    await expect(page.get_by_label("Your name")).to_have_value("Aline Mercier")
    await page.get_by_label("Password", exact=True).fill(ALINE["password"])
    await page.get_by_role("button", name="Create my account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    await page.goto(site + link_in(await mail_to(box, ALINE["email"])))
    await expect(page.locator("main")).to_contain_text("Aline Mercier")
    await page.get_by_role("button", name="Confirm and sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")
    await page.get_by_role("link", name="Ask a question").first.click()
    await page.get_by_label("Your question, in one sentence").fill("Who cooks for sixty children?")
    await page.get_by_label("Theme").select_option(label="School meals")
    await page.get_by_label("Your situation").fill("We look for advice.")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Who cooks for sixty children?")
    await expect(page.locator("main")).to_contain_text("Aline Mercier")


async def test_bob_comes_back_with_a_forgotten_password(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback
) -> None:
    page = await (await new_context(java_script_enabled=False, locale="en")).new_page()
    await page.goto(f"{site}/session/new")
    await page.get_by_role("link", name="Forgotten password?").click()
    await page.get_by_label("E-mail address").fill(BOB)
    await page.get_by_role("button", name="Send me the link").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    await page.goto(site + link_in(await mail_to(box, BOB)))
    await page.get_by_label("New password").fill(ALINE["password"])
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_text("Your password is changed.")).to_be_visible()
    await page.get_by_label("User name or e-mail address").fill("bob")
    await page.get_by_label("Password").fill(ALINE["password"])
    await page.locator("main").get_by_role("button", name="Sign in").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_no_page_of_the_entry_has_a_fault_that_a_machine_finds(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 800}
    page = await (
        await new_context(viewport=size, color_scheme=scheme, bypass_csp=True, locale="en")
    ).new_page()

    async def look(name: str) -> None:
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        await no_sideways_scroll(page, name)

    for path in ("/session/new", "/signup", "/password-reset", "/u/activate-account/spent"):
        await page.goto(site + path)
        await look(path)
    await page.goto(f"{site}/signup")
    await fill_in(page, password="password1234", username="a b")
    await expect(page.get_by_role("alert")).to_be_visible()
    await look("refused sign-up")
    await page.goto(f"{site}/signup")
    await fill_in(page)
    await look("sent")
    await page.goto(f"{site}/session/new")
    await page.get_by_label("User name or e-mail address").fill("aline")
    await page.get_by_label("Password").fill(ALINE["password"])
    await page.locator("main").get_by_role("button", name="Sign in").first.click()
    await expect(page.get_by_role("button", name="Send me the mail again")).to_be_visible()
    await look("not confirmed")
    await page.goto(site + link_in(await mail_to(box, ALINE["email"])))
    await look("confirm")
    await page.goto(f"{site}/password-reset")
    await page.get_by_label("E-mail address").fill(BOB)
    await page.get_by_role("button", name="Send me the link").click()
    await look("asked")
    await page.goto(site + link_in(await mail_to(box, BOB)))
    await look("reset")
    bob = await signed_in(page.context, site, "bob")
    page = bob
    await page.goto(f"{site}/preferences/account")
    await look("account")
    await page.get_by_label("New e-mail address").fill("bob@mairie.example.org")
    await page.locator("#present-too").fill("not this one")
    await page.get_by_role("button", name="Change the address").click()
    await look("refused address")
    await page.locator("#present-too").fill(PASSWORD)
    await page.get_by_role("button", name="Change the address").click()
    await page.goto(site + link_in(await mail_to(box, "bob@mairie.example.org")))
    await look("new address")
