"""Half a sheet is never lost: on this computer, through a session that ended, in an edit."""

import re

from playwright.async_api import BrowserContext, Page, expect

from forum.kinds.registry import kinds, typed_names
from tests.cast import PASSWORD, Cast
from tests.factories import a_question, a_reply
from tests.kinds.details import SHEET
from tests.kinds.making import a_topic, fields_of
from tests.people import Person
from tests.people import signed_in as by_http
from tests.system.people import signed_in

HALF = {
    "Population served (optional)": "12 600",
    "What we would not do again (optional)": "Buy six probes\nat once.",
    "Valid on (optional)": "2026-03-04",
}


async def half_a_sheet(page: Page, site: str) -> None:
    """Typed, but for what is required."""
    await page.goto(f"{site}/new-topic?kind=sheet")
    for label, words in HALF.items():
        await page.get_by_label(label).fill(words)
    await page.get_by_label("Licence").select_option(index=1)
    await expect(page.get_by_text("Draft kept on this computer.")).to_be_visible()


async def expect_half_a_sheet(page: Page) -> None:
    for label, words in HALF.items():
        await expect(page.get_by_label(label)).to_have_value(words)
    await expect(page.get_by_label("Licence")).not_to_have_value("")


async def test_half_a_sheet_is_there_when_its_page_comes_again(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await signed_in(context, site, "alice")
    await half_a_sheet(page, site)
    other = await context.new_page()
    await page.close()
    await other.goto(f"{site}/new-topic?kind=sheet")
    await expect_half_a_sheet(other)
    await expect(other.get_by_text("Your draft was brought back.")).to_be_visible()

    # A question meanwhile has a draft of its own, and takes nothing away.
    await other.goto(f"{site}/new-topic")
    await other.get_by_label("Your question, in one sentence").fill("Who has probes?")
    await other.goto(f"{site}/new-topic?kind=sheet")
    await expect_half_a_sheet(other)
    await expect(other.get_by_label("What you achieved, in one sentence")).to_have_value("")

    await other.get_by_role("button", name="Discard it").click()
    for label in HALF:
        await expect(other.get_by_label(label)).to_have_value("")


async def test_what_was_begun_as_a_question_goes_along_when_it_turns_out_to_be_a_sheet(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/new-topic")
    await page.get_by_label("Your question, in one sentence").press_sequentially("Probes in the kitchen")
    await expect(page.get_by_text("Draft kept on this computer.")).to_be_visible()
    kinds_choice = page.get_by_role("navigation", name="What you are going to write")
    await kinds_choice.get_by_role("link", name="Experience sheet").click()
    await expect(page.get_by_label("What you achieved, in one sentence")).to_have_value(
        "Probes in the kitchen"
    )
    await page.get_by_label("Population served (optional)").fill("12600")
    await kinds_choice.get_by_role("link", name="Question or discussion").click()
    await expect(page.get_by_label("Your question, in one sentence")).to_have_value("Probes in the kitchen")
    await kinds_choice.get_by_role("link", name="Experience sheet").click()
    await expect(page.get_by_label("Population served (optional)")).to_have_value("12600")


async def test_a_sheet_begun_from_a_thread_keeps_what_was_made_of_it(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/new-topic?kind=sheet&from={topic.id}")
    await page.get_by_label("What you achieved, in one sentence").fill("Another title")
    await page.get_by_label("The problem").fill("The problem, in other words.")
    await page.get_by_label("What we did").fill("Three valves.")
    await page.reload()
    await expect(page.get_by_label("What you achieved, in one sentence")).to_have_value("Another title")
    await expect(page.get_by_label("The problem")).to_have_value("The problem, in other words.")
    await expect(page.get_by_label("What we did")).to_have_value("Three valves.")


async def test_a_sheet_published_after_the_session_ended_comes_back_whole(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await signed_in(context, site, "alice")
    await half_a_sheet(page, site)
    await page.get_by_label("What we did").fill("Three valves.")
    await page.get_by_label("What you achieved, in one sentence").fill("Heating by the hour")
    await page.get_by_label("The problem").fill("Nobody knew who was heating what.")
    await page.get_by_label("Theme", exact=True).select_option(label=cast.theme.name)
    await context.clear_cookies()
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("Your text is kept")).to_be_visible()
    # What this computer keeps is not what brings it back here.
    await page.evaluate("localStorage.clear()")
    await page.get_by_label("User name or e-mail address").fill("alice")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in").first.click()
    await expect_half_a_sheet(page)
    await expect(page.get_by_label("What we did")).to_have_value("Three valves.")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Heating by the hour")
    await expect(page.get_by_text("Buy six probes")).to_be_visible()


async def test_an_edit_of_a_sheets_fields_is_kept_on_this_computer(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    topic = await a_topic(cast, "sheet")
    page = await signed_in(context, site, "alice")
    await page.goto(f"{site}/t/{topic.id}/details")
    await page.get_by_label("Why (optional)").fill("The valves were old.")
    await expect(page.get_by_text("Draft kept on this computer.")).to_be_visible()
    await page.goto(f"{site}/categories")
    await page.goto(f"{site}/t/{topic.id}/details")
    await expect(page.get_by_label("Why (optional)")).to_have_value("The valves were old.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The valves were old.")).to_be_visible()
    await page.goto(f"{site}/t/{topic.id}/details")
    await expect(page.get_by_label("Why (optional)")).to_have_value("The valves were old.")
    assert await page.evaluate("localStorage.length") == 0


async def come_back(person: Person, refused: str) -> str:
    """Sign in from the page that says that the session has ended; the page that one is led to."""
    form = refused.split('action="/session">')[1].split("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n([^<]*)</textarea>', form))
    back = await person.post("/session", login="alice", password=PASSWORD, **fields)
    assert back.status_code == 303
    return (await person.get(back.headers["location"])).text.split("</main>")[0]


async def test_fields_revised_after_the_session_ended_come_back_and_are_saved(site: str, cast: Cast) -> None:
    topic, alice = await a_topic(cast, "sheet"), await by_http(site, "alice")
    alice.client.cookies.clear()
    typed = SHEET | {"causes": "The valves\nwere old.", "version": "1"}
    refused = await alice.post(f"/t/{topic.id}/details", **typed)
    assert (refused.status_code, "Your text is kept" in refused.text) == (403, True)
    page = await come_back(alice, refused.text)
    assert "Your draft was brought back." in page
    assert "The valves\nwere old." in page
    assert (await alice.post(f"/t/{topic.id}/details", **typed)).status_code == 303
    assert (await fields_of(topic)).text("causes") == "The valves\nwere old."
    assert (
        "Your draft was brought back."
        not in (await alice.get(f"/t/{topic.id}/details")).text.split("</main>")[0]
    )


async def test_a_refusal_without_a_place_for_a_draft_does_not_promise_one(site: str, cast: Cast) -> None:
    topic, alice = await a_topic(cast, "sheet"), await by_http(site, "alice")
    alice.client.cookies.clear()
    refused = await alice.post(f"/t/{topic.id}/field-requests", field="causes", reason="because")
    assert refused.status_code == 403
    assert "Your text is kept" not in refused.text


async def test_an_error_on_the_way_shows_the_typed_fields_too(site: str, cast: Cast) -> None:
    topic, eve = await a_topic(cast, "sheet"), await by_http(site, "eve")
    refused = await eve.post(f"/t/{topic.id}/details", **SHEET, version="1", lessons="An hour of typing.")
    assert refused.status_code == 403
    assert "An hour of typing." in refused.text


def test_no_typed_field_is_named_as_what_stands_beside_it_in_a_form() -> None:
    taken = {
        "raw", "title", "category_id", "kind", "tags", "reply_to", "reason", "version", "token", "file",
        "login", "password", "return_to", "draft_key", "charter", "credential",
    }  # fmt: skip
    assert kinds()
    assert not taken & typed_names()
