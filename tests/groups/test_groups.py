"""Who is in a group sees what is open to it."""

from collections.abc import Awaitable, Callable

import pytest

from forum.accounts.viewer import Viewer
from forum.categories.actions import set_category_groups
from forum.categories.models import Permission
from forum.errors import Forbidden, Invalid, NotFound
from forum.groups.actions import add_member, create_group, remove_member
from forum.groups.queries import id_of_group
from tests.cast import Cast


async def test_eve_joins_sees_and_leaves_and_no_longer_does(cast: Cast) -> None:
    group = await id_of_group("school-meals")
    assert not (await cast.eve()).may_see(cast.private.id)
    assert await add_member(await cast.ada(), group, cast.ids["eve"])
    assert (await cast.eve()).may_create_in(cast.private.id)
    assert not await add_member(await cast.ada(), group, cast.ids["eve"]), "she is in it already"
    assert await remove_member(await cast.ada(), group, cast.ids["eve"])
    assert not (await cast.eve()).may_see(cast.private.id)
    assert not await remove_member(await cast.ada(), group, cast.ids["eve"])


async def test_a_group_is_made_once_and_named_as_it_can_be(cast: Cast) -> None:
    ada = await cast.ada()
    assert await create_group(ada, "water") == await id_of_group("water")
    for name in ("water", "", "two words", "-", "x" * 61, "é"):
        with pytest.raises(Invalid):
            await create_group(ada, name)


async def test_groups_and_members_that_are_not_there_are_not_found(cast: Cast) -> None:
    ada = await cast.ada()
    for group, member in ((4_000, cast.ids["bob"]), (await id_of_group("school-meals"), 4_000)):
        with pytest.raises(NotFound):
            await add_member(ada, group, member)
    assert not await remove_member(ada, await id_of_group("school-meals"), 4_000)
    with pytest.raises(NotFound):
        await remove_member(ada, 4_000, cast.ids["bob"])
    with pytest.raises(NotFound):
        await id_of_group("nobody-knows")
    with pytest.raises(NotFound):
        await set_category_groups(ada, 4_000, {})


async def test_a_theme_is_open_to_its_groups_each_as_far_as_it_goes(cast: Cast) -> None:
    ada = await cast.ada()
    readers, writers = await create_group(ada, "readers"), await create_group(ada, "writers")
    await add_member(ada, readers, cast.ids["eve"])
    await add_member(ada, writers, cast.ids["mod"])
    await set_category_groups(ada, cast.theme.id, {readers: Permission.SEE, writers: Permission.REPLY})
    eve, mod = await cast.eve(), await cast.mod()
    assert (eve.may_see(cast.theme.id), eve.may_reply_in(cast.theme.id)) == (True, False)
    assert (mod.may_reply_in(cast.theme.id), mod.may_create_in(cast.theme.id)) == (True, False)
    assert not (await cast.alice()).may_see(cast.theme.id)
    assert not (await cast.visitor()).may_see(cast.theme.id)
    await set_category_groups(ada, cast.theme.id, {})
    assert (await cast.visitor()).may_see(cast.theme.id)


@pytest.mark.parametrize("who", ["visitor", "eve", "alice", "mod"])
async def test_only_administrators_say_who_is_in_and_what_is_open(cast: Cast, who: str) -> None:
    viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    group = await id_of_group("school-meals")
    acts: list[Callable[[Viewer], Awaitable[object]]] = [
        lambda viewer: create_group(viewer, "mine"),
        lambda viewer: add_member(viewer, group, cast.ids["eve"]),
        lambda viewer: remove_member(viewer, group, cast.ids["bob"]),
        lambda viewer: set_category_groups(viewer, cast.private.id, {}),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            await act(viewer)
    assert not (await cast.visitor()).may_see(cast.private.id)
