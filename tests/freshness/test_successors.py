"""A newer topic takes the place of an older one: said to whoever may see it, undone, never in a circle."""

import asyncio
from itertools import pairwise

import pytest

from forum.answers.actions import accept_answer
from forum.errors import Forbidden, Invalid
from forum.freshness.actions import restore, supersede
from forum.freshness.jobs import mark_due
from forum.freshness.queries import dated_posts
from forum.topics.actions import delete_topic, move_topic, recover_topic
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.freshness.dating import an_accepted_answer, an_old_sheet, dated_of, doubt_of, first_post
from tests.kinds.making import a_topic
from tests.people import signed_in

KIND = "freshness.changed"


async def test_its_author_or_who_looks_after_the_theme_names_the_newer_topic(cast: Cast) -> None:
    old, new = await a_topic(cast, "sheet"), await a_topic(cast, "sheet", await cast.bob())
    with pytest.raises(Forbidden):
        await supersede(await cast.bob(), await dated_of(old), new)
    await supersede(await cast.alice(), await dated_of(old), new)
    assert await doubt_of(old) == "superseded"
    for _twice in range(2):
        await restore(await cast.mod(), await dated_of(old))
    assert await doubt_of(old) is None
    acts = await sql("SELECT kind FROM staff_actions WHERE topic_id = {0}", old.id)
    assert acts == [{"kind": "edit_topic"}], "Mod's, once"


async def test_there_is_no_circle_however_long(cast: Cast) -> None:
    alice = await cast.alice()
    sheets = [await a_topic(cast, "sheet") for _n in range(4)]
    with pytest.raises(Invalid):
        await supersede(alice, await dated_of(sheets[0]), sheets[0])
    for old, new in pairwise(sheets):
        await supersede(alice, await dated_of(old), new)
    with pytest.raises(Invalid):
        await supersede(alice, await dated_of(sheets[3]), sheets[0])
    assert await doubt_of(sheets[3]) is None


async def test_two_links_at_once_make_no_circle_together(cast: Cast) -> None:
    alice = await cast.alice()
    first, second = await a_topic(cast, "sheet"), await a_topic(cast, "sheet")

    async def link(old: TopicCard, new: TopicCard) -> bool:
        try:
            await supersede(alice, await dated_of(old), new)
        except Invalid:
            return False
        return True

    for _time in range(5):
        assert sorted(await asyncio.gather(link(first, second), link(second, first))) == [False, True]
        for one in (first, second):
            await restore(alice, await dated_of(one))


async def test_what_is_replaced_is_not_asked_about(cast: Cast) -> None:
    old, new = await an_old_sheet(cast), await a_topic(cast, "sheet")
    alice = await cast.alice()
    await supersede(alice, await dated_of(old), new)
    await mark_due()
    assert await doubt_of(old) == "superseded"
    await restore(alice, await dated_of(old))
    await mark_due()
    assert await doubt_of(old) == "to_check"


async def test_what_took_its_place_is_deleted_and_comes_back(cast: Cast) -> None:
    old, new, mod = await a_topic(cast, "sheet"), await a_topic(cast, "sheet"), await cast.mod()
    await supersede(await cast.alice(), await dated_of(old), new)
    await delete_topic(mod, await again(mod, new))
    for _twice in range(2):
        await mark_due()
        assert (await doubt_of(old), (await dated_of(old)).state) == (None, "")
    await recover_topic(mod, await again(mod, new))
    await mark_due()
    assert (await doubt_of(old), (await dated_of(old)).state) == ("superseded", "superseded")
    told = await sql("SELECT id FROM live_events WHERE channel = {0} AND kind = {1}", f"topic:{old.id}", KIND)
    assert len(told) == 3


async def test_one_replaced_answer_of_two_leaves_the_topic_as_it_is(cast: Cast) -> None:
    topic, answer = await an_accepted_answer(cast)
    (dated,) = await dated_posts([answer.id])
    await supersede(await cast.bob(), dated, await a_question(cast))
    assert await doubt_of(topic) == "superseded"
    alice, other = await cast.alice(), await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, other))
    assert await doubt_of(topic) is None


async def test_the_newer_topic_must_be_open_to_all_who_read_the_older(cast: Cast) -> None:
    alice = await cast.alice()
    public, secret = await a_topic(cast, "sheet"), await a_topic(cast, "sheet", private=True)
    with pytest.raises(Invalid) as fault:
        await supersede(alice, await dated_of(public), secret)
    assert set(fault.value.fields) == {"target"}
    await supersede(alice, await dated_of(secret), public)


async def test_a_newer_topic_that_has_moved_out_of_sight_is_named_to_nobody_outside(
    site: str, cast: Cast
) -> None:
    old, new = await a_topic(cast, "sheet"), await a_topic(cast, "sheet")
    post = await first_post(old)
    await supersede(await cast.alice(), await dated_of(old), new)
    bob, eve = await signed_in(site, "bob"), await signed_in(site, "eve")
    path = f"/t/{old.slug}/{old.id}"
    assert new.title in (await eve.get(path)).text
    await move_topic(await cast.ada(), await again(await cast.ada(), new), cast.private.id)
    assert new.title in (await bob.get(path)).text
    for reader in (path, "/latest", f"{path}.json", f"/posts/{post}.json"):
        text = (await eve.get(reader)).text
        assert new.title not in text
        assert f"{new.slug}/{new.id}" not in text
    mod = await signed_in(site, "mod")
    assert new.title not in (await mod.get(f"/posts/{post}/successor")).text


async def test_a_refused_form_keeps_its_words_and_a_topic_out_of_sight_is_not_found(
    site: str, cast: Cast
) -> None:
    mine, secret = await a_topic(cast, "sheet", await cast.eve()), await a_question(cast, private=True)
    path, eve = f"/posts/{await first_post(mine)}/successor", await signed_in(site, "eve")
    there = await eve.post(path, target=str(secret.id))
    absent = await eve.post(path, target="987654")
    for answer in (there, absent):
        assert answer.status_code == 422
        assert "No topic is found" in answer.text
    assert 'value="987654"' in absent.text
    newer = await a_question(cast)
    done = await eve.post(path, target=f"{site}/t/{newer.slug}/{newer.id}")
    assert (done.status_code, done.headers["location"]) == (303, f"/t/{mine.slug}/{mine.id}")
    page = (await eve.get(f"/t/{mine.slug}/{mine.id}")).text
    assert "Replaced by a newer topic" in page
    assert newer.title in page
    assert (await eve.post(path, value="0")).status_code == 303
    assert newer.title not in (await eve.get(f"/t/{mine.slug}/{mine.id}")).text
