"""Writing with scripts on: nothing typed is lost, nothing is sent twice or swallowed."""

from playwright.async_api import BrowserContext, Page, expect

from forum.posts.actions import revise_post
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.system.people import connected, reply_button, signed_in
from tests.waiting import until


async def at_the_topic(context: BrowserContext, site: str, cast: Cast, username: str = "bob") -> Page:
    """A member before a live question of Alice's."""
    topic = await a_question(cast)
    page = await signed_in(context, site, username)
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(page, f"topic:{topic.id}")
    return page


async def test_two_replies_in_a_row_are_two_posts(site: str, cast: Cast, context: BrowserContext) -> None:
    bob = await at_the_topic(context, site, cast)
    for words in ("A first thought.", "And a second one."):
        await bob.get_by_label("Text of the reply").fill(words)
        await reply_button(bob).click()
        await expect(bob.locator(".stream").get_by_text(words)).to_have_count(1)
    await expect(bob.locator(".stream > li")).to_have_count(3)


async def test_what_is_typed_while_a_reply_leaves_stays(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    bob = await at_the_topic(context, site, cast)
    field = bob.get_by_label("Text of the reply")
    await field.fill("Sent at once.")
    # Bob goes on as soon as the field is free; the push comes later, as on a slow line.
    await bob.evaluate("""() => {
      const list = document.querySelector(".stream");
      const append = list.append.bind(list);
      list.append = (card) => setTimeout(() => append(card), 500);
      const field = document.querySelector("textarea[name=raw]");
      const watch = setInterval(() => {
        if (field.value) return;
        clearInterval(watch);
        field.value = "Typed meanwhile";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }, 5);
    }""")
    await reply_button(bob).click()
    await expect(bob.locator(".stream").get_by_text("Sent at once.")).to_have_count(1)
    await expect(field).to_have_value("Typed meanwhile")


async def test_a_draft_of_an_edit_comes_back_once_and_meets_a_newer_text_as_a_conflict(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="We did it in 2023.")
    page = await signed_in(context, site, "bob")
    await page.goto(f"{site}/posts/{reply.id}/edit")
    field = page.get_by_label("Your text")
    await field.press_sequentially("2024: ")
    await until(lambda: page.evaluate("localStorage.length === 1"))
    await page.goto(f"{site}/categories")
    await page.goto(f"{site}/posts/{reply.id}/edit")
    await expect(field).to_have_value("2024: We did it in 2023.")

    mod = await cast.mod()
    await revise_post(mod, await seen(mod, reply), "We did it in 2022.", reason="", version=1)
    await page.goto(f"{site}/categories")
    await page.goto(f"{site}/posts/{reply.id}/edit")
    await expect(field).to_have_value("2024: We did it in 2023.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("textbox", name="Their text")).to_have_value("We did it in 2022.")
    await expect(field).to_have_value("2024: We did it in 2023.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("2024: We did it in 2023.")).to_be_visible()

    await page.goto(f"{site}/posts/{reply.id}/edit")
    await expect(field).to_have_value("2024: We did it in 2023.")
    assert await page.evaluate("localStorage.length") == 0
