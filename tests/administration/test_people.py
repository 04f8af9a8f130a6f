"""Members found, given roles and signed out by administrators; the last administrator stays one."""

import asyncio

import pytest
from axe_playwright_python.async_playwright import Axe
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.animators.actions import name_animator
from forum.errors import Forbidden, Invalid, NotFound
from forum.people.actions import Role, set_role
from forum.people.queries import accounts
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import signed_in
from tests.reviewables.cases import reported
from tests.rights.conftest import room  # noqa: F401 - a fixture
from tests.rights.ears import Room
from tests.system import people
from tests.system.test_accessibility import RULES
from tests.waiting import until


async def names(*wish: str) -> list[str]:
    return [account.person.username for account in await accounts(*wish)]


async def test_cve_2020_11010_members_are_found_by_a_part_of_their_name_or_address(
    site: str, cast: Cast
) -> None:
    assert await names() == ["ada", "alice", "bob", "eve", "mod"]
    assert await names("LIC") == ["alice"]
    assert await names("bob@example") == ["bob"]
    for sign in ("%", "_", "!", "\\", "'", "bob'", "\\%", "b_b", "{0}", "*", "a%", "a_i"):
        assert await names(sign) == [], sign
    assert await names("", "admin") == ["ada"]
    assert await names("", "moderator") == ["mod"]
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["eve"])
    assert await names("", "animator") == ["eve"]
    ada = await signed_in(site, "ada")
    assert await names("", "", "inactive") == ["alice", "bob", "eve", "mod"]
    for state in ("suspended", "silenced", "closed"):
        assert await names("", "", state) == []
    assert await names("", "", "", "bob") == ["eve", "mod"]
    shown = (await ada.get("/admin/people?q=bob&role=nonsense&state=nonsense")).text
    assert "bob@example.org" in shown
    assert "alice@example.org" not in shown


async def test_a_role_is_given_and_taken_and_what_it_opens_follows(
    site: str,
    cast: Cast,
    room: Room,  # noqa: F811 - the fixture
) -> None:
    ada = await signed_in(site, "ada")
    topic = await a_question(cast, private=True)
    ear = await room.member("eve")
    assert (await ada.post("/admin/people/eve/roles", role="admin", value="1")).status_code == 303
    await until(lambda: bool(ear.publications(f"user:{cast.ids['eve']}", "groups.changed")))
    await ear.subscribe(f"topic:{topic.id}")
    assert (await cast.eve()).may_see(cast.private.id)
    assert (await ada.post("/admin/people/eve/roles", role="admin", value="0")).status_code == 303
    await until(lambda: bool(ear.ends(f"topic:{topic.id}")))
    assert not (await cast.eve()).may_see(cast.private.id)
    journal = (await ada.get("/admin/journal?person=eve")).text
    assert "made somebody an administrator" in journal
    assert "took the administrator’s role from somebody" in journal
    for fields in ({"role": "owner", "value": "1"}, {"role": "admin", "value": "2"}):
        assert (await ada.post("/admin/people/eve/roles", **fields)).status_code == 422


async def test_a_new_moderator_has_the_queue(cast: Cast) -> None:
    await reported(cast, await a_reply(cast, await a_question(cast)))
    assert (await cast.alice()).waiting == 0
    assert await set_role(await cast.ada(), cast.ids["alice"], Role.MODERATOR, True)
    assert not await set_role(await cast.ada(), cast.ids["alice"], Role.MODERATOR, True)
    assert (await cast.alice()).waiting == 1


async def test_the_last_administrator_stays_one(site: str, cast: Cast) -> None:
    ada = await signed_in(site, "ada")
    refused = await ada.post("/admin/people/ada/roles", role="admin", value="0")
    assert refused.status_code == 422
    assert "This is the last administrator" in refused.text
    with pytest.raises(NotFound):
        await set_role(await cast.ada(), 4_000, Role.ADMIN, True)
    await set_role(await cast.ada(), cast.ids["eve"], Role.ADMIN, True)
    both = [await cast.ada(), await cast.eve()]
    taken = await asyncio.gather(
        set_role(both[0], cast.ids["eve"], Role.ADMIN, False),
        set_role(both[1], cast.ids["ada"], Role.ADMIN, False),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in taken) == ["Invalid", "bool"]
    assert len(await names("", "admin")) == 1


@pytest.mark.parametrize("who", ["eve", "mod"])
async def test_lower_ranks_change_no_role(cast: Cast, who: str) -> None:
    viewer = await cast.viewer(who)
    for role in Role:
        with pytest.raises(Forbidden):
            await set_role(viewer, cast.ids["ada"], role, False)
        with pytest.raises(Forbidden):
            await set_role(viewer, cast.ids[who], role, True)


async def test_ada_signs_bob_out_everywhere(site: str, cast: Cast) -> None:
    ada, bob = await signed_in(site, "ada"), await signed_in(site, "bob")
    assert "In 1 browser." in (await ada.get("/admin/people/bob")).text
    assert (await ada.post("/admin/people/bob/sessions/deletion", value="1")).status_code == 303
    assert (await bob.client.get("/session/current.json")).status_code == 404
    assert "Signed out everywhere" in (await ada.get("/admin/people/bob?signed-out")).text
    assert (await ada.get("/admin/people/nobody")).status_code == 404


async def test_a_closed_account_gets_no_role(cast: Cast) -> None:
    from forum.accounts.actions import deactivate_account

    await deactivate_account(await cast.ada(), cast.ids["bob"])
    with pytest.raises(Invalid):
        await set_role(await cast.ada(), cast.ids["bob"], Role.MODERATOR, True)
    assert await names("", "", "closed") == ["bob"]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_pages_have_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "ada")
    for path in ("/admin/people", "/admin/people?q=nobody", "/admin/people/bob", "/admin/people/ada"):
        await page.goto(site + path)
        if path.endswith("/ada"):
            await page.get_by_role("button", name="Administrator no longer").click()
            await page.get_by_text("This is the last administrator").wait_for()
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, path + found.generate_report()
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not await page.evaluate(wide), path
