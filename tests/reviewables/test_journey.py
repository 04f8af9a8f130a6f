"""From a report to an appeal, each person at a browser of their own; with scripts and without."""

import pytest
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.system.people import signed_in

REASON = "It names a child of the school."


async def decide(page: Page, site: str, choice: str, reason: str) -> None:
    """Take what waits in hand, and decide it."""
    await page.goto(f"{site}/review")
    await page.get_by_role("button", name="Take in hand").click()
    await page.get_by_label(choice).check()
    await page.get_by_label("Why").fill(reason)
    await page.get_by_role("button", name="Decide").click()
    await expect(page.get_by_role("heading", name="Nothing to review")).to_be_visible()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("scripts", [True, False])
async def test_eve_reports_mod_hides_bob_appeals_and_ada_brings_it_back(
    site: str, cast: Cast, new_context: CreateContextCallback, scripts: bool
) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="Ask little Jules, he knows the menu.")
    eve, mod, bob, ada = [
        await signed_in(await new_context(java_script_enabled=scripts, locale="en"), site, name)
        for name in ("eve", "mod", "bob", "ada")
    ]
    await eve.goto(f"{site}/p/{reply.id}")
    await eve.locator(f"#post-{reply.id}").get_by_role("link", name="Report this post").click()
    await eve.get_by_role("button", name="Send the report").click()
    await eve.get_by_label("It is out of place").check()
    await eve.get_by_label("What should the moderators know?").fill("Look at the name.")
    await eve.get_by_role("button", name="Send the report").click()
    await expect(eve.locator("main")).to_contain_text("Look at the name.")

    await decide(mod, site, "Hide the post", REASON)
    await bob.goto(f"{site}/notifications")
    await bob.get_by_role("link", name="Moderation has taken your post away").click()
    await expect(bob.locator("main")).to_contain_text(REASON)
    await bob.get_by_label("Say why the post should come back").fill("Jules is the cook.")
    await bob.get_by_role("button", name="Appeal").click()
    await expect(bob.locator("main")).to_contain_text("You have appealed.")

    await decide(ada, site, "Bring the post back", "The cook is no child.")
    await bob.goto(f"{site}/posts/{reply.id}/moderation")
    await expect(bob.locator("main")).to_contain_text("your post is back")
    await eve.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await expect(eve.locator("main")).to_contain_text("Ask little Jules")
