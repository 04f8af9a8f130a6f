"""Asking to be let in at a real browser: with scripts and without; what a machine finds wrong; the badge."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import Cast
from tests.people import at
from tests.servers.smtp import PostBox
from tests.signup_requests.asking import CAROLE, MOTIVE, a_request, staff_decide
from tests.signup_requests.test_requests import appeal_in
from tests.signups.entering import PASSWORD, link_in, mail_to, sign_up
from tests.system.people import connected, signed_in
from tests.system.test_accessibility import RULES, no_sideways_scroll

ADDRESS = CAROLE["email"]


async def ask(page: Page, site: str, motive: str = MOTIVE) -> None:
    """Fill the sign-up form in, and send it."""
    await page.goto(f"{site}/signup")
    await page.get_by_label("Your name", exact=True).fill(CAROLE["name"])
    await page.get_by_label("User name", exact=True).fill(CAROLE["username"])
    await page.get_by_label("E-mail address").fill(ADDRESS)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_label("A few words for whoever decides").fill(motive)
    await page.get_by_label("I have read the charter").check()
    await page.get_by_role("button", name="Ask for my account").click()


@pytest.mark.parametrize("scripts", [True, False])
async def test_carole_asks_mod_lets_her_in_and_she_signs_in(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, scripts: bool
) -> None:
    await staff_decide(cast)
    carole = await (await new_context(java_script_enabled=scripts, locale="en")).new_page()
    mod = await signed_in(await new_context(java_script_enabled=scripts), site, "mod")
    if scripts:
        await connected(mod, f"user:{cast.ids['mod']}")
    await ask(carole, site, "x" * 1001)
    await expect(carole.get_by_role("alert")).to_be_visible()
    await expect(carole.get_by_label("A few words for whoever decides")).to_have_value("x" * 1001)
    await ask(carole, site)
    await carole.goto(site + link_in(await mail_to(box, ADDRESS)))
    await carole.get_by_role("button", name="Confirm my address").click()
    await expect(carole.get_by_text("Your address is confirmed.")).to_be_visible()
    if scripts:
        await expect(mod.locator("#review-badge")).to_contain_text("1")
    await mod.goto(f"{site}/review")
    await mod.get_by_role("button", name="Take in hand request of Carole Petit").click()
    await expect(mod.locator("main")).to_contain_text(MOTIVE)
    await mod.get_by_label("Refuse it").check()
    await mod.get_by_role("button", name="Decide").click()
    await expect(mod.get_by_role("alert")).to_be_visible()
    await mod.get_by_label("Open the account").check()
    await mod.get_by_role("button", name="Decide").click()
    await expect(mod.get_by_text("Nothing to review")).to_be_visible()
    await mail_to(box, ADDRESS, 2)
    await carole.goto(f"{site}/session/new")
    await carole.get_by_label("User name or e-mail address").fill("carole")
    await carole.get_by_label("Password").fill(PASSWORD)
    await carole.locator("main").get_by_role("button", name="Sign in").first.click()
    await expect(carole.get_by_role("heading", level=1)).to_have_text("Latest topics")


async def test_a_request_that_is_decided_leaves_a_colleagues_badge_at_once(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    id = await a_request()
    ada = await signed_in(await new_context(), site, "ada")
    await connected(ada, f"user:{cast.ids['ada']}")
    await expect(ada.locator("#review-badge")).to_contain_text("1")
    mod = await signed_in(await new_context(), site, "mod")
    await mod.goto(f"{site}/review/signups/{id}")
    await mod.get_by_label("Refuse it").check()
    await mod.get_by_label("Why").fill("Not a public servant.")
    await mod.get_by_role("button", name="Decide").click()
    await expect(ada.locator("#review-badge")).to_be_hidden()
    await expect(mod.get_by_text("Nothing to review")).to_be_visible()
    for page in (ada, mod):
        await page.context.close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_no_page_has_a_fault_that_a_machine_finds(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True, locale="en")
    page = await context.new_page()

    async def look(name: str) -> None:
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        await no_sideways_scroll(page, name)

    await sign_up(at(site), **CAROLE)
    link = site + link_in(await mail_to(box, ADDRESS))
    await staff_decide(cast)
    await page.goto(link)
    await look("asked for words")
    await page.get_by_label("A few words for whoever decides").fill("w" * 1001)
    await page.get_by_role("button", name="Confirm my address").click()
    await look("too many words")
    await page.get_by_label("A few words for whoever decides").fill(f"{MOTIVE} {'w' * 200}")
    await page.get_by_role("button", name="Confirm my address").click()
    await look("waits")
    await page.goto(f"{site}/signup")
    await look("form")
    staff = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await signed_in(staff, site, "mod")
    await page.goto(f"{site}/review")
    await look("queue")
    await page.get_by_role("button", name="Take in hand").click()
    await look("request")
    await page.get_by_label("Refuse it").check()
    await page.get_by_role("button", name="Decide").click()
    await look("no reason")
    await page.get_by_label("Why").fill("Not a public servant.")
    await page.get_by_role("button", name="Decide").click()
    await page.goto(f"{site}/review/signups/1")
    await look("refused")
    await page.goto(f"{site}/review/signups/2")
    await look("gone")
    await page.goto(site + appeal_in(await mail_to(box, ADDRESS, 2)))
    await look("refusal")
    await page.get_by_label("Say why an account should be opened").fill("w" * 1001)
    await page.get_by_role("button", name="Appeal").click()
    await look("appeal refused")
    await page.get_by_label("Say why an account should be opened").fill("I do.")
    await page.get_by_role("button", name="Appeal").click()
    await look("appealed")
    await page.goto(link)
    await look("answered")
