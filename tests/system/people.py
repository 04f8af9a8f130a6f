"""People at a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import BrowserContext, Locator, Page, expect

from forum.app import Relais
from tests.cast import PASSWORD, give_password
from tests.waiting import until


async def signed_in(context: BrowserContext, site: str, username: str) -> Page:
    """A member of the cast, signed in, on the list of topics, in English."""
    await give_password(username)
    await context.set_extra_http_headers({"Accept-Language": "en"})
    page = await context.new_page()
    await page.goto(f"{site}/session/new")
    await page.get_by_label("User name or e-mail address").fill(username)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")
    return page


async def connected(page: Page, channel: str) -> None:
    """Wait until the page hears a channel."""
    await expect(page.locator(f'live-channel[name="{channel}"][connected]')).to_be_attached()


@asynccontextmanager
async def out_of_reach(context: BrowserContext, app: Relais) -> AsyncIterator[None]:
    """The network is cut for a while: nothing posted meanwhile reaches the context's pages.

    Chromium's offline mode leaves a WebSocket that is open as it is, so the server's end of it is closed too;
    the page notices, and what it tries again fails until the network is back.
    """
    await context.set_offline(True)
    app.hub.end(app.hub.connections, 3001, "shutdown")
    await until(lambda: not app.hub.connections)
    for page in context.pages:
        await expect(page.locator("live-channel[connected]")).to_have_count(0)
    yield
    assert not app.hub.connections, "a page came back through the cut"
    await context.set_offline(False)


def reply_button(page: Page) -> Locator:
    """The button that sends the reply."""
    return page.locator("#reply").get_by_role("button", name="Reply", exact=True)
