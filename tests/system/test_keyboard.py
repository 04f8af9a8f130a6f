"""Without a mouse: everything is reached, and one always sees where one is."""

import pytest
from playwright.async_api import Locator, Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import Cast
from tests.factories import a_question
from tests.system.people import signed_in
from tests.system.test_accessibility import fill

# The focused element has a ring, is inside the window, and nothing lies over it.
FOCUS = """() => {
  const node = document.activeElement;
  if (node === document.body) return true;
  const style = getComputedStyle(node), box = node.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 20), 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1);
  const above = document.elementFromPoint(x, y);
  return ring && box.bottom > 0 && box.top < innerHeight && (node.contains(above) || above?.contains(node));
}"""


async def reach(page: Page, target: Locator) -> None:
    """Press the Tab key until the target has the focus; at each stop one must see where it is."""
    for _press in range(80):
        await page.keyboard.press("Tab")
        assert await page.evaluate(FOCUS), await page.evaluate("document.activeElement.outerHTML")
        if await target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"the Tab key never comes to {target}")


async def test_the_keyboard_alone_reads_and_replies(site: str, cast: Cast, page: Page) -> None:
    topic = await a_question(cast)
    alice = await signed_in(page.context, site, "alice")
    await alice.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await alice.keyboard.press("Tab")
    await expect(alice.get_by_role("link", name="Skip to content")).to_be_focused()
    await alice.keyboard.press("Enter")
    for _press in range(30):
        await alice.keyboard.press("Tab")
        if await alice.get_by_label("Text of the reply").evaluate(
            "field => field === document.activeElement"
        ):
            break
    await alice.keyboard.type("Typed without a mouse.")
    await alice.keyboard.press("Tab")
    await alice.keyboard.press("Enter")
    await expect(alice.locator(".stream").get_by_text("Typed without a mouse.")).to_be_visible()


async def test_the_keyboard_alone_asks_answers_votes_and_accepts(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    alice = await signed_in(await new_context(), site, "alice")
    bob = await signed_in(await new_context(), site, "bob")
    await reach(alice, alice.get_by_role("link", name="Ask a question").first)
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_role("heading", level=1)).to_have_text("Open a topic")
    await reach(alice, alice.get_by_label("Your question, in one sentence"))
    await alice.keyboard.type("Who cooks for sixty children?")
    await reach(alice, alice.get_by_label("Theme"))
    await alice.keyboard.type("School")
    await reach(alice, alice.get_by_label("Your situation"))
    await alice.keyboard.type("We look for advice.")
    await reach(alice, alice.get_by_role("button", name="Publish"))
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_role("heading", level=1)).to_have_text("Who cooks for sixty children?")

    await bob.goto(alice.url)
    await reach(bob, bob.get_by_role("link", name="Reply to this post"))
    await bob.keyboard.press("Enter")
    await expect(bob.get_by_label("Text of the reply")).to_be_focused()
    await bob.keyboard.type("We did it.")
    await reach(bob, bob.locator("#reply").get_by_role("button", name="Reply", exact=True))
    await bob.keyboard.press("Enter")
    await expect(bob.locator(".stream").get_by_text("We did it.")).to_be_visible()

    await alice.reload()
    card = alice.locator("li[data-number='2']")
    useful = card.get_by_role("button", name="Useful", exact=True)
    await reach(alice, useful)
    await alice.keyboard.press("Space")
    await expect(useful).to_have_attribute("aria-pressed", "true")
    await expect(useful).to_be_focused()
    await reach(alice, card.get_by_role("button", name="Accept this answer"))
    await alice.keyboard.press("Enter")
    await expect(alice.get_by_text("Accepted answer", exact=True)).to_be_visible()
    await expect(card.get_by_role("button", name="No longer accept")).to_be_focused()


@pytest.mark.parametrize("width", [320, 1280])
async def test_whoever_tabs_through_a_topic_always_sees_where_they_are(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int
) -> None:
    paths = await fill(cast)
    context = await new_context(viewport={"width": width, "height": 640})
    page = await signed_in(context, site, "mod")
    for name in ("list", "topic", "ask"):
        await page.goto(site + paths[name])
        stops = 0
        while stops < 120:
            await page.keyboard.press("Tab")
            stops += 1
            if await page.evaluate("document.activeElement === document.body"):
                break
            assert await page.evaluate(FOCUS), (name, await page.evaluate("document.activeElement.outerHTML"))
        assert 10 < stops < 120, name
