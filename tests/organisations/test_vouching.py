"""Two verified colleagues give their word for Alice: her own page says so, and then that she is verified.

Each at their own browser, in both languages, with scripts and without; every page is looked at for faults.
"""

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.organisations.actions import verify_by_domain
from tests.cast import Cast
from tests.factories import a_question
from tests.organisations.files import the_valley
from tests.organisations.test_members import member, with_address
from tests.system.homes import homes
from tests.system.people import connected


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("locale", "scripts"), [("en", True), ("fr", True), ("en", False), ("fr", False)])
async def test_two_colleagues_vouch_for_alice_and_her_page_and_her_posts_say_it(
    site: str, cast: Cast, new_context: CreateContextCallback, locale: str, scripts: bool
) -> None:
    await the_valley()
    waiting = await member(await cast.alice(), function="town clerk")
    at_home = await homes(new_context, site, locale, scripts)
    alice = await at_home("alice")
    await alice.go("/preferences/organisations")
    state = alice.page.locator(f"#membership-{waiting.id}-state")
    field = alice.page.locator(f"#function-{waiting.id}")
    if scripts:
        await connected(alice.page, f"user:{cast.ids['alice']}")
        await alice.page.get_by_text(alice.says("Show that you work there")).click()
        await field.fill("town clerk, half time")
    for name, told in (("bob", "1"), ("mod", "")):
        viewer = await with_address(cast, name, f"{name}@saint-loup.example")
        await verify_by_domain(viewer, await member(viewer))
        colleague = await at_home(name)
        await colleague.go("/o/saint-loup-sur-vouvre")
        word = colleague.says("I know them: they work here")
        await colleague.page.get_by_role("button", name=word).click()
        await colleague.shows(colleague.says("Thank you: your word counts."))
        await colleague.looks_right()
        if not scripts:
            await alice.go("/preferences/organisations")
        await expect(state).to_contain_text(alice.says("not verified" if told else "by two colleagues"))
        if told:
            await expect(alice.page.locator(f"#membership-{waiting.id}-vouches")).to_contain_text(told)
    await expect(alice.page.locator(f"#membership-{waiting.id}-proof")).to_have_count(0)
    if scripts:
        await expect(field).to_be_focused()
        await expect(field).to_have_value("town clerk, half time")
    await alice.looks_right()
    topic = await a_question(cast)
    await alice.go(f"/t/{topic.slug}/{topic.id}")
    await expect(alice.page.get_by_text(alice.says("verified organisation")).first).to_be_attached()
