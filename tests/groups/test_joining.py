"""Ways into a group and out of it: each effect once, each answer told to whom it concerns."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from forum.accounts.viewer import Viewer
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.groups.actions import (
    Face,
    add_member,
    answer_request,
    ask_to_join,
    delete_group,
    join_group,
    leave_group,
    mark_news_read,
    remove_member,
    revise_group,
    set_owner,
)
from forum.groups.queries import (
    GroupCard,
    group_news_of,
    group_numbered,
    group_visible_to,
    groups_of_person,
    groups_visible_to,
    members_of,
    own_request,
    requests_to,
)
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_group

CROWD = 100


async def as_seen_by(viewer: Viewer, name: str) -> GroupCard:
    return await group_visible_to(viewer, name)


async def names_in(cast: Cast, name: str) -> list[str]:
    return [line.person.username for line in await members_of(await as_seen_by(await cast.ada(), name))]


async def test_anyone_joins_an_open_group_and_leaves_it(cast: Cast) -> None:
    await a_group(cast, "water", "open")
    eve = await cast.eve()
    assert await join_group(eve, await as_seen_by(eve, "water"))
    assert not await join_group(eve, await as_seen_by(eve, "water")), "she is in it already"
    assert await names_in(cast, "water") == ["eve"]
    assert await leave_group(eve, await as_seen_by(eve, "water"))
    assert not await leave_group(eve, await as_seen_by(eve, "water"))
    assert await names_in(cast, "water") == []


@pytest.mark.parametrize("admission", ["on_request", "closed"])
async def test_nobody_walks_into_a_group_that_is_not_open(cast: Cast, admission: str) -> None:
    await a_group(cast, "water", admission)
    eve = await cast.eve()
    with pytest.raises(Forbidden):
        await join_group(eve, await as_seen_by(eve, "water"))
    assert await names_in(cast, "water") == []


async def test_nobody_asks_where_nobody_is_asked(cast: Cast) -> None:
    for admission in ("open", "closed"):
        await a_group(cast, admission, admission)
        eve = await cast.eve()
        with pytest.raises(Forbidden):
            await ask_to_join(eve, await as_seen_by(eve, admission), "I would like to.")


async def test_eve_asks_bob_accepts_and_both_are_told(cast: Cast) -> None:
    await a_group(cast, "water", "on_request", "bob")
    eve = await cast.eve()
    with pytest.raises(Invalid):
        await ask_to_join(eve, await as_seen_by(eve, "water"), "  ")
    assert await ask_to_join(eve, await as_seen_by(eve, "water"), "I look after three wells.")
    bob = await cast.bob()
    assert bob.unread == 1
    [news] = await group_news_of(bob)
    assert (news.person.username, news.accepted) == ("eve", None)
    group = await as_seen_by(bob, "water")
    [wish] = await requests_to(group)
    assert wish.message == "I look after three wells."
    await answer_request(bob, group, wish.id, True)
    assert (await cast.bob()).unread == 0
    assert (await cast.eve()).unread == 1
    [news] = await group_news_of(await cast.eve())
    assert news.accepted is True
    await mark_news_read(await cast.eve())
    assert (await cast.eve()).unread == 0
    assert await names_in(cast, "water") == ["bob", "eve"]


async def test_eve_is_refused_reads_why_and_may_ask_again(cast: Cast) -> None:
    await a_group(cast, "water", "on_request", "bob")
    eve, bob = await cast.eve(), await cast.bob()
    group = await as_seen_by(bob, "water")
    await ask_to_join(eve, await as_seen_by(eve, "water"), "Please.")
    [wish] = await requests_to(group)
    with pytest.raises(Invalid):
        await answer_request(bob, group, wish.id, False, " ")
    await answer_request(bob, group, wish.id, False, "It is for clerks.")
    own = await own_request(eve, group)
    assert own is not None
    assert (own.accepted, own.answer) == (False, "It is for clerks.")
    assert (await cast.eve()).unread == 1
    with pytest.raises(Conflict):
        await answer_request(bob, group, wish.id, True)
    with pytest.raises(NotFound):
        await answer_request(bob, group, 4_000, True)
    assert await ask_to_join(eve, await as_seen_by(eve, "water"), "I am one now.")
    assert (await cast.eve()).unread == 0
    assert len(await requests_to(group)) == 1


@pytest.mark.parametrize("who", ["visitor", "eve", "alice", "mod"])
async def test_only_owners_and_administrators_choose_members(cast: Cast, who: str) -> None:
    number = await a_group(cast, "water", "on_request", "bob", "alice")
    viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    group = await group_numbered(viewer, number)
    acts: list[Callable[[], Awaitable[object]]] = [
        lambda: answer_request(viewer, group, 1, True),
        lambda: add_member(viewer, number, cast.ids["eve"]),
        lambda: remove_member(viewer, number, cast.ids["bob"]),
        lambda: set_owner(viewer, number, cast.ids["alice"], True),
        lambda: revise_group(viewer, number, Face("mine")),
        lambda: delete_group(viewer, number),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            await act()
    assert await names_in(cast, "water") == ["alice", "bob"]


async def test_an_owner_who_is_one_no_longer_decides_nothing(cast: Cast) -> None:
    number = await a_group(cast, "water", "on_request", "bob", "alice")
    bob = await cast.bob()
    seen_before = await as_seen_by(bob, "water")
    await ask_to_join(await cast.eve(), await as_seen_by(await cast.eve(), "water"), "Please.")
    [wish] = await requests_to(seen_before)
    await set_owner(await cast.ada(), number, cast.ids["bob"], False)
    with pytest.raises(Forbidden):
        await answer_request(bob, seen_before, wish.id, True)


async def test_a_group_is_not_left_without_an_owner_but_by_an_administrator(cast: Cast) -> None:
    number = await a_group(cast, "water", "open", "bob", "alice")
    bob = await cast.bob()
    with pytest.raises(Forbidden):
        await leave_group(bob, await as_seen_by(bob, "water"))
    with pytest.raises(Forbidden):
        await remove_member(bob, number, cast.ids["bob"])
    with pytest.raises(Forbidden):
        await set_owner(bob, number, cast.ids["bob"], False)
    assert await set_owner(bob, number, cast.ids["alice"], True)
    assert not await set_owner(bob, number, cast.ids["alice"], True), "she is one already"
    assert await leave_group(bob, await as_seen_by(bob, "water"))
    with pytest.raises(NotFound):
        await set_owner(await cast.alice(), number, cast.ids["bob"], True)
    assert await remove_member(await cast.ada(), number, cast.ids["alice"])


async def test_two_owners_who_leave_at_once_leave_one_behind(cast: Cast) -> None:
    number = await a_group(cast, "water", "open", "bob")
    await add_member(await cast.ada(), number, cast.ids["alice"])
    await set_owner(await cast.ada(), number, cast.ids["alice"], True)
    people = [await cast.alice(), await cast.bob()]
    groups = [await as_seen_by(person, "water") for person in people]
    both = zip(people, groups, strict=True)
    left = await asyncio.gather(*(leave_group(*one) for one in both), return_exceptions=True)
    assert sorted(type(one).__name__ for one in left) == ["Forbidden", "bool"]
    assert (await as_seen_by(await cast.ada(), "water")).owners_count == 1


async def test_a_hundred_of_the_same_have_one_effect(cast: Cast) -> None:
    await a_group(cast, "water", "open")
    number = await a_group(cast, "roads", "on_request", "bob")
    eve, bob = await cast.eve(), await cast.bob()
    water, roads = await as_seen_by(eve, "water"), await as_seen_by(eve, "roads")
    joined = await asyncio.gather(*(join_group(eve, water) for _ in range(CROWD)))
    assert joined.count(True) == 1
    asked = await asyncio.gather(*(ask_to_join(eve, roads, "Please.") for _ in range(CROWD)))
    assert asked.count(True) == 1
    group = await group_numbered(bob, number)
    [wish] = await requests_to(group)
    accepted = await asyncio.gather(
        *(answer_request(bob, group, wish.id, True) for _ in range(CROWD)), return_exceptions=True
    )
    assert accepted.count(None) == 1
    assert all(isinstance(one, Conflict) for one in accepted if one is not None)
    assert await names_in(cast, "roads") == ["bob", "eve"]
    notes = await sql(
        "SELECT 1 FROM staff_actions WHERE kind = 'add_to_group' AND actor_id = {0}", cast.ids["bob"]
    )
    assert len(notes) == 1


async def test_a_hidden_group_is_known_to_its_members_and_to_administrators_only(cast: Cast) -> None:
    await a_group(cast, "whistle", "hidden", "bob")
    for viewer in (await cast.bob(), await cast.ada()):
        assert "whistle" in [group.name for group in await groups_visible_to(viewer)]
        assert (await as_seen_by(viewer, "whistle")).members_count == 1
    for viewer in (await cast.eve(), await cast.mod(), await cast.visitor()):
        assert "whistle" not in [group.name for group in await groups_visible_to(viewer)]
        assert "whistle" not in [g.name for g in await groups_of_person(viewer, cast.ids["bob"])]
        with pytest.raises(NotFound):
            await as_seen_by(viewer, "whistle")


async def test_who_had_asked_hears_no_more_of_a_group_that_is_hidden(cast: Cast) -> None:
    number = await a_group(cast, "water", "on_request", "bob")
    eve = await cast.eve()
    await ask_to_join(eve, await as_seen_by(eve, "water"), "Please.")
    [wish] = await requests_to(await as_seen_by(await cast.bob(), "water"))
    await answer_request(await cast.bob(), await as_seen_by(await cast.bob(), "water"), wish.id, False, "No.")
    assert (await cast.eve()).unread == 1
    await revise_group(await cast.ada(), number, Face("water", admission="hidden"))
    assert (await cast.eve()).unread == 0
    assert await group_news_of(await cast.eve()) == []


async def test_a_group_that_themes_name_is_not_deleted(cast: Cast) -> None:
    ada = await cast.ada()
    number = await a_group(cast, "water", "open", "bob")
    await delete_group(ada, number)
    with pytest.raises(NotFound):
        await delete_group(ada, number)
    with pytest.raises(Invalid):
        await delete_group(ada, (await as_seen_by(ada, "school-meals")).id)


async def test_what_does_not_do_is_said_at_each_field(cast: Cast) -> None:
    number = await a_group(cast, "water")
    with pytest.raises(Invalid) as told:
        await revise_group(await cast.ada(), number, Face("two words", "x" * 200, "y" * 2000, "ajar"))
    assert set(told.value.fields) == {"name", "full_name", "description", "admission"}
    with pytest.raises(Invalid):
        await revise_group(await cast.ada(), number, Face("school-meals"))
