"""What a page makes of what comes over the line, and of the line's end."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from forum.topics.queries import TopicCard
from realtime import log
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.js.line import Line, Message
from tests.js.test_live import open_topic
from tests.system.people import connected, signed_in
from tests.waiting import until

OF_THE_END = {
    3500: "Your session has ended.",
    3501: "This page is no longer live.",
    3503: "This account is suspended or closed.",
    3504: "Too many pages are open for this one to be live.",
    3999: "This page is no longer live.",
    4500: "This page is no longer live.",
    4999: "This page is no longer live.",
}


async def at_a_topic(context: BrowserContext, site: str, cast: Cast) -> tuple[Page, TopicCard]:
    """Alice before her question, live."""
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    await open_topic(page, site, topic)
    return page, topic


async def test_codes_that_forbid_to_come_back_are_obeyed_and_said(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    await page.clock.install()
    for code, sentence in OF_THE_END.items():
        await open_topic(page, site, topic)
        calls = line.calls
        await line.hang_up(code)
        await expect(page.get_by_role("status").get_by_text(sentence)).to_be_visible()
        await page.clock.run_for("10:00")
        await page.evaluate("dispatchEvent(new Event('online'))")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.clock.run_for("10:00")
        assert line.calls == calls, code
        await expect(page.locator("live-channel[connected]")).to_have_count(0)


async def test_after_other_codes_the_page_comes_back_and_has_missed_nothing(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    for code in (3000, 3001, 3004, 3005, 3008, 3010, 3012, 3013, 3499, 4000, 4499):
        await line.hang_up(code)
        await a_reply(cast, topic, raw=f"After {code}.")
        await expect(page.get_by_text(f"After {code}.")).to_have_count(1)
        await connected(page, f"topic:{topic.id}")
        line.say({})  # it has lasted to a ping: the next wait is a short one again


async def test_each_failure_makes_the_next_wait_longer_until_a_connection_has_lasted(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    await context.add_init_script("Math.random = () => 1")
    page, topic = await at_a_topic(context, site, cast)
    await page.clock.install()
    await open_topic(page, site, topic)
    await page.clock.pause_at(await page.evaluate("Date.now() + 1000"))

    async def waits(milliseconds: int) -> None:
        calls, cut_off = line.calls, line.cut_off
        await page.clock.run_for(milliseconds - 50)
        assert line.calls == calls, f"before {milliseconds} ms"
        await page.clock.run_for(60)
        await until(lambda: line.calls > calls)
        assert line.calls == calls + 1
        if line.dead:  # the next wait begins when the page has noticed
            await until(lambda: line.cut_off > cut_off)
            await page.evaluate("0")

    line.dead = True
    await line.hang_up(1012)
    await expect(page.locator("live-channel[connected]")).to_have_count(0)
    for wait in (600, 1100, 2100, 4100, 8100, 16_100, 30_100):
        await waits(wait)
    line.dead = False
    await waits(30_100)
    await connected(page, f"topic:{topic.id}")
    await line.hang_up(1012)
    await expect(page.locator("live-channel[connected]")).to_have_count(0)
    await waits(30_100)
    await connected(page, f"topic:{topic.id}")
    answers = line.sent.count({})
    line.say({})
    await until(lambda: line.sent.count({}) > answers)
    await line.hang_up(1012)
    await expect(page.locator("live-channel[connected]")).to_have_count(0)
    await waits(600)


async def test_a_ping_is_answered(site: str, cast: Cast, context: BrowserContext, line: Line) -> None:
    await at_a_topic(context, site, cast)
    answers = line.sent.count({})
    line.say({})
    await until(lambda: line.sent.count({}) == answers + 1)


async def test_what_the_page_does_not_know_is_ignored(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    name, calls = f"topic:{topic.id}", line.calls

    def with_strange_patches(message: Message) -> list[Message]:
        patches = message.get("push", {}).get("pub", {}).get("data", {}).get("patches")
        if patches is not None:
            strange = [
                {"op": op, "target": f"topic-{topic.id}-posts"}
                for op in ("teleport", "__proto__", "toString")
            ]
            patches[:0] = [*strange, {}, {"op": "remove", "target": "nowhere"}]
        return [message]

    line.bend = with_strange_patches
    line.say(
        {"push": {"channel": name, "join": {"info": {"client": "x"}}}},
        {"push": {"channel": name, "leave": {"info": {"client": "x"}}}},
        {"push": {"message": {"data": {}}}},
        {"push": {"channel": name, "weather": {"rain": True}}},
        {"push": {"channel": "topic:99999", "pub": {"data": {}, "offset": 1}}},
        {"push": {"channel": "topic:99999", "unsubscribe": {"code": 2000}}},
        {"id": 9999, "subscribe": {}, "extra": 1},
        {"id": 9998, "error": {"code": 100}},
        {},
    )
    await a_reply(cast, topic, raw="Understood all the same.")
    await expect(page.get_by_text("Understood all the same.")).to_have_count(1)
    await connected(page, name)
    assert line.calls == calls


async def test_a_goodbye_may_be_said_before_the_line_is_cut(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    line.say({"push": {"disconnect": {"code": 3001, "reason": "shutdown"}}})
    await expect(page.locator("live-channel[connected]")).to_have_count(0)
    await connected(page, f"topic:{topic.id}")
    calls = line.calls
    line.say({"push": {"disconnect": {"code": 3503, "reason": "force disconnect"}}})
    await expect(page.get_by_text("This account is suspended or closed.")).to_be_visible()
    assert line.calls == calls


async def test_the_server_may_subscribe_a_page_and_tell_where_it_stands(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    name = f"topic:{topic.id}"
    line.say({"push": {"channel": name, "unsubscribe": {"code": 2000}}})
    channel = page.locator(f'live-channel[name="{name}"]')
    await expect(channel).not_to_have_attribute("connected", "")
    await line.lose(a_reply(cast, topic, raw="Nobody told."))
    position = (await log.positions([name]))[name]
    there = {"recoverable": True, "epoch": position.epoch, "offset": position.offset}
    line.say({"push": {"channel": name, "subscribe": there}})
    await expect(page.get_by_text("Nobody told.")).to_have_count(1)
    await connected(page, name)
    await a_reply(cast, topic, raw="And told again.")
    await expect(page.get_by_text("And told again.")).to_have_count(1)


async def test_an_end_of_the_log_while_one_listens_refreshes_the_page(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    """The log is restored under everyone's feet: 2500, subscribe again, not recovered, refresh."""
    page, topic = await at_a_topic(context, site, cast)
    channel = page.locator(f'live-channel[name="topic:{topic.id}"]')
    before, calls = str(await channel.get_attribute("epoch")), line.calls
    await log.renew_epoch()
    await expect(channel).not_to_have_attribute("epoch", before)
    await connected(page, f"topic:{topic.id}")
    await a_reply(cast, topic, raw="In another time.")
    await expect(page.get_by_text("In another time.")).to_have_count(1)
    assert line.calls == calls, "subscriptions ended, not the connection"


@pytest.mark.parametrize("code", [100, 111])
async def test_a_refusal_for_now_is_asked_again(
    site: str, cast: Cast, context: BrowserContext, line: Line, code: int
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    name = f"topic:{topic.id}"
    busy = {"error": {"code": code, "message": "", "temporary": True}}
    refusals = [busy, busy]
    line.answer = lambda command: (
        refusals.pop() if command.get("subscribe", {}).get("channel") == name and refusals else None
    )
    await open_topic(page, site, topic)
    asked = [wish for wish in line.commands("subscribe") if wish["channel"] == name]
    assert len(asked) == 3
    await expect(page.locator("[data-connection]")).to_be_hidden()


async def test_a_refusal_is_final_and_said(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    name = f"topic:{topic.id}"
    denied: Message = {"error": {"code": 103, "message": "permission denied"}}
    line.answer = lambda command: denied if command.get("subscribe", {}).get("channel") == name else None
    await line.hang_up(3001)
    told = page.get_by_role("status").get_by_text("Part of this page is no longer updated")
    await expect(told).to_be_visible()
    await connected(page, f"user:{cast.ids['alice']}")
    asked = len(line.commands("subscribe"))
    await line.hang_up(3001)
    await expect(page.locator("live-channel[connected]")).to_have_count(0)
    await connected(page, f"user:{cast.ids['alice']}")
    assert len(line.commands("subscribe")) == asked
    await expect(told).to_be_visible()


async def test_a_position_that_cannot_be_recovered_refreshes_the_page(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    lost: list[Message] = [{"error": {"code": 112, "message": "unrecoverable position"}}]
    await page.get_by_label("Text of the reply").fill("Half a sentence")
    line.answer = lambda command: lost.pop() if "subscribe" in command and lost else None
    await line.lose(a_reply(cast, topic, raw="Fetched with the page."))
    await line.hang_up(3008)
    await expect(page.get_by_text("Fetched with the page.")).to_have_count(1)
    await connected(page, f"topic:{topic.id}")
    await expect(page.get_by_label("Text of the reply")).to_have_value("Half a sentence")


async def test_an_answer_that_never_comes_is_not_waited_for_for_ever(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    topic = await a_question(cast)
    page = await signed_in(context, site, "alice")
    swallowed: list[Message] = []
    line.bend = lambda message: [] if "subscribe" in message and not swallowed.append(message) else [message]
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await until(lambda: bool(swallowed))
    line.bend = lambda message: [message]
    calls = line.calls
    line.say({})
    line.say({})
    await until(lambda: line.calls > calls)
    await connected(page, f"topic:{topic.id}")


async def test_a_connection_refused_for_now_is_tried_again_and_one_refused_for_good_is_not(
    site: str, cast: Cast, context: BrowserContext, line: Line
) -> None:
    page, topic = await at_a_topic(context, site, cast)
    errors: list[Message] = [{"error": {"code": 100, "message": "", "temporary": True}}]
    line.answer = lambda command: errors.pop() if "connect" in command and errors else None
    await line.hang_up(3001)
    await expect(page.locator("live-channel[connected]")).to_have_count(0)
    await connected(page, f"topic:{topic.id}")
    errors.append({"error": {"code": 101, "message": "unauthorized"}})
    await line.hang_up(3001)
    await expect(page.get_by_text("This page is no longer live.")).to_be_visible()
