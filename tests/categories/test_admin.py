"""Themes made, changed, reserved, archived on the administration's pages; and inherited rules."""

import pytest
from axe_playwright_python.async_playwright import Axe
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.categories.actions import (
    create_category,
    delete_theme,
    make_theme,
    revise_theme,
    set_archived,
    set_category_groups,
    set_rules,
)
from forum.categories.faces import ThemeFace
from forum.categories.models import Permission
from forum.categories.queries import Rules
from forum.errors import Forbidden, Invalid, NotFound
from forum.groups.queries import id_of_group
from forum.posts.actions import reply_to_topic
from forum.topics.actions import open_topic
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_group, a_question, a_reply, again
from tests.people import signed_in
from tests.rights.conftest import room  # noqa: F401 - a fixture
from tests.rights.ears import Room
from tests.system import people
from tests.system.test_accessibility import RULES
from tests.waiting import until


async def test_ada_makes_a_reserved_theme_at_once(site: str, cast: Cast) -> None:
    group = await id_of_group("school-meals")
    ada = await signed_in(site, "ada")
    assert "Make the theme" in (await ada.get("/admin/categories/new")).text
    made = await ada.post(
        "/admin/categories", name="Wells & pumps", slug="", description="Water.", color="#2A7F62",
        icon="droplets", parent_id="", position="3", rules="own", everyone="0", add_group=str(group),
        add_permission="2",
    )  # fmt: skip
    assert made.status_code == 303, made.text
    number = int(made.headers["location"].split("/")[-1].split("?")[0])
    bob, eve = await cast.bob(), await cast.eve()
    assert (bob.may_reply_in(number), bob.may_create_in(number), eve.may_see(number)) == (True, False, False)
    card = bob.themes.by_id[number]
    assert (card.slug, card.color, card.icon, card.restricted) == ("wells-pumps", "2a7f62", "droplets", True)
    assert "school-meals: read and reply" in (await ada.get("/admin/categories")).text
    assert "made a theme" in (await ada.get("/admin/journal?kind=create_category")).text


async def test_what_does_not_do_is_said_at_each_field_and_kept(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    answer = await ada.post(
        "/admin/categories", name=" ", slug="Not Good", description="x" * 2000, color="red",
        icon="skull", parent_id=str(4_000), position="-1", rules="inherit",
    )  # fmt: skip
    assert answer.status_code == 422
    for field in ("name", "slug", "description", "color", "icon", "position"):
        assert f'id="{field}-error"' in answer.text, field
    assert 'value="Not Good"' in answer.text
    odd = await ada.post("/admin/categories", name="Wells", position="many", rules="inherit")
    assert odd.status_code == 422
    assert len((await cast.ada()).themes.by_id) == 2


async def test_a_theme_is_renamed_moved_archived_and_opened_again(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    ada = await signed_in(site, "ada")
    path = f"/admin/categories/{cast.theme.id}"
    fields = {"description": "", "color": "#58666a", "icon": "utensils", "parent_id": "", "position": "9"}
    assert (await ada.post(path, name="Kitchens", slug="kitchens", **fields)).status_code == 303
    assert "Kitchens" in (await ada.get(f"/c/school-meals/{cast.theme.id}")).text
    refused = await ada.post(f"{path}/deletion", value="1")
    assert refused.status_code == 422
    assert "archive it" in refused.text
    assert (await ada.post(f"{path}/archive", value="1")).status_code == 303
    alice = await cast.alice()
    assert alice.may_see(cast.theme.id)
    assert not alice.may_reply_in(cast.theme.id)
    with pytest.raises(Forbidden):
        await reply_to_topic(alice, await again(alice, topic), "Too late.")
    with pytest.raises(Forbidden):
        await open_topic(await cast.ada(), cast.theme.id, "question", "Not even she may", "No.")
    assert "archived" in (await ada.get("/categories")).text
    assert (await ada.post(f"{path}/archive", value="0")).status_code == 303
    assert (await cast.alice()).may_create_in(cast.theme.id)


async def test_only_an_empty_theme_is_deleted(cast: Cast) -> None:
    ada = await cast.ada()
    wells = await make_theme(ada, ThemeFace("Wells"), None)
    below = await make_theme(ada, ThemeFace("Pumps", parent_id=wells), None)
    with pytest.raises(Invalid):
        await delete_theme(ada, wells)
    await delete_theme(ada, below)
    await delete_theme(ada, wells)
    with pytest.raises(NotFound):
        await delete_theme(ada, wells)
    assert wells not in (await cast.ada()).themes.by_id


async def test_a_sub_theme_has_the_rules_of_its_theme_until_it_has_its_own(cast: Cast) -> None:
    ada, group = await cast.ada(), await id_of_group("school-meals")
    below = await make_theme(ada, ThemeFace("Menus", parent_id=cast.theme.id), None)
    assert (await cast.eve()).may_create_in(below)
    await set_category_groups(ada, cast.theme.id, {group: Permission.REPLY})
    eve, bob = await cast.eve(), await cast.bob()
    assert not eve.may_see(below)
    assert (bob.may_reply_in(below), bob.may_create_in(below)) == (True, False)
    await set_rules(ada, below, Rules(None, {group: Permission.CREATE}))
    assert (await cast.bob()).may_create_in(below)
    await set_rules(ada, below, None)
    assert not (await cast.bob()).may_create_in(below)


async def test_a_sub_theme_is_never_open_to_more_people_than_its_theme(cast: Cast) -> None:
    ada, group = await cast.ada(), await id_of_group("school-meals")
    others = await a_group(cast, "others", "closed", "eve")
    below = await make_theme(ada, ThemeFace("Inner", parent_id=cast.private.id), None)
    for rules in (Rules(), Rules(Permission.SEE), Rules(None, {others: Permission.SEE})):
        with pytest.raises(Invalid):
            await set_rules(ada, below, rules)
    await set_rules(ada, below, Rules(None, {group: Permission.SEE}))
    with pytest.raises(Invalid):
        await set_rules(ada, cast.private.id, Rules(None, {others: Permission.CREATE}))
    free = await make_theme(ada, ThemeFace("Free"), Rules())
    with pytest.raises(Invalid):
        await revise_theme(ada, cast.private.id, ThemeFace("Clerks only", parent_id=free))
    assert not (await cast.eve()).may_see(below)


async def test_everyone_may_read_and_a_group_may_write(cast: Cast) -> None:
    group = await id_of_group("school-meals")
    await set_rules(await cast.ada(), cast.theme.id, Rules(Permission.SEE, {group: Permission.CREATE}))
    eve, visitor, bob = await cast.eve(), await cast.visitor(), await cast.bob()
    assert (eve.may_see(cast.theme.id), eve.may_reply_in(cast.theme.id)) == (True, False)
    assert visitor.may_see(cast.theme.id)
    assert bob.may_create_in(cast.theme.id)
    assert cast.theme.id in bob.themes.open_ids()


async def test_nothing_for_anybody_is_for_administrators_alone(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    rules = {"rules": "own", "everyone": "0"}
    assert (await ada.post(f"/admin/categories/{cast.theme.id}/rules", **rules)).status_code == 303
    assert not (await cast.mod()).may_see(cast.theme.id)
    assert (await cast.ada()).may_create_in(cast.theme.id)
    assert "administrators only" in (await ada.get("/admin/categories")).text


async def test_a_statement_says_the_same_as_the_snapshot(cast: Cast) -> None:
    """Watchers are told by statements, pages ask the snapshot: of inherited rules too."""
    ada, group = await cast.ada(), await id_of_group("school-meals")
    inner = await make_theme(ada, ThemeFace("Inner", parent_id=cast.private.id), None)
    shown = await make_theme(ada, ThemeFace("Shown"), Rules(Permission.SEE, {group: Permission.CREATE}))
    from forum.categories.queries import sees

    for category_id in (cast.theme.id, cast.private.id, inner, shown):
        for who in ("alice", "bob", "eve", "mod", "ada"):
            rows = await sql(
                f"SELECT 1 FROM users u WHERE u.id = {{1}} AND {sees('{0}')}", category_id, cast.ids[who]
            )
            assert bool(rows) == (await cast.viewer(who)).may_see(category_id), (category_id, who)


async def test_whoever_loses_an_inherited_right_hears_no_more(
    site: str,
    cast: Cast,
    room: Room,  # noqa: F811 - the fixture
) -> None:
    below = await create_category("Menus", parent_id=cast.theme.id)
    eve, bob = await room.member("eve"), await room.member("bob")
    for ear in (eve, bob):
        await ear.subscribe(f"category:{below.id}")
    group = await id_of_group("school-meals")
    await set_category_groups(await cast.ada(), cast.theme.id, {group: Permission.CREATE})
    await until(lambda: bool(eve.ends(f"category:{below.id}")))
    assert bob.ends(f"category:{below.id}") == []


async def test_a_theme_that_opens_to_a_group_appears_on_its_members_open_pages(
    site: str,
    cast: Cast,
    room: Room,  # noqa: F811 - the fixture
) -> None:
    eve, bob = await room.member("eve"), await room.member("bob")
    group = await id_of_group("school-meals")
    await make_theme(await cast.ada(), ThemeFace("Wells"), Rules(None, {group: Permission.SEE}))
    await until(lambda: bool(bob.publications(f"user:{cast.ids['bob']}", "groups.changed")))
    [told] = bob.publications(f"user:{cast.ids['bob']}", "groups.changed")
    assert "Wells" in str(told)
    assert eve.publications(f"user:{cast.ids['eve']}", "groups.changed") == []


@pytest.mark.parametrize("who", ["visitor", "eve", "mod"])
async def test_only_administrators_change_themes(cast: Cast, who: str) -> None:
    viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    for act in (
        lambda: make_theme(viewer, ThemeFace("Mine"), None),
        lambda: revise_theme(viewer, cast.theme.id, ThemeFace("Mine")),
        lambda: set_rules(viewer, cast.private.id, Rules()),
        lambda: set_archived(viewer, cast.theme.id, True),
        lambda: delete_theme(viewer, cast.theme.id),
    ):
        with pytest.raises(Forbidden):
            await act()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_pages_have_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    await a_reply(cast, await a_question(cast))
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "ada")
    group = await id_of_group("school-meals")
    for path in (
        "/admin/categories", "/admin/categories/new", f"/admin/categories/{cast.private.id}",
        "/admin/groups", f"/admin/groups/{group}",
    ):  # fmt: skip
        await page.goto(site + path)
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, path + found.generate_report()
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wide), path
    await page.goto(f"{site}/admin/categories/{cast.private.id}")
    await page.get_by_label("Word of its address").fill("Not good")
    await page.get_by_role("button", name="Save").first.click()
    await page.get_by_text("Not changed yet").wait_for()
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


async def test_themes_stand_below_the_theme_that_they_are_part_of(site: str, cast: Cast) -> None:
    below = await create_category("Menus", parent_id=cast.theme.id)
    listed = (await (await signed_in(site, "ada")).get("/admin/categories")).text
    family = listed.partition(f'/admin/categories/{cast.theme.id}"')[2].partition("</ul>")[0]
    assert 'class="plain below"' in family
    assert f'/admin/categories/{below.id}"' in family
    assert f'/admin/categories/{cast.private.id}"' not in family
