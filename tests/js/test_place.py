"""Who reads, chooses or writes is not disturbed: what holds the focus, a selection or a text stays itself."""

from playwright.async_api import BrowserContext, Locator, Page, expect

from forum.posts.actions import reply_to_topic, revise_post
from forum.posts.new import NewPost
from forum.topics.actions import delete_topic, revise_topic
from forum.topics.queries import TopicCard
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.js.test_composing import SELECT
from tests.js.test_live import open_topic
from tests.system.people import connected, signed_in


async def at_a_discussion(
    context: BrowserContext, site: str, cast: Cast
) -> tuple[Page, TopicCard, NewPost, Locator]:
    """Alice before her question and Bob's answer: the page, the topic, the answer, its card."""
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="We did it in 2023, with two cooks.")
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    return page, topic, reply, page.locator("li[data-number='2']")


async def revise(cast: Cast, reply: NewPost, raw: str, version: int = 1) -> None:
    bob = await cast.bob()
    await revise_post(bob, await seen(bob, reply), raw, reason="", version=version)


async def test_an_edit_leaves_the_focus_on_the_very_control_that_has_it(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page, _topic, reply, card = await at_a_discussion(context, site, cast)
    quote = card.get_by_role("link", name="Quote this post")
    await quote.focus()
    await page.evaluate("window.lost = 0; document.activeElement.addEventListener('blur', () => (lost += 1))")
    await quote.evaluate("link => (link.mark = 'the same')")
    await revise(cast, reply, "We did it in 2024, with three cooks.")
    await expect(card.get_by_text("We did it in 2024, with three cooks.")).to_be_visible()
    await expect(card.get_by_role("link", name="edited")).to_be_visible()
    await expect(quote).to_be_focused()
    assert await quote.evaluate("link => link.mark") == "the same"
    assert await page.evaluate("lost") == 0


async def test_words_that_are_selected_stay_selected_when_the_card_changes_around_them(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page, topic, _reply, card = await at_a_discussion(context, site, cast)
    await card.locator(".prose").evaluate(SELECT, "two cooks")
    await reply_to_topic(await cast.mod(), topic, "To Bob.", reply_to=2)
    await expect(card.get_by_role("link", name="1 reply")).to_be_visible()
    assert await page.evaluate("String(getSelection())") == "two cooks"


async def test_a_button_that_goes_away_hands_the_focus_to_the_one_that_takes_its_place(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page, _topic, _reply, card = await at_a_discussion(context, site, cast)
    await card.get_by_role("button", name="Accept this answer").press("Enter")
    await expect(card.get_by_text("Accepted answer", exact=True)).to_be_visible()
    await expect(card.get_by_role("button", name="No longer accept")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("button", name="Accept this answer")).to_be_focused()


async def test_a_card_in_which_somebody_writes_waits_until_they_have_done(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page, _topic, reply, card = await at_a_discussion(context, site, cast)
    # A form of a slice to come: what the page brings in a card is known to nobody here.
    await card.evaluate("card => card.append(document.createElement('textarea'))")
    field = card.locator("textarea")
    await field.press_sequentially("A note")
    await revise(cast, reply, "We did it in 2024.")
    await revise(cast, reply, "We did it in 2025.", version=2)
    channel = page.locator("live-channel[name^=topic]")
    at = int(await channel.get_attribute("offset") or 0)
    await a_reply(cast, _topic, raw="All was told.")
    await expect(page.get_by_text("All was told.")).to_be_attached()
    assert int(await channel.get_attribute("offset") or 0) > at
    await expect(field).to_be_focused()
    await expect(field).to_have_value("A note")
    await expect(card.locator(".prose")).to_have_text("We did it in 2023, with two cooks.")
    await field.fill("")
    await page.get_by_label("Text of the reply").focus()
    await expect(card.locator(".prose")).to_have_text("We did it in 2025.")


async def test_a_row_that_goes_away_waits_until_the_focus_has_left_it(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic, other = await a_question(cast), await a_question(cast)
    page = await signed_in(context, site, "bob")
    await connected(page, "latest")
    link = page.get_by_role("link", name=topic.title)
    await link.focus()
    await delete_topic(await cast.mod(), topic)
    await revise_topic(await cast.alice(), other, "Told after the deletion")
    await expect(page.get_by_role("link", name="Told after the deletion")).to_be_visible()
    await expect(link).to_be_focused()
    await page.get_by_role("link", name="Told after the deletion").focus()
    await expect(link).to_have_count(0)
    await expect(page.get_by_role("link", name="Told after the deletion")).to_be_focused()
