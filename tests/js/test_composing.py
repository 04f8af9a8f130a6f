"""The composer with scripts: toolbar, preview, drafts, quotes, errors; votes; the keyboard."""

import re

from playwright.async_api import BrowserContext, Locator, Page, expect

from forum.posts.actions import reply_to_topic
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.js.test_live import open_topic
from tests.system.people import reply_button, signed_in
from tests.waiting import until

SELECT = """(prose, words) => {
  const text = prose.querySelector("p").firstChild;
  const from = text.data.indexOf(words);
  getSelection().setBaseAndExtent(text, from, text, from + words.length);
}"""


async def at_a_discussion(
    context: BrowserContext, site: str, cast: Cast, raw: str = "We did it in 2023."
) -> Page:
    """Mod before a question of Alice's that Bob answered."""
    topic = await a_question(cast)
    await a_reply(cast, topic, raw=raw)
    page = await signed_in(context, site, "mod")
    await open_topic(page, site, topic)
    return page


def text_of(page: Page) -> Locator:
    return page.get_by_label("Text of the reply")


async def test_the_toolbar_marks_what_is_selected_and_undo_takes_it_back(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await at_a_discussion(context, site, cast)
    field = text_of(page)
    await page.get_by_role("button", name="Bold").click()  # the first press, before anything was typed
    await expect(field).to_have_value("****")
    await field.fill("one two")
    await field.press("ControlOrMeta+a")
    await page.get_by_role("button", name="Bold").click()
    await expect(field).to_have_value("**one two**")
    await expect(field).to_be_focused()
    await field.press("ControlOrMeta+z")
    await expect(field).to_have_value("one two")


async def test_the_toolbar_is_one_stop_and_arrows_go_through_it(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await at_a_discussion(context, site, cast)
    await text_of(page).focus()
    bold = page.get_by_role("button", name="Bold")
    await expect(bold).to_have_attribute("tabindex", "0")
    await page.keyboard.press("Shift+Tab")
    await expect(bold).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("button", name="Italic")).to_be_focused()
    await page.keyboard.press("End")
    await expect(page.get_by_role("button", name="Quotation")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(bold).to_be_focused()
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await expect(text_of(page)).to_have_value("> ")
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Quotation")).to_be_focused()


async def test_the_preview_is_shown_when_asked_for_and_follows_the_typing(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await at_a_discussion(context, site, cast)
    await text_of(page).fill("Some **strong** words")
    await page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    await expect(preview.locator("strong")).to_have_text("strong")
    await expect(preview).to_be_focused()
    await text_of(page).fill("Now _slanted_ ones")
    await expect(preview.locator("em")).to_have_text("slanted")
    await expect(text_of(page)).to_be_focused()


async def test_a_draft_is_brought_back_can_be_discarded_and_leaves_with_its_author(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await at_a_discussion(context, site, cast)
    await text_of(page).press_sequentially("Not yet")
    await expect(page.get_by_text("Draft kept on this computer.")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Your draft was brought back.")).to_be_visible()
    await expect(text_of(page)).to_have_value("Not yet")
    await page.get_by_role("button", name="Discard it").click()
    await expect(text_of(page)).to_have_value("")
    assert await page.evaluate("localStorage.length") == 0

    await text_of(page).press_sequentially("For my eyes")
    await until(lambda: page.evaluate("localStorage.length === 1"))
    await page.goto(f"{site}/categories")
    await page.get_by_text("Mod").first.click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert await page.evaluate("localStorage.length") == 0


async def test_a_topic_begun_comes_back_whole(site: str, cast: Cast, context: BrowserContext) -> None:
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/new-topic")
    await page.get_by_label("a discussion: I share or debate").check()
    await page.get_by_label("Theme", exact=True).select_option(label=cast.theme.name)
    await page.get_by_label("Tags (optional)").fill("central kitchen")
    await page.get_by_label("Your question, in one sentence").press_sequentially("Who has")
    await expect(page.get_by_text("Draft kept on this computer.")).to_be_visible()
    await page.goto(f"{site}/categories")
    await page.goto(f"{site}/new-topic")
    await expect(page.get_by_label("Your question, in one sentence")).to_have_value("Who has")
    await expect(page.get_by_label("Tags (optional)")).to_have_value("central kitchen")
    await expect(page.get_by_label("Theme", exact=True)).to_have_value(str(cast.theme.id))
    await expect(page.get_by_label("a discussion: I share or debate")).to_be_checked()
    await page.get_by_role("button", name="Discard it").click()
    await expect(page.get_by_label("Tags (optional)")).to_have_value("")
    await expect(page.get_by_label("a question: I look for an answer")).to_be_checked()


async def test_replying_to_a_post_uses_the_composer_of_the_page(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await at_a_discussion(context, site, cast)
    await page.locator("li[data-number='2']").get_by_role("link", name="Reply to this post").click()
    await expect(text_of(page)).to_be_focused()
    await expect(page.locator("[data-reply-to]")).to_have_text("in reply to Bob, no. 2")
    await text_of(page).fill("To you, Bob.")
    await reply_button(page).click()
    card = page.locator("li[data-number='3']")
    await expect(card.get_by_text("in reply to Bob, no. 2")).to_be_visible()
    await expect(page.locator("[data-reply-to]")).to_be_hidden()


async def test_what_is_selected_in_a_post_is_quoted(site: str, cast: Cast, context: BrowserContext) -> None:
    page = await at_a_discussion(context, site, cast, raw="We did it in 2023, with two cooks.")
    card = page.locator("li[data-number='2']")
    await text_of(page).fill("Before.")
    await card.locator(".prose").evaluate(SELECT, "two cooks")
    await card.get_by_role("link", name="Quote this post").click()
    quoted = re.compile(r'Before\.\n\n\[quote="bob, post:2, topic:\d+"\]\ntwo cooks\n\[/quote\]\n\n')
    await expect(text_of(page)).to_have_value(quoted)
    await page.keyboard.type("Only two?")
    await reply_button(page).click()
    await expect(page.locator("li[data-number='3'] .prose")).to_contain_text("Only two?")
    await expect(page.locator("li[data-number='3'] blockquote")).to_contain_text("two cooks")


async def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await signed_in(context, site, "bob")
    await page.goto(f"{site}/new-topic")
    title = page.get_by_label("Your question, in one sentence")
    await title.fill("  ")
    await page.get_by_label("Theme").select_option(label="School meals")
    await page.get_by_label("Your situation").fill("All the rest is right.")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(title).to_have_attribute("aria-invalid", "true")
    described = str(await title.get_attribute("aria-describedby")).split()
    assert described == ["title-help", "title-error"]
    await expect(page.locator("#title-error")).not_to_be_empty()
    await expect(page.get_by_label("Your situation")).to_have_value("All the rest is right.")
    await title.fill("Who cooks, and for how many?")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Who cooks, and for how many?")


async def test_a_vote_shows_at_once_is_taken_back_when_it_fails_and_survives_a_new_card(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    page = await signed_in(context, site, "mod")
    await open_topic(page, site, topic)
    card = page.locator("li[data-number='2']")
    useful = card.get_by_role("button", name="Useful", exact=True)
    await useful.click()
    await expect(useful).to_have_attribute("aria-pressed", "true")
    await expect(card.locator(".score")).to_have_text("1")
    await reply_to_topic(await cast.alice(), topic, "To Bob.", reply_to=2)
    await expect(card.get_by_role("link", name="1 reply")).to_be_visible()
    await expect(useful).to_have_attribute("aria-pressed", "true")

    await context.set_offline(True)
    await useful.click()
    await expect(page.get_by_text("Not sent: no connection.")).to_be_visible()
    await expect(useful).to_have_attribute("aria-pressed", "true")
    await context.set_offline(False)
    await useful.click()
    await expect(card.locator(".score")).to_have_text("0")
    await expect(page.get_by_text("Not sent: no connection.")).to_have_count(0)


async def test_letters_go_through_posts_and_can_be_switched_off(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await at_a_discussion(context, site, cast)
    await page.keyboard.press("j")
    await expect(page.locator("li[data-number='1']")).to_be_focused()
    await page.keyboard.press("j")
    await expect(page.locator("li[data-number='2']")).to_be_focused()
    await page.keyboard.press("k")
    await expect(page.locator("li[data-number='1']")).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("r")
    await expect(text_of(page)).to_be_focused()
    await expect(page.locator("[data-reply-to]")).to_have_text("in reply to Bob, no. 2")
    await page.keyboard.type("jk?")
    await expect(text_of(page)).to_have_value("jk?")

    await page.get_by_role("heading", level=1).click()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Use these shortcuts on this computer").uncheck()
    await dialog.get_by_role("button", name="Close").click()
    await page.keyboard.press("?")
    await page.keyboard.press("r")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="Keyboard shortcuts").click()
    await expect(dialog).to_be_visible()


async def test_letters_go_through_topics(site: str, cast: Cast, context: BrowserContext) -> None:
    first, second = await a_question(cast), await a_question(cast)
    page = await signed_in(context, site, "bob")
    await page.keyboard.press("j")
    await expect(page.get_by_role("link", name=second.title)).to_be_focused()
    await page.keyboard.press("j")
    await expect(page.get_by_role("link", name=first.title)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(first.title)
