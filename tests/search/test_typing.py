"""Somebody types in a search field; what is found so far is shown, and only what they may see."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, expect

from forum.accounts.viewer import Viewer
from forum.i18n import speaking
from forum.limits import Limits
from forum.search.calls import found_within, tell_found
from forum.search.glimpses import glimpses
from forum.search.indexing import index_all_pending
from realtime.policies import Identity
from realtime.protocol.codes import ErrorReply
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.organisations.files import the_valley
from tests.system.people import signed_in
from tests.system.test_accessibility import RULES, no_sideways_scroll
from tests.waiting import until


async def titles(viewer: Viewer, typed: str) -> list[str]:
    await index_all_pending()
    with speaking("en"):
        return [one.title for one in await glimpses(viewer, typed)]


async def test_the_beginning_of_a_word_finds_topics_people_organisations_and_themes(cast: Cast) -> None:
    topic = await a_question(cast, title="Passer la cantine en régie directe")
    await the_valley()
    eve = await cast.eve()
    assert await titles(eve, "can") == [topic.title]
    assert await titles(eve, "restauration scol") == [topic.title], "a synonym, half written"
    assert await titles(eve, "ali") == ["Alice"]
    assert await titles(eve, "Bob") == ["Bob"]
    assert await titles(eve, "school me") == ["School meals"]
    assert "Saint-Loup-sur-Vouvre" in await titles(eve, "saint-lo")
    assert await titles(eve, "ca") == await titles(eve, "  ") == []


async def test_each_says_what_it_is_in_the_language_of_the_page(cast: Cast) -> None:
    topic = await a_question(cast, title="Passer la cantine en régie directe")
    await index_all_pending()
    eve = Identity(user=str(cast.ids["eve"]), variant=("fr", True))
    answer = await tell_found(eve, {"q": "canti", "seq": 7})
    assert answer == {
        "seq": 7,
        "items": [
            {
                "kind": "question",
                "id": topic.id,
                "url": f"/t/{topic.slug}/{topic.id}",
                "title": topic.title,
                "label": "Question · School meals",
            }
        ],
    }
    for odd in (None, [], {"q": 3, "seq": "x"}, {"q": "\x00" * 9}, {"q": "'; DROP"}, {"q": "%%%"}):
        assert (await tell_found(eve, odd))["items"] == []


async def test_a_word_is_finished_only_from_words_that_its_viewer_may_see(cast: Cast) -> None:
    open_to_all = await a_question(cast, title="Le carnet de la mairie")
    private = await a_question(cast, title="Le carillon secretissime", private=True)
    before = await titles(await cast.eve(), "car")
    assert before == await titles(await cast.visitor(), "car") == [open_to_all.title]
    assert set(await titles(await cast.bob(), "car")) == {open_to_all.title, private.title}
    for typed in ("carill", "secret", "clerks", "#clerks-only car", "@alice carillon"):
        assert private.title not in await titles(await cast.eve(), typed), typed
        assert "Clerks only" not in await titles(await cast.visitor(), typed), typed


async def test_whoever_types_without_end_is_told_to_wait_and_others_are_not(cast: Cast) -> None:
    answer = found_within(Limits())
    near, far = (
        Identity(user="", variant=("fr", True), address=place) for place in ("192.0.2.1", "192.0.2.2")
    )
    for _n in range(150):
        await answer(near, {"q": "x", "seq": 1})
    with pytest.raises(ErrorReply, match="too many requests"):
        await answer(near, {"q": "x", "seq": 1})
    assert (await answer(far, {"q": "x", "seq": 1}))["seq"] == 1


async def indexed() -> bool:
    return not await sql("SELECT 1 FROM search_pending")


async def type_in(page: Page, letters: str) -> None:
    """In the field at the head of the page."""
    field = page.locator("#find")
    await field.focus()
    await expect(field).to_have_role("combobox")
    await field.press_sequentially(letters)


async def test_eve_types_three_letters_and_opens_what_she_may_see(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast, await cast.bob(), title="Sanitaires de l’école")
    await a_question(cast, title="Le coffre des sangsues", private=True)
    await the_valley()
    await sql("UPDATE users SET name = 'Sandrine' WHERE id = {0}", cast.ids["bob"])
    await sql("UPDATE organisations SET name = 'Sancerre', name_key = 'sancerre' WHERE id IN"
              " (SELECT MIN(id) FROM organisations)")  # fmt: skip
    await until(indexed)
    page = await signed_in(context, site, "eve")
    await type_in(page, "san")
    field, found = page.locator("#find"), page.get_by_role("listbox", name="What is found so far")
    options = found.get_by_role("option")
    await expect(options).to_have_count(3)
    await expect(options.nth(0)).to_have_text("Sanitaires de l’école Question · School meals")
    await expect(options.nth(1)).to_contain_text("Sancerre Organisation")
    await expect(options.nth(2)).to_contain_text("Sandrine Person")
    await expect(field).to_have_attribute("aria-expanded", "true")
    await expect(page.locator("[data-polite]")).to_have_text("3 results so far.")
    faults = await Axe().run(page, options=RULES)
    assert faults.violations_count == 0, faults.generate_report()

    await field.press("ArrowDown")
    await field.press("ArrowUp")
    await expect(field).not_to_have_attribute("aria-activedescendant", "find-found-0")
    await field.press("ArrowDown")
    await expect(field).to_have_attribute("aria-activedescendant", "find-found-0")
    await expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    await expect(field).to_be_focused()
    await field.press("Escape")
    await expect(found).to_be_hidden()
    await expect(field).to_have_value("san")
    await expect(field).to_be_focused()

    await field.press("ArrowDown")
    await expect(options).to_have_count(3)
    await field.press("ArrowDown")
    await field.press("Enter")
    await page.wait_for_url(f"{site}/t/{topic.slug}/{topic.id}")


async def test_enter_with_nothing_chosen_searches_and_a_late_answer_opens_nothing(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    await a_question(cast, title="Sanitaires de l’école")
    await until(indexed)
    page = await context.new_page()
    await page.goto(f"{site}/search")
    field, found = page.locator("#q"), page.locator("#q-found")
    await field.press_sequentially("sanit")
    await expect(found.get_by_role("option")).to_have_count(1)  # a visitor's page, with no channel of its own
    await field.press_sequentially("zzz")
    await expect(found).to_be_hidden()
    await field.fill("sanit")
    await page.locator("#status").focus()
    await page.wait_for_timeout(600)
    await expect(found).to_be_hidden()
    await field.fill("sanit")
    await expect(found.get_by_role("option")).to_have_count(1)
    await field.press("Enter")
    await page.wait_for_url("**/search?q=sanit**")


async def test_the_list_fits_on_a_narrow_screen_and_a_press_opens(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast, title="Sanitaires de l’école")
    await until(indexed)
    page = await context.new_page()
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(f"{site}/categories")
    await type_in(page, "sani")
    option = page.get_by_role("option")
    await expect(option).to_be_visible()
    box = await option.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["width"] > 240
    await no_sideways_scroll(page, "what is found so far")
    await option.click()
    await page.wait_for_url(f"{site}/t/{topic.slug}/{topic.id}")
