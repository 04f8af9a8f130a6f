"""Aline, alone in her village, begins a question at a browser; who answered hears of it live."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, WebSocketRoute, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.answers.actions import accept_answer
from forum.search.indexing import index_all_pending
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.system.people import connected, signed_in
from tests.system.test_accessibility import RULES, no_sideways_scroll
from tests.waiting import until

TYPED = "restauration scolaire sans prestataire"


async def a_solved_question(cast: Cast) -> TopicCard:
    """Alice asked about her school kitchen, Bob answered; another such topic is not for Eve."""
    topic = await a_question(cast, title="Passer la cantine en régie directe")
    reply = await a_reply(cast, topic, raw="Nous l’avons fait en 2022.")
    await accept_answer(await cast.alice(), await seen(await cast.alice(), reply))
    await a_question(cast, title="Le canari de la cantine en régie", private=True)
    await index_all_pending()
    return topic


async def on_the_form(page: Page, site: str, cast: Cast, who: str = "eve") -> None:
    """The form of a new question, live."""
    await page.goto(f"{site}/new-topic")
    await connected(page, f"user:{cast.ids[who]}")


async def test_eve_types_three_words_sees_who_solved_it_and_bob_is_thanked_live(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_solved_question(cast)
    bob = await signed_in(await new_context(), site, "bob")
    await connected(bob, f"user:{cast.ids['bob']}")
    before = (await bob.locator("#badge").inner_text()).strip()
    eve = await signed_in(await new_context(), site, "eve")
    await on_the_form(eve, site, cast)
    await eve.locator("#title").press_sequentially("restauration scolaire régie")
    hit = eve.locator("[data-hits] > li")
    await expect(hit).to_have_count(1)
    await expect(hit.get_by_role("link", name=topic.title)).to_be_visible()
    await expect(hit.locator(".why")).to_contain_text("Answer accepted")
    await expect(eve.locator("[data-polite]")).to_have_text("1 result close to your question.")
    await expect(eve.locator("#title")).to_be_focused()
    await hit.get_by_role("button", name="It answers my question").click()
    await expect(eve.get_by_role("heading", level=1)).to_have_text(topic.title)
    await on_the_form(eve, site, cast)
    await expect(eve.locator("#title")).to_have_value("")
    await expect(bob.locator("#badge")).not_to_have_text(before)
    await bob.goto(f"{site}/notifications")
    await expect(bob.get_by_role("link", name="Your answer spared Eve a question")).to_be_visible()
    assert len(await sql("SELECT id FROM topics WHERE deleted_at IS NULL")) == 2


async def test_without_scripts_eve_finds_her_answer_and_bob_is_thanked(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_solved_question(cast)
    eve = await signed_in(await new_context(java_script_enabled=False), site, "eve")
    bob = await signed_in(await new_context(java_script_enabled=False), site, "bob")
    await eve.goto(f"{site}/new-topic")
    await eve.get_by_label("Your question, in one sentence").fill(TYPED)
    await eve.get_by_role("button", name="Look whether it is solved already").click()
    await eve.get_by_role("button", name="It answers my question").click()
    await expect(eve.get_by_role("heading", level=1)).to_have_text(topic.title)
    await bob.goto(f"{site}/notifications")
    await expect(bob.get_by_role("link", name="Your answer spared Eve a question")).to_be_visible()
    assert len(await sql("SELECT id FROM topics WHERE deleted_at IS NULL")) == 2


@pytest.mark.parametrize("scripts", [True, False])
async def test_close_but_publishes_the_question_with_the_link(
    site: str, cast: Cast, new_context: CreateContextCallback, scripts: bool
) -> None:
    topic = await a_solved_question(cast)
    eve = await signed_in(await new_context(java_script_enabled=scripts), site, "eve")
    await eve.goto(f"{site}/new-topic")
    await eve.get_by_label("Your question, in one sentence").fill(TYPED)
    if not scripts:
        await eve.get_by_role("button", name="Look whether it is solved already").click()
        await expect(eve.get_by_text("1 result close to your question.")).to_be_visible()
    await eve.get_by_role("button", name="Close, but…").click()
    await expect(eve.get_by_label("Your situation")).to_have_value(re.compile(f"/t/{topic.slug}/{topic.id}"))
    await eve.get_by_label("Theme").select_option(label="School meals")
    await eve.get_by_role("button", name="Publish").click()
    await expect(eve.get_by_role("heading", level=1)).to_have_text(TYPED)
    await expect(eve.locator(".stream").get_by_role("link", name=topic.title).first).to_be_visible()


async def test_an_answer_that_comes_too_late_is_dropped(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    await a_solved_question(cast)
    snow = await a_question(cast, title="Déneigement des chemins ruraux")
    await index_all_pending()
    eve, held = await signed_in(await new_context(), site, "eve"), list[str]()

    def reversed_answers(browser: WebSocketRoute) -> None:
        """The answers to the first two questions come in the wrong order."""
        server = browser.connect_to_server()

        def answered(message: str | bytes) -> None:
            if isinstance(message, str) and '"items":[{' in message:
                held.append(message)
                if len(held) == 2:
                    for one in reversed(held):
                        browser.send(one)
            else:
                browser.send(message)

        server.on_message(answered)

    await eve.route_web_socket(re.compile("^ws"), reversed_answers)
    await eve.goto(f"{site}/new-topic")
    await eve.locator("#title").fill(TYPED)
    await until(lambda: held)
    await eve.locator("#title").fill("déneigement des chemins")
    await expect(eve.locator("[data-hits] a")).to_have_text([snow.title])


async def test_what_is_typed_before_the_connection_is_there_is_asked_once_it_is(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_solved_question(cast)
    eve, opened = await signed_in(await new_context(), site, "eve"), list[WebSocketRoute]()

    def silent_at_first(browser: WebSocketRoute) -> None:
        if opened:
            browser.connect_to_server()
        opened.append(browser)

    await eve.route_web_socket(re.compile("^ws"), silent_at_first)
    await eve.goto(f"{site}/new-topic")
    await eve.locator("#title").fill(TYPED)
    await until(lambda: opened)
    # Longer than it waits for the next key.
    await eve.evaluate("new Promise((done) => setTimeout(done, 800))")
    await expect(eve.locator("[data-hits] a")).to_have_count(0)
    await opened[0].close(code=3001, reason="shutdown")
    await expect(eve.locator("[data-hits] a")).to_have_text([topic.title])


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_form_with_what_answers_it_has_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    await a_solved_question(cast)
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    eve = await signed_in(context, site, "eve")
    await on_the_form(eve, site, cast)
    await eve.locator("#title").fill(TYPED)
    await expect(eve.locator("[data-hits] > li")).to_have_count(1)
    found = await Axe().run(eve, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(eve, "new-topic")
