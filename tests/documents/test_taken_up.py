"""Bob shares a document with its licence and its file; Alice's town takes it up, and he hears of it."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import Cast
from tests.reuses.making import SAINT_LOUP, verified
from tests.system.people import connected, signed_in
from tests.system.test_accessibility import RULES, no_sideways_scroll
from tests.uploads.made import a_docx

TITLE = "A decision to leave the provider of meals"
FILE = {"name": "Decision.docx", "mimeType": "text/plain", "buffer": a_docx("The council decides to cook.")}


@pytest.mark.parametrize("scripts", [True, False])
async def test_alices_town_takes_up_bobs_document_and_bob_has_one_alert(
    site: str, cast: Cast, new_context: CreateContextCallback, scripts: bool
) -> None:
    await verified(await cast.alice(), SAINT_LOUP)
    bob = await signed_in(await new_context(java_script_enabled=scripts, bypass_csp=scripts), site, "bob")
    alice = await signed_in(await new_context(java_script_enabled=scripts), site, "alice")
    await shares(bob, site, cast, scripts=scripts)
    await alice.goto(f"{site}/latest?kind=document&licence=lo-2.0")
    await alice.get_by_role("link", name=TITLE).click()
    await expect(alice.get_by_role("link", name="Decision.docx").first).to_be_visible()
    await alice.get_by_role("link", name="We did it too").click()
    await alice.locator("#f-state").select_option(label="in service")
    await alice.locator("#f-since").fill("2026-09-01")
    await alice.locator("#f-cost").fill("4 200 €")
    await alice.get_by_role("button", name="We did it too").click()
    record = alice.locator("article.reuse")
    for words in ("Saint-Loup-sur-Vouvre", "in service", "4,200"):
        await expect(record).to_contain_text(words)
    if not scripts:
        await bob.reload()
    await expect(bob.get_by_text("reused by 1 organisation")).to_be_visible()
    await expect(bob.locator("#badge")).to_contain_text("1")
    if scripts:
        found = await Axe().run(bob, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        await no_sideways_scroll(bob, "document")
    await bob.goto(f"{site}/notifications")
    await expect(bob.get_by_role("link", name="Saint-Loup-sur-Vouvre did it too")).to_have_count(1)


async def shares(author: Page, site: str, cast: Cast, *, scripts: bool) -> None:
    """A document is written, with a file, and read on its page."""
    await author.goto(f"{site}/new-topic?kind=document&category={cast.theme.id}")
    await author.locator("#title").fill(TITLE)
    await author.locator("#raw").fill("We adapted the second article.")
    await author.locator("#f-document_type").select_option("decision")
    await author.locator("#f-licence").select_option("lo-2.0")
    await author.locator("#f-contents").fill("The council decides to cook.")
    await author.get_by_label("Attach a file").set_input_files(FILE)
    if scripts:
        await expect(author.get_by_text("Decision.docx is attached")).to_be_visible()
    else:
        await author.get_by_role("button", name="Attach", exact=True).click()
        await expect(author.get_by_text("Your draft was brought back.")).to_be_visible()
    await author.get_by_role("button", name="Publish").click()
    await expect(author.get_by_role("heading", level=1)).to_have_text(TITLE)
    if scripts:
        await connected(author, f"topic:{author.url.rpartition('/')[2]}")
