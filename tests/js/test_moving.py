"""A topic that moves or closes while its page, or a list that shows it, is open."""

from playwright.async_api import BrowserContext, Page, expect

from forum.topics.actions import set_closed
from forum.topics.queries import TopicCard
from tests.cast import Cast
from tests.factories import a_question, again
from tests.system.people import connected, reply_button, signed_in

APPLY = """async (patches) => {
  const script = document.querySelector("script[type=module]").src;
  const { apply } = await import(script.replace("relais.js", "live/patches.js"));
  return apply({ kind: "topic.moved", patches });
}"""


async def test_a_row_that_has_come_from_elsewhere_is_not_taken_away_by_what_it_left(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    """A page may hear of both lists, in either order."""
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    row = page.locator(f"#topic-{topic.id}")
    fresh = str(await row.evaluate("row => row.outerHTML"))
    moved = fresh.replace(f'data-category="{cast.theme.id}"', f'data-category="{cast.private.id}"')
    assert moved != fresh
    target = f"topic-{topic.id}"
    left = [{"op": "remove", "target": target, "category": cast.theme.id}]
    came = [
        {"op": "replace", "target": target, "html": moved},
        {"op": "prepend", "target": "topics", "html": moved},
    ]
    for patches in (came, left):
        assert await page.evaluate(APPLY, patches)
    await expect(row).to_have_attribute("data-category", str(cast.private.id))
    await page.reload()
    for patches in (left, came):
        assert await page.evaluate(APPLY, patches)
    await expect(row).to_have_count(0)
    for patches in (left, came):  # what waits to be shown is treated as what is shown
        assert await page.evaluate(APPLY, patches)
    await page.get_by_role("button", name="Show them at the head of the list").click()
    await expect(row).to_have_attribute("data-category", str(cast.private.id))


async def open_page(page: Page, site: str, topic: TopicCard) -> None:
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(page, f"topic:{topic.id}")


async def test_a_topic_that_closes_takes_the_empty_composer_away_and_brings_it_back(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "bob")
    await open_page(page, site, topic)
    await expect(reply_button(page)).to_be_visible()
    await set_closed(await cast.mod(), topic, True)
    await expect(page.get_by_text("This topic is closed")).to_be_visible()
    await expect(page.locator("#reply")).to_be_hidden()
    await set_closed(await cast.mod(), await again(await cast.mod(), topic), False)
    await expect(reply_button(page)).to_be_visible()


async def test_a_topic_that_closes_leaves_what_is_being_written(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "bob")
    await open_page(page, site, topic)
    field = page.get_by_label("Text of the reply")
    await field.fill("Half a sentence")
    await set_closed(await cast.mod(), topic, True)
    await expect(page.get_by_text("This topic is closed")).to_be_visible()
    await expect(field).to_be_visible()
    await reply_button(page).click()
    await expect(page.locator("#reply").get_by_role("alert")).to_be_visible()
    await expect(field).to_have_value("Half a sentence")
