"""The charter: read by everyone, accepted by who joins, read again once its substance has changed."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.errors import Invalid
from forum.settings.actions import change_setting
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import at, signed_in
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll

BOX = "I have read the charter and accept it."


async def change(cast: Cast, text: str = "## Our own rules\n\nBe kind.", *, material: bool = True) -> None:
    """Ada writes another charter."""
    await change_setting(await cast.ada(), "charter", text, material=material)


async def test_everyone_reads_the_charter_that_the_site_comes_with_in_their_language(
    site: str, cast: Cast
) -> None:
    visitor = at(site)
    assert "Restraint and discretion" in (await visitor.get("/charter")).text
    assert 'href="/charter"' in (await visitor.get("/")).text
    french = await visitor.client.get("/charter", headers={"Accept-Language": "fr"})
    assert "Le devoir de réserve" in french.text
    assert BOX not in french.text


async def test_the_sites_own_charter_takes_its_place_and_is_safe(site: str, cast: Cast) -> None:
    await change(cast, "## Our own rules\n\n<script>alert(1)</script>", material=False)
    shown = (await at(site).get("/charter")).text
    assert "Our own rules" in shown
    assert "<script>alert" not in shown
    assert "Restraint and discretion" not in shown
    assert '<div class="prose narrow" lang="fr">' in shown, "it is in the site's language"


async def test_a_change_of_words_asks_nobody_and_one_of_substance_asks_before_the_next_post(
    site: str, cast: Cast
) -> None:
    topic, bob = await a_question(cast), await signed_in(site, "bob")
    await change(cast, material=False)
    assert (await bob.post(f"/t/{topic.id}/posts", raw="Before.")).status_code == 303
    await change(cast)
    asked = await bob.post(f"/t/{topic.id}/posts", raw="An hour of typing.")
    assert asked.status_code == 422
    assert "An hour of typing." in asked.text
    assert BOX in asked.text
    again = await bob.post(f"/t/{topic.id}/posts", raw="An hour of typing.", charter="2")
    assert again.status_code == 303
    assert (await bob.post(f"/t/{topic.id}/posts", raw="And more.")).status_code == 303
    assert BOX not in (await bob.get(f"/t/{topic.slug}/{topic.id}")).text
    (row,) = await sql("SELECT charter_version, charter_accepted_at FROM users WHERE username = 'bob'")
    assert row["charter_version"] == 2
    assert row["charter_accepted_at"] is not None


async def test_only_the_charter_as_it_is_now_can_be_accepted(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    await change(cast)
    await change(cast, "Once more.")
    for typed in ({"charter": "2"}, {"charter": ""}):
        assert (await bob.post("/charter/acceptance", **typed)).status_code == 422
    fields = {"title": "Who cooks for sixty?", "category_id": str(cast.theme.id), "raw": "Words."}
    late = await bob.post("/topics", charter="2", **fields)
    assert (late.status_code, "changed a moment ago" in late.text) == (422, True)
    assert (await bob.post("/charter/acceptance", charter="3")).status_code == 303
    assert (await bob.post("/topics", **fields)).status_code == 303


async def test_a_programs_member_is_asked_too(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await change(cast)
    with pytest.raises(Invalid) as refused:
        await a_reply(cast, topic)
    assert list(refused.value.fields) == ["charter"]


async def test_the_duty_of_restraint_is_recalled_until_ones_first_post(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    eve = await signed_in(site, "eve")
    path = f"/t/{topic.slug}/{topic.id}"
    for place in (path, "/new-topic"):
        assert "Your first post here" in (await eve.get(place)).text
    assert (await eve.post(f"/t/{topic.id}/posts", raw="We did so too.")).status_code == 303
    for place in (path, "/new-topic"):
        assert "Your first post here" not in (await eve.get(place)).text


@pytest.mark.parametrize("scripts", [True, False])
async def test_bob_accepts_it_while_he_writes(
    site: str, cast: Cast, new_context: CreateContextCallback, scripts: bool
) -> None:
    topic = await a_question(cast)
    size = {"width": 320 if scripts else 1280, "height": 800}
    context = await new_context(java_script_enabled=scripts, viewport=size, bypass_csp=True)
    page = await people.signed_in(context, site, "bob")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await page.get_by_label("Text of the reply").fill("An hour of typing.")
    await change(cast)
    await people.reply_button(page).click()
    if scripts:
        await expect(page.get_by_role("alert")).to_contain_text("The charter has changed")
        await page.reload()
    await expect(page.get_by_label("Text of the reply")).to_have_value("An hour of typing.")
    if scripts:
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        await no_sideways_scroll(page, "composer")
    await page.get_by_label(BOX).check()
    await people.reply_button(page).click()
    await expect(page.get_by_role("article").filter(has_text="An hour of typing.")).to_be_visible()
