"""« We did it too »: one record an organisation, its states, who took it from whom, the one notice."""

import asyncio
import random
from contextlib import suppress

import pytest

from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer, unaccept_answer
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.i18n import speaking
from forum.notifications.actions import mark_read
from forum.notifications.queries import alerts_of, unread_count
from forum.posts.actions import delete_post
from forum.reuses.actions import withdraw_reuse
from forum.reuses.queries import (
    Item,
    as_tree,
    counts_of,
    item_visible_to,
    reuses_by,
    reuses_of,
)
from forum.topics.actions import set_closed
from forum.topics.queries import topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import again, seen
from tests.reuses.making import (
    BEZAC,
    ETRIGNY,
    ORMOY,
    SAINT_LOUP,
    a_clerk,
    a_sheet,
    an_answer,
    declared,
    organisation,
    verified,
)


async def count_shown(cast: Cast, item: Item) -> int:
    """What the rows of lists show."""
    return (await topic_visible_to(await cast.alice(), item.topic_id)).reuse_count


async def record_of(item: Item, slug: str) -> int:
    number = await organisation(slug)
    return next(one.id for one in await reuses_of(item.post_id) if one.organisation_id == number)


async def names(item: Item) -> list[str]:
    return [one.organisation for one in await reuses_of(item.post_id)]


async def test_two_agents_of_one_organisation_count_once_and_share_its_record(cast: Cast) -> None:
    item, bob, eve = await a_sheet(cast), await cast.bob(), await cast.eve()
    town = await verified(bob, SAINT_LOUP)
    await verified(eve, SAINT_LOUP)
    other = await verified(eve, BEZAC)
    await declared(bob, item, town, state="testing", cost="3 800 €")
    with pytest.raises(Conflict):
        await declared(eve, item, town)
    await declared(eve, item, town, version=1, since="2026-01-05", contact="Technical services")
    await declared(eve, item, other)
    first, second = await reuses_of(item.post_id)
    assert (first.state, first.by.username, first.version) == ("in_service", "eve", 2)
    assert first.values["contact"] == "Technical services"
    assert (second.organisation, await count_shown(cast, item)) == ("Bézac-le-Vieux", 2)
    with pytest.raises(Conflict):
        await declared(bob, item, town, version=1)


async def test_what_was_given_up_stays_with_its_reason(cast: Cast) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    town = await verified(bob, SAINT_LOUP)
    with pytest.raises(Invalid) as fault:
        await declared(bob, item, town, state="abandoned")
    assert list(fault.value.fields) == ["reason"]
    await declared(bob, item, town, state="studied")
    await declared(bob, item, town, version=1, state="abandoned", reason="Nobody had the time.")
    (record,) = await reuses_of(item.post_id)
    assert (record.state, [one.name for one in record.texts]) == ("abandoned", ["reason"])
    assert await count_shown(cast, item) == 1


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"state": "dreamt"}, {"state"}),
        ({"state": ""}, {"state"}),
        ({"since": "2999-01-01"}, {"since"}),
        ({"since": "soon"}, {"since"}),
        ({"cost": "-1", "months": "a few"}, {"cost", "months"}),
        ({"taken_from": "987654"}, {"taken_from"}),
        ({"taken_from": "x"}, {"taken_from"}),
        ({"taken_from": "9" * 30}, {"taken_from"}),
        ({"contact": "x" * 201}, {"contact"}),
    ],
)
async def test_what_does_not_do_is_told_field_by_field(
    cast: Cast, typed: dict[str, str], fields: set[str]
) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    town = await verified(bob, SAINT_LOUP)
    with pytest.raises(Invalid) as fault:
        await declared(bob, item, town, **typed)
    assert set(fault.value.fields) == fields
    assert await reuses_of(item.post_id) == []


async def test_only_verified_members_speak_for_an_organisation(cast: Cast) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    town, theirs = await verified(bob, SAINT_LOUP), await organisation(BEZAC)
    for viewer, number in ((await cast.eve(), town), (bob, theirs), (await cast.mod(), town)):
        with speaking("en"), pytest.raises(Forbidden) as refusal:
            await declared(viewer, item, number)
        assert "code sent to its official address" in refusal.value.message
    await sql("UPDATE organisation_members SET verified_until = NULL")
    with pytest.raises(Forbidden):
        await declared(bob, item, town)
    with pytest.raises(Forbidden):
        await declared(await cast.visitor(), item, town)


async def test_ones_own_organisation_does_not_take_up_its_own(cast: Cast) -> None:
    alice = await cast.alice()
    town = await verified(alice, SAINT_LOUP)
    item = await a_sheet(cast)
    await verified(await cast.bob(), SAINT_LOUP)
    with pytest.raises(Invalid):
        await declared(await cast.bob(), item, town)


async def test_an_answer_is_taken_up_once_it_is_accepted_and_stays_so(cast: Cast) -> None:
    topic, reply = await an_answer(cast)
    alice, eve = await cast.alice(), await cast.eve()
    town = await verified(eve, SAINT_LOUP)
    with pytest.raises(NotFound):
        await item_visible_to(eve, reply.id)
    await accept_answer(alice, await seen(alice, reply))
    await declared(eve, await item_visible_to(eve, reply.id), town)
    assert await counts_of([reply.id]) == {reply.id: 1}
    await unaccept_answer(alice, await seen(alice, reply))
    left = await item_visible_to(eve, reply.id)
    assert (left.offered, left.count) == (False, 1)
    assert await reuses_by(eve, town) == [], "it counts where it may be taken up"
    other, there = await a_clerk(BEZAC)
    with pytest.raises(Forbidden):
        await declared(other, left, there)
    await withdraw_reuse(eve, left, town)
    with pytest.raises(NotFound):
        await item_visible_to(eve, reply.id)
    assert (await again(alice, topic)).reuse_count == 0


async def test_a_closed_sheet_is_still_taken_up_a_deleted_answer_is_not(cast: Cast) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    town = await verified(bob, SAINT_LOUP)
    await set_closed(await cast.mod(), await topic_visible_to(bob, item.topic_id), True)
    await declared(bob, item, town)
    _topic, reply = await an_answer(cast)
    mod = await cast.mod()
    await accept_answer(mod, await seen(mod, reply))
    answer = await item_visible_to(bob, reply.id)
    await delete_post(bob, await seen(bob, reply))
    eve, there = await cast.eve(), await verified(await cast.eve(), BEZAC)
    with pytest.raises(Conflict):
        await declared(eve, answer, there)
    with pytest.raises(NotFound):
        await item_visible_to(eve, reply.id)


async def test_who_took_it_from_whom_is_a_tree_and_never_a_ring(cast: Cast) -> None:
    item = await a_sheet(cast)
    people = [await a_clerk(slug) for slug in (SAINT_LOUP, BEZAC, ORMOY)]
    (loup, a), (bezac, b), (ormoy, c) = people
    await declared(loup, item, a)
    await declared(bezac, item, b, taken_from=str(await record_of(item, SAINT_LOUP)))
    await declared(ormoy, item, c, taken_from=str(await record_of(item, BEZAC)))
    (root,) = as_tree(await reuses_of(item.post_id))
    assert [branch.source for branch in root.branches] == ["Saint-Loup-sur-Vouvre"]
    assert root.branches[0].branches[0].record.organisation == "Ormoy-le-Petit"
    for source in (SAINT_LOUP, BEZAC, ORMOY):
        with pytest.raises(Invalid):
            await declared(loup, item, a, version=1, taken_from=str(await record_of(item, source)))
    await withdraw_reuse(bezac, item, b)
    (root,) = as_tree(await reuses_of(item.post_id))
    assert [branch.record.organisation for branch in root.branches] == ["Ormoy-le-Petit"]


async def test_it_is_not_taken_from_a_record_about_something_else(cast: Cast) -> None:
    one, other = await a_sheet(cast), await a_sheet(cast)
    bob, eve = await cast.bob(), await cast.eve()
    await declared(bob, one, await verified(bob, SAINT_LOUP))
    there = await verified(eve, BEZAC)
    with pytest.raises(Invalid):
        await declared(eve, other, there, taken_from=str(await record_of(one, SAINT_LOUP)))


async def test_twenty_at_once_for_one_organisation_make_one_record(cast: Cast) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    town = await verified(bob, SAINT_LOUP)
    told = await asyncio.gather(*(declared(bob, item, town) for _n in range(20)), return_exceptions=True)
    assert [fault for fault in told if fault is not None and not isinstance(fault, Conflict)] == []
    assert told.count(None) == 1
    assert (len(await reuses_of(item.post_id)), await count_shown(cast, item)) == (1, 1)


async def test_two_who_take_it_from_each_other_at_once_make_no_ring(cast: Cast) -> None:
    for _round in range(5):
        item = await a_sheet(cast)
        (loup, a), (bezac, b) = [
            await a_clerk(slug, f"c{item.topic_id}-{n}") for n, slug in enumerate((SAINT_LOUP, BEZAC))
        ]
        await declared(loup, item, a)
        await declared(bezac, item, b)
        of_a, of_b = str(await record_of(item, SAINT_LOUP)), str(await record_of(item, BEZAC))
        told = await asyncio.gather(
            declared(loup, item, a, version=1, taken_from=of_b),
            declared(bezac, item, b, version=1, taken_from=of_a),
            return_exceptions=True,
        )
        assert sorted(type(fault).__name__ for fault in told) == ["Invalid", "NoneType"]
        assert len(await shown(item)) == 2


async def shown(item: Item) -> list[int]:
    """The records that the tree reaches: one in a ring is reached from no root."""
    found, waiting = [], as_tree(await reuses_of(item.post_id))
    while waiting:
        branch = waiting.pop()
        found.append(branch.record.id)
        waiting += branch.branches
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_is_done_the_count_is_a_recount_and_the_tree_holds_all(cast: Cast, seed: int) -> None:
    chance, item = random.Random(seed), await a_sheet(cast)
    people = [await a_clerk(slug) for slug in (SAINT_LOUP, BEZAC, ORMOY, ETRIGNY)]
    for _step in range(40):
        viewer, town = chance.choice(people)
        records = {one.organisation_id: one for one in await reuses_of(item.post_id)}
        if town in records and chance.random() < 0.25:
            await withdraw_reuse(viewer, item, town)
        else:
            source = chance.choice([None, *(one.id for one in records.values())])
            version = records[town].version if town in records else 0
            await _try(viewer, item, town, version, source)
        recount = len({one.organisation_id for one in await reuses_of(item.post_id)})
        assert await count_shown(cast, item) == recount == len(await shown(item))


async def _try(viewer: Viewer, item: Item, town: int, version: int, source: int | None) -> None:
    with suppress(Invalid):
        await declared(viewer, item, town, version, taken_from=str(source or ""))


async def test_six_reuses_give_the_author_one_notice_and_a_later_one_a_new_one(cast: Cast) -> None:
    item, alice = await a_sheet(cast), await cast.alice()
    others = ("cc-du-val-d-orselle", "departement-de-la-vouvre")
    first = [await a_clerk(slug) for slug in (SAINT_LOUP, BEZAC, ORMOY, *others)]
    for viewer, town in first:
        await declared(viewer, item, town)
    with speaking("en"):
        (alert,) = await alerts_of(alice)
    assert (alert.type, alert.names) == ("reused", "Saint-Loup-sur-Vouvre, Bézac-le-Vieux and 3 others")
    assert await unread_count(alice.member_id) == 1
    viewer, town = first[0]
    await declared(viewer, item, town, version=1, state="testing")
    assert len(await alerts_of(alice)) == 1
    await mark_read(alice)
    last, there = await a_clerk(ETRIGNY)
    await declared(last, item, there)
    (alert,) = await alerts_of(alice)
    assert (alert.names, alert.read) == ("Étrigny", False)
    await withdraw_reuse(last, item, there)
    assert (await alerts_of(alice), await unread_count(alice.member_id)) == ([], 0)


async def test_an_organisation_shows_what_it_took_up_to_those_who_may_see_it(cast: Cast) -> None:
    bob = await cast.bob()
    town = await verified(bob, SAINT_LOUP)
    open_one, hidden = await a_sheet(cast), await a_sheet(cast, private=True)
    for item in (open_one, hidden):
        await declared(bob, item, town)
    assert [one.path for one in await reuses_by(bob, town)] == [hidden.path, open_one.path]
    for viewer in (await cast.visitor(), await cast.eve(), await cast.mod()):
        assert [one.path for one in await reuses_by(viewer, town)] == [open_one.path]
