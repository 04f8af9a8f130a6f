"""Two people at a browser: Alice confirms, Bob's open page follows; without scripts too, without a fault."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.freshness.actions import supersede
from forum.freshness.jobs import ask_authors
from tests.cast import Cast
from tests.factories import a_question
from tests.freshness.dating import a_due_sheet, dated_of, first_post
from tests.freshness.test_mail import links_in
from tests.kinds.making import a_topic
from tests.notices.test_notices import MAIL_RULES, html_of
from tests.servers.smtp import PostBox
from tests.system.people import connected, signed_in
from tests.system.test_accessibility import RULES, no_sideways_scroll
from tests.waiting import until


@pytest.mark.parametrize("scripts", [True, False])
async def test_alice_confirms_and_bobs_pages_lose_the_badge(
    site: str, cast: Cast, new_context: CreateContextCallback, scripts: bool
) -> None:
    sheet = await a_due_sheet(cast)
    path = f"{site}/t/{sheet.slug}/{sheet.id}"
    context = await new_context()
    bob, alice = (
        await signed_in(context, site, "bob"),
        await signed_in(await new_context(java_script_enabled=scripts), site, "alice"),
    )
    row = bob.locator(f"#topic-{sheet.id} .doubt")
    await expect(row).to_have_text("To check")
    reading = await context.new_page()
    await reading.goto(path)
    await connected(reading, f"topic:{sheet.id}")
    await connected(bob, "latest")
    foot = reading.locator(f"#post-{await first_post(sheet)}-freshness")
    await expect(foot.locator(".doubt")).to_have_text("To check")
    await alice.goto(path)
    await alice.locator("main").get_by_role("button", name="Still true").first.click()
    await expect(alice.get_by_text("Is this still true?")).to_have_count(0)
    await expect(foot).to_contain_text("Confirmed")
    await expect(foot).to_contain_text("by Alice")
    await expect(foot).not_to_contain_text("ago")
    await expect(reading.locator(".doubt")).to_have_count(0)
    await expect(row).to_have_count(0)


async def test_alice_names_the_newer_topic_and_bob_is_led_to_it(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    sheet, newer = await a_topic(cast, "sheet"), await a_question(cast, title="A wholly newer kitchen")
    path = f"{site}/t/{sheet.slug}/{sheet.id}"
    bob = await signed_in(await new_context(), site, "bob")
    alice = await signed_in(await new_context(java_script_enabled=False), site, "alice")
    await bob.goto(path)
    await connected(bob, f"topic:{sheet.id}")
    await alice.goto(path)
    await alice.get_by_role("link", name="Replaced by…").click()
    await alice.get_by_label("The other topic").fill("wholly newer")
    await alice.get_by_role("button", name="This topic replaces it").click()
    await expect(alice.get_by_text("Replaced by a newer topic")).to_be_visible()
    await bob.get_by_role("link", name=newer.title).click()
    await expect(bob.get_by_role("heading", level=1)).to_have_text(newer.title)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_pages_and_the_mail_have_no_fault_that_a_machine_finds(
    site: str, cast: Cast, box: PostBox, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    sheet, old = await a_due_sheet(cast), await a_topic(cast, "sheet")
    await supersede(await cast.alice(), await dated_of(old), sheet)
    await ask_authors()
    await until(lambda: box.mails)
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await signed_in(context, site, "alice")
    form = f"/posts/{await first_post(old)}/successor"
    topics = [f"/t/{one.slug}/{one.id}" for one in (sheet, old)]
    for path in (
        *topics,
        form,
        f"{form}?target=case",
        "/latest",
        "/search?q=case",
        links_in(box.mails[0])[0],
    ):
        await page.goto(site + path)
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        await no_sideways_scroll(page, path)
    await page.set_content(html_of(box.mails[0]))
    found = await Axe().run(page, options=MAIL_RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(page, "mail")
