"""Groups at a real browser: asked for, granted, and what opens then appears by itself."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.categories.actions import create_category
from forum.categories.models import Permission
from tests.cast import Cast
from tests.factories import a_group
from tests.system import people
from tests.system.test_accessibility import RULES


async def test_eve_asks_bob_accepts_and_the_private_theme_appears_by_itself(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    group = await a_group(cast, "water", "on_request", "bob")
    await create_category("Wells and pumps", permissions={group: Permission.CREATE})
    eve, bob = [await people.signed_in(await new_context(), site, who) for who in ("eve", "bob")]
    await people.connected(bob, f"user:{cast.ids['bob']}")

    await eve.goto(f"{site}/g/water")
    await eve.get_by_label("Why would you like to join?").fill("I look after three wells.")
    await eve.get_by_label("Why would you like to join?").press("Tab")
    await eve.keyboard.press("Enter")
    await expect(eve.locator(".note-ok")).to_have_text("Your request is with the group’s owners.")
    await expect(bob.locator("#badge")).to_have_attribute("data-unread", "1")

    await eve.goto(f"{site}/categories")
    await people.connected(eve, f"user:{cast.ids['eve']}")
    await expect(eve.get_by_role("link", name="Wells and pumps")).to_have_count(0)
    await bob.goto(f"{site}/notifications")
    await bob.get_by_role("link", name="Eve asks to join").click()
    await bob.get_by_role("button", name="Accept").click()
    await expect(bob.locator(".note-ok")).to_have_text("Your answer is sent.")

    await expect(eve.get_by_role("link", name="Wells and pumps")).to_be_visible()
    await expect(eve.locator("#badge")).to_have_attribute("data-unread", "1")
    await eve.get_by_role("link", name="Wells and pumps").click()
    await expect(eve.get_by_role("heading", level=1)).to_have_text("Wells and pumps")


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_pages_have_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    await a_group(cast, "water", "on_request", "bob", "alice")
    size = {"width": width, "height": 800}
    eve = await people.signed_in(
        await new_context(viewport=size, color_scheme=scheme, bypass_csp=True), site, "eve"
    )
    await eve.goto(f"{site}/g/water")
    await eve.get_by_label("Why would you like to join?").fill(" ")
    await eve.get_by_role("button", name="Ask to join").click()
    await eve.get_by_text("there is no text here").wait_for()
    await faultless(eve)
    await eve.get_by_label("Why would you like to join?").fill("I look after three wells.")
    await eve.get_by_role("button", name="Ask to join").click()
    await faultless(eve)
    await eve.goto(f"{site}/g")
    await faultless(eve)
    bob = await people.signed_in(
        await new_context(viewport=size, color_scheme=scheme, bypass_csp=True), site, "bob"
    )
    await bob.goto(f"{site}/notifications")
    await faultless(bob)
    await bob.goto(f"{site}/g/water")
    await bob.get_by_role("button", name="Refuse").click()
    await bob.get_by_text("there is no text here").wait_for()
    await faultless(bob)


async def faultless(page: Page) -> None:
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, page.url
