"""A member's whole life at a browser: joins, confirms, asks, is reported, appeals, takes their data, leaves.

In both languages, with scripts and without, and no page on the way has a fault that a machine finds.
"""

import json
import zipfile

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.clock import set_clock
from forum.erasures.erasing import erase_accounts
from forum.i18n import gettext, speaking
from tests.cast import PASSWORD as OTHERS_PASSWORD
from tests.cast import Cast, give_password
from tests.erasures.leaving import later
from tests.exports.conftest import app, box
from tests.exports.test_archive import link_in as archive_in
from tests.servers.smtp import PostBox
from tests.signups.entering import ALINE, PASSWORD, link_in, mail_to
from tests.system.test_accessibility import RULES, no_sideways_scroll

__all__ = ["app", "box"]

ADDRESS = ALINE["email"]
TITLE, REASON = "Qui cuisine pour soixante enfants ?", "Le nom d’un enfant y figure."


class Browser:
    """One person's, who reads one language; `read` is another, which looks at each page for faults."""

    def __init__(self, page: Page, read: Page, site: str, locale: str) -> None:
        self.page, self._read, self.site, self._locale = page, read, site, locale

    def says(self, sentence: str) -> str:
        """A sentence of the site in the language of the page."""
        with speaking(self._locale):
            return gettext(sentence)

    async def go(self, path: str) -> None:
        await self.page.goto(self.site + path)
        await self.looks_right()

    async def fill(self, label: str, value: str) -> None:
        await self.page.locator("main").get_by_label(self.says(label), exact=True).fill(value)

    async def check(self, label: str) -> None:
        await self.page.get_by_label(self.says(label)).check()

    async def press(self, name: str) -> None:
        await self.page.locator("main").get_by_role("button", name=self.says(name)).first.click()
        await self.looks_right()

    async def follow(self, name: str) -> None:
        await self.page.get_by_role("link", name=self.says(name)).first.click()
        await self.looks_right()

    async def shows(self, words: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(words)

    async def looks_right(self) -> None:
        """No fault that a machine finds, in the language that one reads; nothing scrolls sideways.

        Scripts are needed to look for faults, and would change the page: the same markup, looked at apart.
        """
        await self.page.wait_for_load_state()
        # While a form is sent its buttons are pale, being of no use.
        await expect(self.page.locator('form[aria-busy="true"]')).to_have_count(0)
        assert await self.page.locator("html").get_attribute("lang") == self._locale
        await self._read.goto(self.site)
        await self._read.set_content(await self.page.content())
        found = await Axe().run(self._read, options=RULES)
        assert found.violations_count == 0, f"{self.page.url}: {found.generate_report()}"
        await no_sideways_scroll(self._read, self.page.url)

    async def signs_in(self, name: str, password: str) -> None:
        await self.page.goto(f"{self.site}/session/new")
        await self.fill("User name or e-mail address", name)
        await self.fill("Password", password)
        await self.press("Sign in")
        await self.shows(self.says("Latest topics"))


@pytest.mark.timeout(400)
@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_aline_joins_asks_appeals_and_leaves(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, locale: str, scripts: bool
) -> None:
    size = {"width": 320, "height": 800}
    reader = await (await new_context(viewport=size, bypass_csp=True, reduced_motion="reduce")).new_page()
    await reader.route("**/*.js", lambda route: route.abort())

    async def at_home(name: str = "") -> Browser:
        context: BrowserContext = await new_context(java_script_enabled=scripts, locale=locale, viewport=size)
        browser = Browser(await context.new_page(), reader, site, locale)
        if name:
            await give_password(name)
            await browser.signs_in(name, OTHERS_PASSWORD)
        return browser

    aline = await at_home()
    await joins(aline, box)
    path = await asks(aline)
    await is_reported(await at_home("eve"), path)
    await decides(await at_home("mod"), "Hide the post", REASON)
    await appeals(aline)
    await decides(await at_home("ada"), "Bring the post back", "Elle a raison.")
    await aline.go(path)
    await aline.shows("Nous cherchons conseil.")
    await takes_her_data(aline, box)
    await leaves(aline, path)


async def joins(aline: Browser, box: PostBox) -> None:
    await aline.go("/signup")
    await aline.fill("Your name", ALINE["name"])
    await aline.fill("User name", ALINE["username"])
    await aline.fill("E-mail address", ADDRESS)
    await aline.fill("Password", "password1234")
    await aline.check("I have read the charter and accept it.")
    await aline.press("Create my account")
    await expect(aline.page.get_by_role("alert")).to_be_visible()
    await aline.fill("Password", PASSWORD)
    await aline.press("Create my account")
    await aline.shows(aline.says("Look into your mail"))
    await aline.go(link_in(await mail_to(box, ADDRESS)))
    await aline.press("Confirm and sign in")
    await aline.shows(aline.says("Latest topics"))


async def asks(aline: Browser) -> str:
    """The address of her first question."""
    await aline.go("/new-topic")
    await aline.shows(aline.says("Your first post here"))
    await aline.fill("Your question, in one sentence", TITLE)
    await aline.page.get_by_label(aline.says("Theme"), exact=True).select_option(label="School meals")
    await aline.fill("Your situation", "Nous cherchons conseil.")
    await aline.press("Publish")
    await aline.shows(TITLE)
    return aline.page.url.removeprefix(aline.site).partition("?")[0]


async def is_reported(eve: Browser, path: str) -> None:
    await eve.go(path)
    await eve.follow("Report")
    await eve.page.locator("input[name=flag_type_id]").nth(1).check()
    await eve.press("Send the report")
    await eve.shows(eve.says("What you reported:"))


async def decides(judge: Browser, decision: str, reason: str) -> None:
    await judge.go("/review")
    await judge.press("Take in hand")
    await judge.check(decision)
    await judge.press("Decide")
    await expect(judge.page.get_by_role("alert")).to_be_visible()
    await judge.fill("Why", reason)
    await judge.press("Decide")
    await judge.shows(judge.says("Nothing to review"))


async def appeals(aline: Browser) -> None:
    await aline.go("/notifications")
    await aline.page.locator("main a[href$='/moderation']").first.click()
    await aline.shows(REASON)
    await aline.fill("Say why the post should come back", "C’est le nom du cuisinier.")
    await aline.press("Appeal")
    await aline.shows(
        aline.says("You have appealed. Somebody else will look at it again, and you will be told.")
    )
    await expect(aline.page.locator("textarea#message")).to_have_count(0)


async def takes_her_data(aline: Browser, box: PostBox) -> None:
    await aline.go("/preferences/data")
    await aline.fill("Your password", PASSWORD)
    await aline.press("Prepare my archive")
    subjects = len(box.to(ADDRESS))
    await aline.page.goto(aline.site + archive_in(await mail_to(box, ADDRESS, max(2, subjects))))
    await aline.looks_right()
    async with aline.page.expect_download() as download:
        await aline.page.locator("main").get_by_role("button", name=aline.says("Download")).click()
    file = await (await download.value).path()
    posts = json.loads(zipfile.ZipFile(file).read("posts.json"))
    assert [post["raw"] for post in posts] == ["Nous cherchons conseil."]


async def leaves(aline: Browser, path: str) -> None:
    await aline.go("/preferences/erasure")
    await aline.fill("Your user name, to confirm", ALINE["username"])
    await aline.fill("Your password", PASSWORD)
    await aline.page.locator("main form[action='/preferences/erasure'] button").click()
    await aline.shows(aline.says("Your account is going to be erased"))
    await aline.looks_right()
    try:
        later(days=8)
        await erase_accounts()
    finally:
        set_clock(None)
    await aline.go(path)
    await aline.shows(aline.says("Deleted account"))
    assert ALINE["name"] not in await aline.page.content()
