"""Bob in his browser: he takes his data with him, then has his account erased."""

import json
import zipfile

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.clock import set_clock
from forum.erasures.erasing import erase_accounts
from tests.cast import PASSWORD, Cast
from tests.erasures.leaving import later
from tests.exports.conftest import app, box
from tests.exports.test_archive import link_in
from tests.factories import a_question, a_reply
from tests.servers.smtp import PostBox
from tests.signups.entering import mail_to
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll

__all__ = ["app", "box"]


async def looks_right(page: Page, name: str) -> None:
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    await no_sideways_scroll(page, name)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("width", "scripts"), [(320, True), (1280, False)])
async def test_bob_takes_his_data_and_leaves(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, width: int, scripts: bool
) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic, raw="We did it with a neighbour.")
    context = await new_context(
        viewport={"width": width, "height": 800}, bypass_csp=True, java_script_enabled=scripts
    )
    page = await people.signed_in(context, site, "bob")
    await page.goto(f"{site}/privacy")
    await page.get_by_role("link", name="Take my data with me").click()
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Your archive is being made").first).to_be_visible()
    await page.goto(site + link_in(await mail_to(box, "bob@example.org")))
    if scripts:
        await looks_right(page, "download")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download").click()
    file = await (await download.value).path()
    (post,) = json.loads(zipfile.ZipFile(file).read("posts.json"))
    assert post["raw"] == "We did it with a neighbour."
    await page.goto(f"{site}/preferences/erasure")
    await page.get_by_label("Your user name, to confirm").fill("bob")
    await page.get_by_label("Your password").fill(PASSWORD)
    await page.get_by_role("button", name="Erase my account in 7 days").click()
    await expect(page.get_by_role("heading", name="Your account is going to be erased")).to_be_visible()
    if scripts:
        await looks_right(page, "planned")
    try:
        later(days=8)
        await erase_accounts()
    finally:
        set_clock(None)
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await expect(page.get_by_role("heading", name="Deleted account")).to_be_visible()


async def test_the_page_of_administrators_has_no_fault(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    context = await new_context(viewport={"width": 320, "height": 800}, bypass_csp=True)
    page = await people.signed_in(context, site, "ada")
    await page.goto(f"{site}/u/bob/conduct")
    await page.get_by_role("link", name="Erase this account").click()
    await looks_right(page, "erasing a member")


async def test_an_open_page_shows_that_bob_has_left(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic, raw="We did it with a neighbour.")
    page = await people.signed_in(await new_context(), site, "alice")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await expect(page.locator("live-channel[connected]").first).to_be_attached()
    ada = await people.signed_in(await new_context(), site, "ada")
    await ada.goto(f"{site}/u/bob/erasure")
    await ada.get_by_label("The member’s user name, to confirm").fill("bob")
    await ada.get_by_label("Reason").fill("Asked by letter.")
    await ada.get_by_role("button", name="Erase this account for good").click()
    await erase_accounts()
    await expect(page.get_by_role("heading", name="Deleted account")).to_be_visible()
    await expect(page.get_by_text("We did it with a neighbour.")).to_be_visible()
