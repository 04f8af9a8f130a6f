"""A page that is cut off, asleep, put away or signed out: what it says, when it comes back, what it keeps."""

import re

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from forum.app import Relais
from realtime import log, rights
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.factories import a_question, a_reply
from tests.js.line import Line
from tests.js.test_live import look_away, open_topic
from tests.servers.chromium import launch_arguments
from tests.system.people import connected, out_of_reach, signed_in
from tests.waiting import until


def notice(page: Page) -> Locator:
    """What is said of the connection, at the foot of the window."""
    return page.get_by_role("status").locator("[data-connection]")


async def is_told(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait until the page says these words of its connection, and no others."""
    await expect(notice(page)).to_have_text(words, use_inner_text=True)


async def test_a_long_absence_is_said_in_a_status_that_moves_nothing(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    for _n in range(8):
        await a_reply(cast, topic)
    page = await signed_in(context, site, "alice")
    await page.clock.install()
    await open_topic(page, site, topic)
    card = page.locator("li[data-number='6']")
    await card.scroll_into_view_if_needed()
    before = await card.bounding_box()
    async with out_of_reach(context, app):
        await page.clock.run_for(3900)
        await expect(notice(page)).to_be_hidden()
        await page.clock.run_for(200)
        await is_told(page, "No connection for the moment. What you write stays here.")
        await expect(notice(page)).to_be_in_viewport()
        assert await card.bounding_box() == before
    await connected(page, f"topic:{topic.id}")
    await expect(notice(page)).to_be_hidden()
    assert await card.bounding_box() == before
    await page.clock.run_for(6000)
    await expect(page.locator("[data-polite]")).to_have_text("Connected again.")


async def test_a_french_page_says_it_in_french(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await context.new_page()
    await page.set_extra_http_headers({"Accept-Language": "fr"})
    await page.clock.install()
    await open_topic(page, site, topic)
    async with out_of_reach(context, app):
        await page.clock.run_for(4100)
        await is_told(page, "Pas de connexion pour le moment.")
    await connected(page, f"topic:{topic.id}")
    await expect(notice(page)).to_be_hidden()


async def test_a_page_wakes_at_once_when_the_network_is_back(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    """No timer runs in this page any more: only the news from the network can bring it back."""
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.clock.install()
    await open_topic(page, site, topic)
    async with out_of_reach(context, app):
        await page.clock.run_for("02:00")
        await page.clock.pause_at(await page.evaluate("Date.now() + 1000"))
        await a_reply(cast, topic, raw="During the cut.")
    await expect(page.get_by_text("During the cut.")).to_be_attached()


async def test_a_connection_of_another_network_is_not_trusted(
    site: str, app: Relais, cast: Cast, context: BrowserContext, line: Line
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    await line.lose(a_reply(cast, topic, raw="Sent through the old network."))
    calls = line.calls
    await page.evaluate("dispatchEvent(new Event('online'))")
    await expect(page.get_by_text("Sent through the old network.")).to_be_attached()
    assert line.calls == calls + 1


async def test_a_page_wakes_at_once_when_it_is_looked_at(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.clock.install()
    await open_topic(page, site, topic)
    await look_away(page, True)
    async with out_of_reach(context, app):
        await page.clock.run_for("02:00")
        await page.clock.pause_at(await page.evaluate("Date.now() + 1000"))
        await a_reply(cast, topic, raw="While nobody looked.")
    assert not app.hub.connections, "a page that nobody looks at waits for its turn"
    await look_away(page, False)
    await expect(page.get_by_text("While nobody looked.")).to_be_attached()


async def test_a_computer_that_slept_does_not_trust_what_was_connected_before(
    site: str, app: Relais, cast: Cast, context: BrowserContext, line: Line
) -> None:
    """Its timers stood still, and its peer has gone without a word: the clock on the wall tells."""
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.clock.install()
    await open_topic(page, site, topic)
    await line.lose(a_reply(cast, topic, raw="While the lid was down."))
    calls = line.calls
    await page.clock.set_system_time(await page.evaluate("Date.now() + 3_600_000"))
    await look_away(page, False)
    await expect(page.get_by_text("While the lid was down.")).to_be_attached()
    assert line.calls == calls + 1


async def test_a_page_put_away_is_not_connected_and_was_fit_to_be_kept(
    site: str, app: Relais, cast: Cast, browser: Browser
) -> None:
    topic = await a_question(cast)
    cached = await browser.browser_type.launch(
        **launch_arguments(whole=True), ignore_default_args=["--disable-back-forward-cache"]
    )
    page = await signed_in(await cached.new_context(), site, "alice")
    await open_topic(page, site, topic)
    (before,) = app.hub.connections
    await page.goto(f"{site}/categories")
    await until(lambda: before not in app.hub.sockets)
    await page.go_back(wait_until="commit")
    await connected(page, f"topic:{topic.id}")
    entry = "performance.getEntriesByType('navigation')[0]"
    assert await page.evaluate(f"{entry}.notRestoredReasons") is None
    await a_reply(cast, topic, raw="Live again.")
    await expect(page.get_by_text("Live again.")).to_be_attached()
    await cached.close()


async def test_who_is_signed_out_elsewhere_keeps_the_text_and_finds_the_way_in_again(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    field = page.get_by_label("Text of the reply")
    await field.press_sequentially("Half a sentence")
    other = await context.new_page()
    await other.goto(f"{site}/categories")
    await other.get_by_text("Alice").first.click()
    await other.get_by_role("button", name="Sign out").click()
    await is_told(page, "Your session has ended. What you write stays here. Sign in")
    await expect(page.locator("live-channel[connected]")).to_have_count(0)
    await field.press_sequentially(", and the rest")
    await notice(page).get_by_role("link", name="Sign in").click()
    await page.get_by_label("User name or e-mail address").fill("alice")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in").first.click()
    await expect(field).to_have_value("Half a sentence, and the rest")
    await connected(page, f"topic:{topic.id}")


async def test_a_page_whose_session_ended_while_it_was_away_says_so_when_it_comes_back(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    """To the server it is a visitor's; it is still Alice's page, and no longer live."""
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    async with out_of_reach(context, app):
        await context.clear_cookies()
    await expect(notice(page)).to_contain_text("Your session has ended.")
    await expect(notice(page).get_by_role("link", name="Sign in")).to_be_visible()
    await until(lambda: not app.hub.connections)
    await expect(page.locator("live-channel[connected]")).to_have_count(0)


async def test_a_suspended_member_is_told_and_keeps_the_text(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    await page.get_by_label("Text of the reply").fill("Half a sentence")
    async with log.transaction() as record:
        rights.user_stopped(record, str(cast.ids["alice"]))
    await is_told(page, "This account is suspended or closed. What you write stays here.")
    await expect(page.get_by_label("Text of the reply")).to_have_value("Half a sentence")


async def test_who_loses_a_right_is_told_and_nothing_disappears(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast, private=True)
    await a_reply(cast, topic, raw="Said among clerks.")
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    field = page.get_by_label("Text of the reply")
    await field.press_sequentially("Half a sentence")
    await sql("DELETE FROM group_users WHERE user_id = {0}", cast.ids["alice"])
    async with log.transaction() as record:
        rights.user_changed(record, str(cast.ids["alice"]))
    await is_told(page, re.compile("^Part of this page is no longer updated: .* stays here.$"))
    await expect(page.locator(f'live-channel[name="topic:{topic.id}"]')).not_to_have_attribute(
        "connected", ""
    )
    await connected(page, f"user:{cast.ids['alice']}")
    await a_reply(cast, topic, raw="Not for her any more.")
    await a_reply(cast, await a_question(cast))
    await expect(page.locator("#badge")).to_contain_text("1")
    await expect(page.get_by_text("Said among clerks.")).to_be_visible()
    await expect(page.get_by_text("Not for her any more.")).to_have_count(0)
    await expect(field).to_be_focused()
    await expect(field).to_have_value("Half a sentence")
