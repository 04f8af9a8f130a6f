"""People at home, each at a browser of their own: in one language, with scripts or without."""

from collections.abc import Awaitable, Callable

from playwright.async_api import BrowserContext
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import PASSWORD, give_password
from tests.system.test_a_whole_life import Browser

PHONE = {"width": 320, "height": 800}

AtHome = Callable[[str], Awaitable[Browser]]


async def homes(new_context: CreateContextCallback, site: str, locale: str, scripts: bool) -> AtHome:
    """How members of the cast sign in, each at their own browser; every page on their way is looked at."""
    context: BrowserContext = await new_context(viewport=PHONE, bypass_csp=True, reduced_motion="reduce")
    reader = await context.new_page()
    await reader.route("**/*.js", lambda route: route.abort())

    async def at_home(name: str) -> Browser:
        own = await new_context(java_script_enabled=scripts, locale=locale, viewport=PHONE)
        browser = Browser(await own.new_page(), reader, site, locale)
        await give_password(name)
        await browser.signs_in(name, PASSWORD)
        return browser

    return at_home
