"""Guides: everyone improves them; their contents and their versions follow."""

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.errors import Conflict, Forbidden
from forum.journal.models import StaffAction
from forum.posts.actions import revise_post
from forum.posts.queries import post_visible_to
from forum.topics.actions import set_closed
from realtime.sql import sql
from tests.cast import Cast
from tests.kinds.making import a_topic, fields_of
from tests.people import signed_in
from tests.system.people import connected
from tests.system.people import signed_in as in_a_browser

TEXT = "## Before you start\n\nAsk.\n\n### Whom <to> ask\n\nThe clerk.\n\n## After\n\nThank them."


async def test_bob_improves_alices_guide_and_its_contents_follow(site: str, cast: Cast) -> None:
    topic, bob = await a_topic(cast, "guide"), await cast.bob()
    (first,) = await sql("SELECT id FROM posts WHERE topic_id = {0}", topic.id)
    post = await post_visible_to(bob, first["id"])
    await revise_post(bob, post, TEXT, reason="contents", version=1)
    details = await fields_of(topic)
    assert [one.title for one in details.extra["contents"]] == ["Before you start", "Whom <to> ask", "After"]
    assert details.extra["text_version"] == 2
    assert not await StaffAction.filter(post_id=post.id).exists()
    with pytest.raises(Conflict):
        await revise_post(await cast.eve(), post, "Mine.", reason="", version=1)
    eve = await signed_in(site, "eve")
    page = (await eve.get(f"/t/{topic.slug}/{topic.id}")).text
    assert f"/posts/{first['id']}/edit" in page
    assert (await eve.get(f"/posts/{first['id']}/edit")).status_code == 200
    assert "<ins>" in (await eve.get(f"/posts/{first['id']}/revisions")).text


async def test_what_is_not_a_guide_or_is_closed_stays_its_authors(cast: Cast) -> None:
    bob = await cast.bob()
    sheet, guide = await a_topic(cast, "sheet"), await a_topic(cast, "guide")
    await set_closed(await cast.mod(), guide, True)
    for topic in (sheet, guide):
        (first,) = await sql("SELECT id FROM posts WHERE topic_id = {0}", topic.id)
        with pytest.raises(Forbidden):
            await revise_post(bob, await post_visible_to(bob, first["id"]), "Mine.", reason="", version=1)


async def test_alice_sees_live_what_bob_adds_to_her_guide_without_scripts(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    topic = await a_topic(cast, "guide")
    alice = await in_a_browser(await new_context(), site, "alice")
    bob = await in_a_browser(await new_context(java_script_enabled=False), site, "bob")
    await alice.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await connected(alice, f"topic:{topic.id}")
    await bob.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await bob.get_by_role("link", name="Improve this guide").click()
    await bob.locator("#raw").fill(TEXT)
    await bob.get_by_role("button", name="Save").click()
    for page in (bob, alice):
        await expect(page.locator(".details")).to_contain_text("Before you start")
        await expect(page.locator("article").first).to_contain_text("Thank them.")
    await bob.get_by_role("link", name="Versions and differences").click()
    await expect(bob.locator("ins").first).to_be_visible()
