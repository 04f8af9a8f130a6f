"""Two people in two browsers: what one does, the other sees, without reloading."""

import re

from playwright.async_api import BrowserContext, Locator, Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.app import Relais
from tests.cast import Cast, give_password
from tests.factories import a_question, a_reply, again
from tests.system.people import connected, out_of_reach, reply_button, signed_in


async def test_alice_asks_bob_answers_and_each_sees_the_other(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    alice = await signed_in(await new_context(), site, "alice")
    bob = await signed_in(await new_context(), site, "bob")
    await connected(bob, "latest")
    await alice.goto(f"{site}/new-topic")
    await alice.get_by_label("Your question, in one sentence").fill("Who cooks for sixty children?")
    await alice.get_by_label("Theme").select_option(label="School meals")
    await alice.get_by_label("Your situation").fill("We look for **advice**.")
    await alice.get_by_role("button", name="Publish").click()
    await expect(alice.get_by_role("heading", level=1)).to_have_text("Who cooks for sixty children?")

    await expect(bob.get_by_text("1 new topic.")).to_be_visible()
    await bob.get_by_role("button", name="Show them at the head of the list").click()
    await bob.get_by_role("link", name="Who cooks for sixty children?").click()
    topic = re.search(r"/(\d+)$", bob.url)
    assert topic is not None
    for page in (alice, bob):
        await connected(page, f"topic:{topic[1]}")

    await bob.get_by_label("Text of the reply").fill("We did it for 72 meals.")
    await reply_button(bob).click()
    await expect(alice.get_by_text("We did it for 72 meals.")).to_be_visible()
    await expect(bob.locator(".stream").get_by_text("We did it for 72 meals.")).to_have_count(1)
    await expect(bob.get_by_label("Text of the reply")).to_have_value("")
    await expect(alice.locator("#badge")).to_contain_text("1")

    card = alice.locator("li[data-number='2']")
    await card.get_by_role("button", name="Useful", exact=True).click()
    await expect(bob.locator("li[data-number='2'] .score")).to_have_text("1")
    await expect(card.get_by_role("button", name="Useful", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    await card.get_by_role("button", name="Accept this answer").click()
    await expect(bob.get_by_text("Solved question")).to_be_visible()
    await expect(bob.get_by_text("Accepted answer", exact=True)).to_be_visible()
    await expect(bob.locator("#badge")).to_contain_text("1")
    await card.get_by_role("button", name="No longer accept").click()
    await expect(bob.get_by_text("Accepted answer", exact=True)).to_have_count(0)


async def test_a_push_moves_nothing_and_spares_what_is_typed(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    for _n in range(6):
        await a_reply(cast, topic)
    bob = await signed_in(await new_context(), site, "bob")
    await bob.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(bob, f"topic:{topic.id}")
    field = bob.get_by_label("Text of the reply")
    await field.fill("An unfinished thought")
    await field.evaluate("field => { field.focus(); field.setSelectionRange(3, 3); }")
    before = await top(field)
    await a_reply(cast, topic, await cast.alice(), raw="A new reply arrives.")
    await expect(bob.get_by_text("A new reply arrives.")).to_be_attached()
    await expect(field).to_be_focused()
    await expect(field).to_have_value("An unfinished thought")
    assert await field.evaluate("field => field.selectionStart") == 3
    assert abs(await top(field) - before) < 2
    await bob.locator("h1").click()
    card = bob.locator("li[data-number='3']")
    await card.scroll_into_view_if_needed()
    before = await top(card)
    await a_reply(cast, topic, await cast.alice(), raw="Another one.")
    await expect(bob.get_by_text("Another one.")).to_be_attached()
    assert abs(await top(card) - before) < 2


async def top(element: Locator) -> float:
    box = await element.bounding_box()
    assert box is not None
    return box["y"]


async def test_what_was_missed_during_a_cut_and_a_restart_arrives_by_itself(
    site: str, app: Relais, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    context = await new_context()
    alice = await signed_in(context, site, "alice")
    await alice.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(alice, f"topic:{topic.id}")
    async with out_of_reach(context, app):
        for n in range(3):
            await a_reply(cast, topic, raw=f"While away, reply {n}.")
        await expect(alice.get_by_text("While away")).to_have_count(0)
    await expect(alice.get_by_text("While away, reply 2.")).to_be_visible()
    texts = await alice.locator(".stream .prose").all_inner_texts()
    assert [text for text in texts if "While away" in text] == [f"While away, reply {n}." for n in range(3)]
    app.hub.end(app.hub.connections, 3001, "shutdown")
    await a_reply(cast, topic, raw="After the restart.")
    await expect(alice.get_by_text("After the restart.")).to_be_visible()


async def test_a_page_left_for_another_catches_up_when_one_comes_back(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    alice = await signed_in(await new_context(), site, "alice")
    await alice.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(alice, f"topic:{topic.id}")
    await alice.goto(f"{site}/categories")
    await a_reply(cast, topic, raw="While she looked elsewhere.")
    await alice.go_back()
    await expect(alice.get_by_text("While she looked elsewhere.")).to_be_visible()


async def test_a_log_trimmed_under_a_sleeping_page_refreshes_it_and_keeps_the_text(
    site: str, app: Relais, cast: Cast, new_context: CreateContextCallback
) -> None:
    from realtime import log

    topic = await a_question(cast)
    context = await new_context()
    alice = await signed_in(context, site, "alice")
    await alice.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(alice, f"topic:{topic.id}")
    await alice.get_by_label("Text of the reply").fill("Half a sentence")
    async with out_of_reach(context, app):
        await a_reply(cast, topic, raw="Lost from the log, not from the topic.")
        await log.renew_epoch()
    await expect(alice.get_by_text("Lost from the log, not from the topic.")).to_be_visible()
    await expect(alice.get_by_label("Text of the reply")).to_have_value("Half a sentence")


async def test_badges_agree_in_all_tabs_and_reading_empties_them(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    await give_password("alice")
    one = await signed_in(context, site, "alice")
    two = await context.new_page()
    await two.goto(f"{site}/categories")
    for page in (one, two):
        await connected(page, f"user:{cast.ids['alice']}")
    await a_reply(cast, topic)
    for page in (one, two):
        await expect(page.locator("#badge")).to_contain_text("1")
    await one.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await expect(two.locator("#badge")).to_be_hidden()
    assert (await again(await cast.alice(), topic)).posts_count == 2


async def test_a_draft_survives_a_closed_tab(site: str, cast: Cast, context: BrowserContext) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    field = page.get_by_label("Text of the reply")
    await field.press_sequentially("Not lost")
    await expect(page.get_by_text("Draft kept on this computer.")).to_be_visible()
    other: Page = await context.new_page()
    await page.close()
    await other.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await expect(other.get_by_label("Text of the reply")).to_have_value("Not lost")


async def test_no_network_keeps_the_reply_and_says_so(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_question(cast)
    context = await new_context()
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(page, f"topic:{topic.id}")
    await page.get_by_label("Text of the reply").fill("Sent into the void")
    await context.set_offline(True)
    await reply_button(page).click()
    await expect(page.get_by_text("Not sent: no connection.")).to_be_visible()
    await expect(page.get_by_label("Text of the reply")).to_have_value("Sent into the void")
    await context.set_offline(False)
    await reply_button(page).click()
    await expect(page.locator(".stream").get_by_text("Sent into the void")).to_have_count(1)
