"""The second factor at a real browser: set up, sign out, sign in with the code, then with a code on paper."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.factors.codes import STEP as SECONDS
from realtime.sql import sql
from tests.cast import PASSWORD, Cast, give_password
from tests.factors.phones import SET_UP, Phone
from tests.system.people import signed_in
from tests.system.test_a_whole_life import Browser
from tests.system.test_accessibility import RULES, no_sideways_scroll

pytestmark = pytest.mark.usefixtures("mails_leave")
Later = Callable[..., None]


async def learn(page: Page) -> Phone:
    """Start to set an app up, and type the secret of the page into a phone."""
    await page.get_by_role("button", name="Set up an app").click()
    await expect(page.get_by_role("img", name="QR code")).to_be_visible()
    return Phone((await page.locator(".secret").inner_text()).replace(" ", ""))


async def sign_out(page: Page) -> None:
    await page.locator(".menu summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


async def with_password(page: Page, site: str, username: str) -> None:
    await page.goto(f"{site}/session/new?return_to=/categories")
    await page.get_by_label("User name or e-mail address").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False])
async def test_bob_sets_up_an_app_and_comes_back_with_it(
    site: str, cast: Cast, new_context: CreateContextCallback, later: Later, scripts: bool
) -> None:
    page = await signed_in(await new_context(java_script_enabled=scripts), site, "bob")
    await page.goto(f"{site}/preferences")
    await page.get_by_role("link", name="Second factor").click()
    phone = await learn(page)
    await page.get_by_label("Code of the app").fill("000000")
    await page.get_by_role("button", name="Use this app").click()
    await expect(page.get_by_role("alert").first).to_contain_text("not the code of the moment")
    await page.get_by_label("Code of the app").fill(phone.code())
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Keep these codes now")).to_be_visible()
    codes = await page.locator(".codes code").all_inner_texts()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save as a file").click()
    assert (await download.value).suggested_filename == "relais-bob.txt"
    await page.get_by_role("link", name="I have kept them").click()
    await expect(page.get_by_text("10 codes are left.")).to_be_visible()
    await sign_out(page)
    later(seconds=SECONDS)
    await with_password(page, site, "bob")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    await page.get_by_label("Code of your authenticator app").fill(phone.code())
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Themes")
    await sign_out(page)
    await with_password(page, site, "bob")
    await page.get_by_text("Use a recovery code").click()
    await page.get_by_label("Recovery code").fill(codes[0])
    await page.get_by_role("button", name="Sign in with this code").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Themes")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scripts", [True, False])
async def test_bob_does_so_in_french(
    site: str, cast: Cast, new_context: CreateContextCallback, later: Later, scripts: bool
) -> None:
    size = {"width": 320, "height": 800}
    read = await (await new_context(viewport=size, bypass_csp=True, reduced_motion="reduce")).new_page()
    await read.route("**/*.js", lambda route: route.abort())
    context = await new_context(java_script_enabled=scripts, locale="fr", viewport=size)
    bob = Browser(await context.new_page(), read, site, "fr")
    await give_password("bob")
    await bob.signs_in("bob", PASSWORD)
    await bob.go("/preferences/second-factor")
    await bob.press("Set up an app")
    phone = Phone((await bob.page.locator(".secret").inner_text()).replace(" ", ""))
    await bob.fill("Code of the app", "000000")
    await bob.press("Use this app")
    await expect(bob.page.get_by_role("alert").first).to_be_visible()
    await bob.fill("Code of the app", phone.code())
    await bob.press("Use this app")
    await expect(bob.page.locator(".codes li")).to_have_count(10)
    await context.clear_cookies()
    later(seconds=SECONDS)
    await bob.page.goto(f"{site}/session/new")
    await bob.fill("User name or e-mail address", "bob")
    await bob.fill("Password", PASSWORD)
    await bob.press("Sign in")
    await bob.shows(bob.says("Second step"))
    await bob.fill("Code of your authenticator app", phone.code())
    await bob.page.keyboard.press("Enter")
    await bob.shows(bob.says("Latest topics"))


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_no_page_of_second_factors_has_a_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, later: Later, width: int, scheme: str
) -> None:
    size, named = {"width": width, "height": 800}, site.replace("127.0.0.1", "localhost")
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await signed_in(context, named, "mod")
    await sql("DELETE FROM site_settings WHERE name = 'staff_second_factor'")

    async def look(name: str) -> None:
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        await no_sideways_scroll(page, name)

    await page.goto(named)
    await expect(page.get_by_text("Your rights as staff wait")).to_be_visible()
    await look("a page that leads there")
    await page.goto(f"{named}/review")
    await expect(page.get_by_text("Set up a second factor to act as staff")).to_be_visible()
    await look("nothing yet")
    phone = await learn(page)
    await look("an app to set up")
    await page.get_by_label("Code of the app").fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").first).to_be_visible()
    await look("a wrong code")
    await page.get_by_label("Code of the app").fill(phone.code())
    await page.keyboard.press("Enter")
    await expect(page.locator(".codes li")).to_have_count(10)
    await look("codes")
    await sql(
        """INSERT INTO passkeys (user_id, credential_id, public_key, sign_count, transports, name, created_at)
            VALUES ({0}, 'x', '', 0, '', 'A key with a long name, as one would never call it, nor say it',
            '2026-01-01 00:00:00+00:00')""",
        cast.ids["mod"],
    )
    await page.goto(named + SET_UP)
    await look("everything")
    later(minutes=16)
    await page.goto(named + SET_UP)
    await page.get_by_label("Your password").fill("not this one")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_text("This is not your password.")).to_be_visible()
    await look("the password again")
    await context.clear_cookies()
    await with_password(page, named, "mod")
    await look("the second step")
    await page.get_by_text(re.compile("^Use a recovery code")).click()
    await page.get_by_label("Recovery code").fill("nothing")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("not one of your codes").first).to_be_visible()
    await look("refused")
