"""« Proche, mais… »: Bob is shown what Alice solved and asks all the same; Alice sees it, and answers him.

Each at their own browser, in both languages, with scripts and without; every page is looked at for faults.
"""

import re

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.answers.actions import accept_answer
from forum.search.indexing import index_all_pending
from forum.topics.queries import TopicCard
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.kinds.making import a_topic
from tests.system.homes import homes
from tests.system.people import connected
from tests.system.test_a_whole_life import Browser

TITLE = "Restauration scolaire sans prestataire, et la nuit ?"
ANSWER = "Nous préparons la veille, en liaison froide."


async def solved_by_alice(cast: Cast, kind: str) -> TopicCard:
    """What Alice solved before: a question with its accepted answer, or a sheet."""
    alice = await cast.alice()
    if kind == "sheet":
        topic = await a_topic(cast, "sheet", alice)
    else:
        topic = await a_question(cast, alice, title="Passer la cantine en régie directe")
        reply = await a_reply(cast, topic, await cast.mod(), raw="Nous l’avons fait en 2022.")
        await accept_answer(alice, await seen(alice, reply))
    await index_all_pending()
    return topic


async def asks_all_the_same(bob: Browser, title: str, topic: TopicCard, scripts: bool) -> None:
    """Bob types his question, is shown Alice's topic beside it, and publishes his with the link to hers."""
    await bob.go("/new-topic")
    await bob.fill("Your question, in one sentence", title)
    if not scripts:
        await bob.press("Look whether it is solved already")
    hit = bob.page.locator("[data-hits] > li").filter(has_text=topic.title)
    await expect(hit).to_be_visible()
    await hit.get_by_role("button", name=bob.says("Close, but…")).click()
    await bob.looks_right()
    text = bob.page.get_by_label(bob.says("Your situation"))
    await expect(text).to_have_value(re.compile(f"/t/{topic.slug}/{topic.id}"))
    await expect(bob.page.get_by_label(bob.says("Your question, in one sentence"))).to_have_value(title)
    await text.fill(f"Nous servons aussi le soir.{await text.input_value()}")
    await bob.page.get_by_label(bob.says("Theme"), exact=True).select_option(label="School meals")
    await bob.page.get_by_role("button", name=bob.says("Publish")).click()
    await expect(bob.page.get_by_role("heading", level=1)).to_have_text(title)
    await bob.looks_right()
    await expect(bob.page.locator(".stream .prose a")).to_have_attribute("href", re.compile(f"/{topic.id}$"))


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("locale", "scripts", "kind"),
    [("fr", True, "question"), ("en", True, "sheet"), ("fr", False, "sheet"), ("en", False, "question")],
)
async def test_bob_asks_what_alice_nearly_solved_and_she_sees_it_and_answers(
    site: str, cast: Cast, new_context: CreateContextCallback, locale: str, scripts: bool, kind: str
) -> None:
    topic = await solved_by_alice(cast, kind)
    title = TITLE if kind == "question" else f"{topic.title}, at night?"
    at_home = await homes(new_context, site, locale, scripts)
    alice, bob = await at_home("alice"), await at_home("bob")
    if scripts:
        await connected(alice.page, "latest")
    await asks_all_the_same(bob, title, topic, scripts)
    if scripts:
        await expect(alice.page.locator("[data-news]")).to_contain_text(alice.says("1 new topic."))
        await alice.press("Show them at the head of the list")
    else:
        await alice.go("/")
    await alice.page.locator("#topics").get_by_role("link", name=title).click()
    await alice.looks_right()
    if scripts:
        for person in (alice, bob):
            await expect(person.page.locator('live-channel[name^="topic:"][connected]')).to_be_attached()
    await alice.fill("Text of the reply", ANSWER)
    await alice.page.locator("#reply").get_by_role("button", name=alice.says("Reply"), exact=True).click()
    await expect(alice.page.locator(".stream")).to_contain_text(ANSWER)
    if not scripts:
        await bob.go(bob.page.url.removeprefix(site))
    await expect(bob.page.locator(".stream")).to_contain_text(ANSWER)
    await expect(bob.page.locator("#badge-bar")).to_have_attribute("data-unread", "1")
    back = alice.page.locator(".stream .prose").get_by_role("link", name=topic.title)
    await back.click()
    await expect(alice.page.get_by_role("heading", level=1)).to_have_text(topic.title)
