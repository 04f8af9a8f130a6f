"""« Transformer ce fil en fiche »: Alice makes a sheet of a thread while Bob reads it; he sees the sheet.

Each at their own browser, in both languages, with scripts and without; every page is looked at for faults.
"""

import pytest
from playwright.async_api import Locator, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.answers.actions import accept_answer
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.system.homes import homes
from tests.system.people import connected
from tests.system.test_a_whole_life import Browser

MOST_CLICKS = 5
PROBLEM, DONE = "Nous ne savons pas qui chauffe quoi.", "Nous avons posé trois vannes."


class Clicks:
    """How often Alice had to press something."""

    def __init__(self) -> None:
        self.count = 0

    async def on(self, target: Locator) -> None:
        """One more."""
        await target.click()
        self.count += 1


async def a_solved_thread(cast: Cast) -> str:
    """Alice asked, Bob answered, Alice accepted: its address."""
    alice = await cast.alice()
    topic = await a_question(cast, raw=PROBLEM)
    await accept_answer(alice, await seen(alice, await a_reply(cast, topic, raw=DONE)))
    topic = await again(alice, topic)
    return f"/t/{topic.slug}/{topic.id}"


async def makes_a_sheet(alice: Browser, clicks: Clicks) -> None:
    """From the thread's page to the sheet's: what is required is there already, and it is three things."""
    page = alice.page
    title = await page.get_by_role("heading", level=1).inner_text()
    await clicks.on(page.get_by_role("link", name=alice.says("Turn this thread into a sheet")))
    await alice.looks_right()
    await expect(page.locator("#title")).to_have_value(title)
    await expect(page.locator("#category option:checked")).to_have_text("School meals")
    await expect(page.locator("#raw")).to_have_value(PROBLEM)
    await expect(page.locator("#f-done")).to_have_value(DONE)
    required = await page.locator("form.ask-form :is(input, textarea):required").all()
    assert [await one.get_attribute("id") for one in required] == ["title", "raw", "f-done"]
    await clicks.on(page.get_by_role("button", name=alice.says("Publish")))
    await expect(page.locator(".details")).to_contain_text(DONE)
    await alice.looks_right()
    assert clicks.count <= MOST_CLICKS


@pytest.mark.timeout(240)
@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("scripts", [True, False])
async def test_alice_turns_a_thread_into_a_sheet_and_bob_who_reads_it_sees_the_sheet(
    site: str, cast: Cast, new_context: CreateContextCallback, locale: str, scripts: bool
) -> None:
    path = await a_solved_thread(cast)
    channel = f"topic:{path.rpartition('/')[2]}"
    at_home = await homes(new_context, site, locale, scripts)
    alice, bob = await at_home("alice"), await at_home("bob")
    for person in (alice, bob):
        await person.go(path)
    await expect(bob.page.locator("#drawn ~ ul a")).to_have_count(0)
    if scripts:
        await connected(bob.page, channel)
        await bob.fill("Text of the reply", "Je n’ai pas fini d’écrire")
    await makes_a_sheet(alice, Clicks())
    sheet = alice.page.url.removeprefix(site).partition("?")[0]
    if scripts:
        await expect(bob.page.locator("textarea#raw")).to_be_focused()
        await expect(bob.page.locator("textarea#raw")).to_have_value("Je n’ai pas fini d’écrire")
    else:
        await bob.go(path)
    link = bob.page.locator("#drawn ~ ul a")
    await expect(link).to_be_visible()
    await expect(link).to_have_attribute("href", sheet)
    await bob.looks_right()
    await link.click()
    await bob.shows(DONE)
    await bob.page.locator("#from ~ p a").click()
    await expect(bob.page).to_have_url(f"{site}{path}")
    await expect(bob.page.locator("#drawn ~ ul a")).to_be_visible()


async def test_whoever_has_no_account_sees_the_sheet_come_too(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    path = await a_solved_thread(cast)
    visitor = await (await new_context(locale="en")).new_page()
    await visitor.goto(site + path)
    await connected(visitor, f"topic:{path.rpartition('/')[2]}")
    await expect(visitor.locator("#drawn")).to_be_hidden()
    alice = await (await homes(new_context, site, "en", True))("alice")
    await alice.go(path)
    await makes_a_sheet(alice, Clicks())
    await expect(visitor.locator("#drawn ~ ul a")).to_be_visible()
