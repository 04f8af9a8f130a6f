"""Following a whole theme: whom a new topic reaches, what counts as unread, who may be asked as a peer."""

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.viewer import Viewer
from forum.categories.actions import create_category
from forum.errors import Forbidden, Invalid
from forum.notifications.actions import notify_watchers
from forum.notifications.queries import alerts_of
from forum.reading.actions import read_up_to, set_notification_level, set_theme_level
from forum.reading.models import ThemeLevel
from forum.reading.themes import theme_levels, theme_visible_to
from forum.topics.lists import topics_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again
from tests.people import signed_in
from tests.system.people import signed_in as in_a_browser


async def follows(viewer: Viewer, category_id: int, level: ThemeLevel) -> None:
    await set_theme_level(viewer, theme_visible_to(viewer, category_id), level)


async def alerts(viewer: Viewer) -> list[tuple[str, int]]:
    """The viewer's alerts, why and about which topic, once the jobs have run."""
    for row in await sql("SELECT id FROM posts ORDER BY id"):
        await notify_watchers(row["id"])
    return sorted((alert.type, alert.topic_id) for alert in await alerts_of(viewer))


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (ThemeLevel.WATCHING, ["posted", "watching_first_post"]),
        (ThemeLevel.WATCHING_FIRST_POST, ["watching_first_post"]),
        (ThemeLevel.TRACKING, []),
        (ThemeLevel.NORMAL, []),
        (ThemeLevel.MUTED, []),
    ],
)
async def test_eve_hears_of_a_theme_as_closely_as_she_chose(
    cast: Cast, level: ThemeLevel, told: list[str]
) -> None:
    await follows(await cast.eve(), cast.theme.id, level)
    topic = await a_question(cast)
    await a_reply(cast, topic)
    assert await alerts(await cast.eve()) == [(why, topic.id) for why in told]


async def test_what_was_chosen_for_a_topic_goes_before_its_theme(cast: Cast) -> None:
    topic = await a_question(cast)
    await follows(await cast.eve(), cast.theme.id, ThemeLevel.WATCHING)
    await set_notification_level(await cast.eve(), topic, 1)
    await a_reply(cast, topic)
    assert ("posted", topic.id) not in await alerts(await cast.eve())
    # Having replied, one tracks it: not less closely than its theme.
    other = await a_question(cast)
    await a_reply(cast, other, await cast.eve())
    await a_reply(cast, other)
    assert ("posted", other.id) in await alerts(await cast.eve())


async def test_a_sub_theme_is_followed_with_its_theme_unless_one_chose_otherwise(cast: Cast) -> None:
    part = await create_category("Menus", parent_id=cast.theme.id)
    for who, level in ((await cast.eve(), None), (await cast.bob(), ThemeLevel.NORMAL)):
        await follows(who, cast.theme.id, ThemeLevel.WATCHING)
        if level is not None:
            await follows(who, part.id, level)
    assert (await theme_levels(await cast.eve()))[part.id] == ThemeLevel.WATCHING
    assert (await theme_levels(await cast.bob()))[part.id] == ThemeLevel.NORMAL
    topic = await a_question(cast)
    await sql("UPDATE topics SET category_id = {1} WHERE id = {0}", topic.id, part.id)
    assert await alerts(await cast.eve()) == [("watching_first_post", topic.id)]
    assert await alerts(await cast.bob()) == []


async def test_whoever_may_no_longer_see_a_theme_hears_nothing_of_it(cast: Cast) -> None:
    await follows(await cast.bob(), cast.private.id, ThemeLevel.WATCHING)
    with pytest.raises(Forbidden):
        await set_theme_level(
            await cast.eve(), (await cast.bob()).themes.by_id[cast.private.id], ThemeLevel.WATCHING
        )
    await sql("DELETE FROM group_users WHERE user_id = {0}", cast.ids["bob"])
    topic = await a_question(cast, private=True)
    assert await alerts(await cast.bob()) == []
    assert await theme_levels(await cast.bob()) == {}
    assert topic.id not in [row.id for row in (await topics_visible_to(await cast.bob())).topics]


async def test_no_other_level_is_kept(cast: Cast) -> None:
    with pytest.raises(Invalid):
        await set_theme_level(await cast.eve(), theme_visible_to(await cast.eve(), cast.theme.id), 5)
    with pytest.raises(Forbidden):
        await follows(await cast.visitor(), cast.theme.id, ThemeLevel.WATCHING)


async def listed(viewer: Viewer, tab: str) -> list[int]:
    return [topic.id for topic in (await topics_visible_to(viewer, filter=tab)).topics]


async def test_tracking_counts_the_unread_of_what_one_opened_and_muted_is_not_new(
    cast: Cast,
) -> None:
    topic, unopened = await a_question(cast), await a_question(cast)
    await read_up_to(await cast.eve(), topic, 1)
    await a_reply(cast, topic)
    for level, unread, new in (
        (ThemeLevel.NORMAL, [], [unopened.id]),
        (ThemeLevel.TRACKING, [topic.id], [unopened.id]),
        (ThemeLevel.WATCHING_FIRST_POST, [], [unopened.id]),
        (ThemeLevel.MUTED, [], []),
    ):
        await follows(await cast.eve(), cast.theme.id, level)
        eve = await cast.eve()
        assert (await listed(eve, "unread"), await listed(eve, "new")) == (unread, new)
    await follows(await cast.eve(), cast.theme.id, ThemeLevel.TRACKING)
    await set_notification_level(await cast.eve(), await again(await cast.eve(), topic), 1)
    assert await listed(await cast.eve(), "unread") == []


async def test_a_new_topic_of_a_muted_theme_does_not_come_live_among_what_is_new(
    site: str, cast: Cast
) -> None:
    await follows(await cast.eve(), cast.theme.id, ThemeLevel.MUTED)
    page = (await (await signed_in(site, "eve")).get("/new")).text
    assert f'data-holds=":not([data-category=&#34;{cast.theme.id}&#34;])"' in page


async def test_programs_read_and_set_the_level_of_a_category(site: str, cast: Cast) -> None:
    eve = await signed_in(site, "eve")
    sent = await eve.post(f"/category/{cast.theme.id}/notifications.json", notification_level="4")
    assert sent.json() == {"success": "OK"}
    found = (await eve.get("/categories.json")).json()["category_list"]["categories"]
    assert [(one["id"], one["notification_level"]) for one in found] == [(cast.theme.id, 4)]
    refused = await eve.post(f"/category/{cast.theme.id}/notifications.json", notification_level="9")
    assert refused.status_code == 422


async def test_eve_follows_a_theme_without_scripts_and_reads_why_she_is_told(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    page = await in_a_browser(await new_context(java_script_enabled=False), site, "eve")
    await page.goto(f"{site}/c/school-meals/{cast.theme.id}")
    await page.get_by_label("How closely").select_option("Watch: every topic and every reply")
    await page.get_by_role("region", name="Follow this theme").get_by_role("button", name="Save").click()
    await expect(page.get_by_label("How closely")).to_have_value("3")
    topic = await a_question(cast)
    await alerts(await cast.eve())
    await page.goto(f"{site}/notifications")
    await expect(page.get_by_role("main")).to_contain_text("Alice opened a topic")
    await expect(page.get_by_role("main")).to_contain_text("Because you follow this theme.")
    await page.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await expect(page.get_by_label("How closely")).to_have_value("3")
    await expect(page.get_by_text("You have chosen this level for its theme.")).to_be_visible()
