"""Each event once, in order, in every tab, whatever happens to the line."""

from random import Random

from playwright.async_api import BrowserContext, expect

from forum.app import Relais
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.js.line import Line, Message
from tests.js.test_live import open_topic
from tests.system.people import connected, out_of_reach, signed_in
from tests.waiting import until

# Each card that comes into the list, in the order in which they come.
WATCH = """() => {
  window.came = [];
  const note = ({ addedNodes }) => addedNodes.forEach((node) => came.push(Number(node.dataset?.number)));
  const observer = new MutationObserver((changes) => changes.forEach(note));
  observer.observe(document.querySelector(".stream"), { childList: true });
}"""


async def test_events_that_are_doubled_lost_and_cut_off_come_once_and_in_order(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    await context.add_init_script("Math.random = () => 0")  # it comes back at once
    topic = await a_question(cast)
    page = await signed_in(context, site, "eve")
    await open_topic(page, site, topic)
    await page.evaluate(WATCH)
    chance = Random(2026)

    def badly(message: Message) -> list[Message]:
        if "pub" not in message.get("push", {}):
            return [message]
        return [message] * chance.choice((0, 1, 1, 1, 2))

    line.bend = badly
    calls, before = line.calls, 0
    for n in range(40):
        if n % 8 == 4:
            await until(lambda before=before: line.calls > before, 10)  # type: ignore[misc]
            before = line.calls
            await line.hang_up(3001)
        await a_reply(cast, topic, raw=f"Reply {n}.")
    line.bend = lambda message: [message]
    await a_reply(cast, topic, raw="The last one.")
    await expect(page.get_by_text("The last one.")).to_have_count(1)
    assert await page.evaluate("came") == list(range(2, 43))
    assert line.calls - calls >= 5


async def test_all_tabs_agree_after_a_cut(
    site: str, app: Relais, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    tabs = [await signed_in(context, site, "alice"), await context.new_page(), await context.new_page()]
    await tabs[1].goto(f"{site}/categories")
    await tabs[2].goto(f"{site}/new-topic")
    for tab in tabs:
        await connected(tab, f"user:{cast.ids['alice']}")
    async with out_of_reach(context, app):
        await a_reply(cast, topic)
        await a_reply(cast, await a_question(cast))
    for tab in tabs:
        await expect(tab.locator("#badge")).to_contain_text("2")
        await expect(tab.locator("#badge-bar")).to_contain_text("2")
    await open_topic(tabs[0], site, topic)
    for tab in tabs:
        await expect(tab.locator("#badge")).to_contain_text("1")
