"""A page stays true: cuts, holes, sleep, refreshes; what is read and typed stays in its place."""

import asyncio

from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from forum.app import Relais
from forum.posts.actions import reply_to_topic, revise_post
from forum.topics.queries import TopicCard
from realtime import log
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.servers.chromium import launch_arguments
from tests.system.people import connected, out_of_reach, signed_in
from tests.waiting import until


async def open_topic(page: Page, site: str, topic: TopicCard, query: str = "") -> None:
    """Go to a topic's page and wait until it is live."""
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}{query}")
    await connected(page, f"topic:{topic.id}")


async def lose_the_log(context: BrowserContext, app: Relais, cast: Cast, topic: TopicCard, raw: str) -> None:
    """Cut the network, post, and forget the log that told of it: only a refresh can show the reply."""
    async with out_of_reach(context, app):
        await a_reply(cast, topic, raw=raw)
        await log.renew_epoch()


async def test_the_title_counts_unread_alerts(site: str, cast: Cast, context: BrowserContext) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/categories")
    await connected(page, f"user:{cast.ids['alice']}")
    bare = await page.title()
    await a_reply(cast, topic)
    await expect(page).to_have_title(f"(1) {bare}")
    other = await context.new_page()
    await open_topic(other, site, topic)
    await expect(page).to_have_title(bare)


async def test_replies_are_announced_together_and_at_most_every_five_seconds(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.clock.install()
    await open_topic(page, site, topic)
    region, cards = page.locator("[data-polite]"), page.locator(".stream > li")
    await a_reply(cast, topic)
    await a_reply(cast, topic)
    await reply_to_topic(await cast.alice(), topic, "Alice's own, from her telephone.")
    await expect(cards).to_have_count(4)
    await page.clock.run_for(2200)
    await expect(region).to_have_text("2 new replies.")
    await a_reply(cast, topic)
    await expect(cards).to_have_count(5)
    await page.clock.run_for(4500)
    await expect(region).to_have_text("2 new replies.")
    await page.clock.run_for(600)
    await expect(region).to_have_text("1 new reply.")


async def test_a_reply_at_the_end_of_another_page_is_told_with_a_way_to_it(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    for _n in range(20):
        await a_reply(cast, topic)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    await a_reply(cast, topic, raw="On the second page.")
    await expect(page.get_by_text("1 new reply.").first).to_be_visible()
    await expect(page.get_by_text("On the second page.")).to_have_count(0)
    await page.locator(".news").get_by_role("link", name="Show").click()
    await expect(page.get_by_text("On the second page.")).to_be_visible()


async def test_a_refresh_keeps_the_focus_and_the_place(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    for _n in range(8):
        await a_reply(cast, topic)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    link = page.locator("li[data-number='6'] a[data-reply]")
    await link.focus()
    before = await link.bounding_box()
    await lose_the_log(context, app, cast, topic, "Only in the fresh page.")
    await expect(page.get_by_text("Only in the fresh page.")).to_be_attached()
    await connected(page, f"topic:{topic.id}")
    await expect(link).to_be_focused()
    after = await link.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2


async def test_what_comes_during_a_refresh_is_not_lost(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)

    async def be_late(route: Route) -> None:
        response = await route.fetch()
        await a_reply(cast, topic, raw="While the page was on its way.")
        await asyncio.sleep(0.5)  # the push overtakes the page
        await route.fulfill(response=response)

    await page.route(f"**/t/{topic.slug}/{topic.id}", be_late, times=1)
    await lose_the_log(context, app, cast, topic, "Only in the fresh page.")
    await expect(page.get_by_text("While the page was on its way.")).to_be_attached()
    await expect(page.get_by_text("Only in the fresh page.")).to_have_count(1)


async def test_a_page_that_cannot_be_refreshed_says_so_and_tries_again(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    address = f"**/t/{topic.slug}/{topic.id}"
    await page.route(address, lambda route: route.abort())
    await lose_the_log(context, app, cast, topic, "At a later attempt.")
    await expect(page.get_by_role("status").get_by_text("could not be brought")).to_be_visible()
    await page.unroute(address)
    await expect(page.get_by_text("At a later attempt.")).to_be_attached()
    await connected(page, f"topic:{topic.id}")
    await expect(page.get_by_text("could not be brought")).to_be_hidden()


async def test_a_hole_in_what_comes_is_filled(site: str, cast: Cast, context: BrowserContext) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    await a_reply(cast, topic, raw="Lost on the way.")
    lost = page.get_by_text("Lost on the way.")
    await expect(lost).to_be_attached()
    channel = page.locator(f'live-channel[name="topic:{topic.id}"]')
    offset = int(await channel.get_attribute("offset") or 0)
    await channel.evaluate("(element, offset) => element.setAttribute('offset', offset)", offset - 1)
    await lost.evaluate("element => element.closest('li').remove()")
    await a_reply(cast, topic, raw="The next one.")
    await expect(page.get_by_text("The next one.")).to_be_attached()
    await expect(lost).to_be_attached()
    assert int(await channel.get_attribute("offset") or 0) > offset


async def test_a_page_hidden_for_long_sleeps_and_catches_up(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.clock.install()
    await open_topic(page, site, topic)
    await look_away(page, True)
    await page.clock.fast_forward("05:01")
    await until(lambda: not app.hub.connections)
    await a_reply(cast, topic, raw="While it slept.")
    await look_away(page, False)
    await expect(page.get_by_text("While it slept.")).to_be_attached()


async def look_away(page: Page, away: bool) -> None:
    """Another window covers this one, or no longer does."""
    await page.evaluate(
        """away => {
          Object.defineProperty(document, "hidden", { value: away, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        away,
    )


async def test_a_server_that_has_gone_silent_is_left_for_a_new_connection(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.clock.install()
    await open_topic(page, site, topic)
    (before,) = app.hub.connections
    await page.clock.fast_forward("00:36")
    await page.clock.run_for(1500)
    await until(lambda: any(connection is not before for connection in app.hub.connections), 10)
    await a_reply(cast, topic, raw="Heard again.")
    await expect(page.get_by_text("Heard again.")).to_be_attached()


async def test_signing_out_elsewhere_ends_what_is_live_and_is_told(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    other = await context.new_page()
    await other.goto(f"{site}/categories")
    await other.get_by_text("Alice").first.click()
    await other.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_text("Your session has ended.")).to_be_visible()
    await expect(page.locator("live-channel[connected]")).to_have_count(0)


async def test_an_edit_above_what_is_read_does_not_move_it(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    replies = [await a_reply(cast, topic) for _n in range(10)]
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    card = page.locator("li[data-number='9']")
    await card.evaluate("card => scrollTo(0, card.getBoundingClientRect().top + scrollY - 100)")
    before = await card.bounding_box()
    bob = await cast.bob()
    long = "\n\n".join(f"Paragraph {n}." for n in range(30))
    await revise_post(bob, await seen(bob, replies[0]), long, reason="", version=1)
    await expect(page.get_by_text("Paragraph 29.")).to_be_attached()
    after = await card.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2


async def test_a_page_in_the_back_forward_cache_comes_back_and_catches_up(
    site: str, cast: Cast, browser: Browser
) -> None:
    topic = await a_question(cast)
    cached = await browser.browser_type.launch(
        **launch_arguments(whole=True), ignore_default_args=["--disable-back-forward-cache"]
    )
    page = await signed_in(await cached.new_context(), site, "alice")
    await open_topic(page, site, topic)
    await page.get_by_label("Text of the reply").fill("Half a sentence")
    await page.evaluate("window.mark = 'the same page'")
    await page.goto(f"{site}/categories")
    await a_reply(cast, topic, raw="While it was put away.")
    await page.go_back(wait_until="commit")
    await expect(page.get_by_text("While it was put away.")).to_be_attached()
    assert await page.evaluate("window.mark") == "the same page"
    await expect(page.get_by_label("Text of the reply")).to_have_value("Half a sentence")
    await cached.close()
