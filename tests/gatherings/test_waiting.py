"""Whoever waits for a place at a gathering sees their rank change, and then their place, as it happens."""

import pytest
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.gatherings.actions import come, stay_away
from tests.cast import Cast
from tests.kinds.making import a_topic, fields_of
from tests.system.homes import homes
from tests.system.people import connected
from tests.system.test_a_whole_life import Browser

WRITTEN = "Je viens de loin"


def rank(person: Browser, number: int) -> str:
    return person.says("You are number %(n)s on the waiting list.") % {"n": number}


async def place_of(page: Page, selector: str) -> float:
    box = await page.locator(selector).bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("locale", ["fr", "en"])
async def test_a_place_that_alice_frees_is_bobs_and_eve_is_the_next_while_she_writes(
    site: str, cast: Cast, new_context: CreateContextCallback, locale: str
) -> None:
    topic = await a_topic(cast, "gathering", places="1")
    details, path = await fields_of(topic), f"/t/{topic.slug}/{topic.id}"
    for member in (await cast.alice(), await cast.bob(), await cast.eve()):
        await come(member, topic, details)
    at_home = await homes(new_context, site, locale, True)
    bob, eve = await at_home("bob"), await at_home("eve")
    for number, person in enumerate((bob, eve), 1):
        await person.go(path)
        await connected(person.page, f"topic:{topic.id}")
        await expect(person.page.locator("#seat [data-words]")).to_have_text(rank(person, number))
    leave = bob.page.locator("#seat").get_by_role("button", name=bob.says("Leave the waiting list"))
    await leave.focus()
    await eve.fill("Text of the reply", WRITTEN)
    before = await place_of(eve.page, "textarea#raw")
    await stay_away(await cast.alice(), topic, details)
    await expect(bob.page.locator("#seat [data-words]")).to_have_text(bob.says("You have a place."))
    await expect(leave).to_be_focused()
    await expect(eve.page.locator("#seat [data-words]")).to_have_text(rank(eve, 1))
    await expect(eve.page.locator("textarea#raw")).to_be_focused()
    await expect(eve.page.locator("textarea#raw")).to_have_value(WRITTEN)
    assert abs(await place_of(eve.page, "textarea#raw") - before) < 2
    await bob.page.locator("h1").click()
    give_up = bob.page.locator("#seat").get_by_role("button", name=bob.says("Give it up"))
    await expect(give_up).to_be_visible()
    await bob.looks_right()
    await give_up.click()
    await expect(eve.page.locator("#seat [data-words]")).to_have_text(eve.says("You have a place."))
    live = await eve.page.locator("#seat").inner_html()
    await eve.go(path)
    await expect(eve.page.locator("#seat [data-words]")).to_have_text(eve.says("You have a place."))
    assert await eve.page.locator("#seat").inner_html() == live
