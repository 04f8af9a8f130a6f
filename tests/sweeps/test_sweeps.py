"""Staff delete all posts of an account at once, and bring them back."""

import asyncio

import pytest

from forum import jobs
from forum.answers.actions import accept_answer
from forum.errors import Conflict, Forbidden, Invalid
from forum.journal.models import Act
from forum.journal.queries import entries
from forum.posts.queries import post_card
from forum.reviewables.actions import appeal_ruling, decide_case
from forum.reviewables.queries import case_visible_to, ruling_about
from forum.sweeps import actions
from forum.sweeps.actions import delete_posts_of, recover_posts_of
from forum.sweeps.queries import sweeps_of, written_by
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import signed_in

REASON = "Advertising, everywhere."


async def bobs_work(cast: Cast) -> tuple[TopicCard, TopicCard, list[int]]:
    """Alice's question with two replies of Bob's, one accepted; Bob's own with a reply of Alice's."""
    asked, own = await a_question(cast), await a_question(cast, author=await cast.bob())
    first, second = await a_reply(cast, asked), await a_reply(cast, asked)
    await a_reply(cast, own, await cast.alice())
    alice = await cast.alice()
    await accept_answer(alice, await seen(alice, first))
    return asked, own, [first.id, second.id]


async def swept(cast: Cast, who: str = "mod") -> int:
    return await delete_posts_of(await cast.viewer(who), cast.ids["bob"], REASON, typed="bob", username="bob")


async def acts(kind: Act) -> list[dict[str, object]]:
    """As administrators read them in the journal; the digest of what was typed is not for reading."""
    found = await entries(act=kind)
    return [{name: entry.details[name] for name in entry.details if name != "typed"} for entry in found]


async def test_all_goes_as_one_act_and_comes_back_as_one(cast: Cast) -> None:
    asked, own, replies = await bobs_work(cast)
    mod = await cast.mod()
    sweep = await swept(cast)
    await jobs.run_due("delete_posts_of")
    assert [(await post_card(id)).deleted for id in replies] == [True, True]
    here = await again(mod, asked)
    assert (here.posts_count, here.accepted_count, (await again(mod, own)).deleted) == (1, 0, True)
    assert await acts(Act.DELETE_POSTS_OF_USER) == [{"posts": 3, "reason": REASON, "topics": 1}]
    assert await acts(Act.DELETE_POST) == await acts(Act.DELETE_TOPIC) == []
    kinds = await sql("SELECT kind FROM live_events WHERE channel = {0} ORDER BY id", f"topic:{asked.id}")
    assert [row["kind"] for row in kinds][-2:] == ["post.deleted", "post.deleted"]
    assert (await sweeps_of(cast.ids["bob"]))[0].finished
    await recover_posts_of(mod, cast.ids["bob"], sweep)
    await jobs.run_due("recover_posts_of")
    assert [(await post_card(id)).deleted for id in replies] == [False, False]
    here = await again(mod, asked)
    assert (here.posts_count, here.accepted_count, (await again(mod, own)).deleted) == (3, 1, False)
    assert await acts(Act.RECOVER_POSTS_OF_USER) == [{"posts": 3}]
    with pytest.raises(Conflict):
        await recover_posts_of(mod, cast.ids["bob"], sweep)


async def test_what_was_gone_before_does_not_come_back_with_the_rest(cast: Cast) -> None:
    asked, _own, replies = await bobs_work(cast)
    bob, mod = await cast.bob(), await cast.mod()
    from forum.posts.actions import delete_post

    await delete_post(bob, await seen(bob, await a_reply(cast, asked)))
    gone = await sql("SELECT id FROM posts WHERE deleted_at IS NOT NULL")
    sweep = await swept(cast)
    await jobs.run_due("delete_posts_of")
    later = await a_reply(cast, asked)
    await recover_posts_of(mod, cast.ids["bob"], sweep)
    await jobs.run_due("recover_posts_of")
    assert await sql("SELECT id FROM posts WHERE deleted_at IS NOT NULL") == gone
    assert not (await post_card(later.id)).deleted, "written after the act"
    assert not (await post_card(replies[0])).deleted


async def test_a_job_that_was_killed_goes_on_where_it_was(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, _own, _replies = await bobs_work(cast)
    monkeypatch.setattr(actions, "BATCH", 1)
    sweep = await swept(cast)
    assert await actions._delete_some(sweep)
    assert (await sweeps_of(cast.ids["bob"]))[0].gone == 1
    await jobs.run_due("delete_posts_of")
    line = (await sweeps_of(cast.ids["bob"]))[0]
    assert (line.gone, line.finished) == (3, True)
    await actions.carry_out(sweep)
    assert (await again(await cast.mod(), asked)).posts_count == 1


async def test_undone_in_the_middle_it_stops(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, _own, replies = await bobs_work(cast)
    monkeypatch.setattr(actions, "BATCH", 1)
    sweep = await swept(cast)
    assert await actions._delete_some(sweep)
    await recover_posts_of(await cast.mod(), cast.ids["bob"], sweep)
    await jobs.run_due()
    assert not any([(await post_card(id)).deleted for id in replies])
    assert (await again(await cast.mod(), asked)).posts_count == 3


async def test_the_author_reads_why_and_an_appeal_brings_all_back(cast: Cast, site: str) -> None:
    asked, own, replies = await bobs_work(cast)
    await swept(cast)
    await jobs.run_due("delete_posts_of")
    bob = await signed_in(site, "bob")
    assert "Moderation has taken your post away" in (await bob.get("/notifications")).text
    page = (await bob.get(f"/posts/{replies[0]}/moderation")).text
    assert REASON in page
    assert "All your posts are deleted" in page
    viewer = await cast.bob()
    await appeal_ruling(viewer, await ruling_about(viewer, replies[0]), "It is no advertising.")
    rows = await sql("SELECT id FROM reviewables WHERE open_post_id IS NOT NULL")
    ada = await cast.ada()
    await decide_case(ada, await case_visible_to(ada, rows[0]["id"]), "overturn", "He is right.")
    await jobs.run_due("recover_posts_of")
    assert not any([(await post_card(id)).deleted for id in replies])
    assert not (await again(ada, own)).deleted
    assert (await again(ada, asked)).posts_count == 3


async def test_only_what_the_moderator_may_see_is_counted_and_goes(cast: Cast) -> None:
    hidden = await a_question(cast, private=True)
    kept = await a_reply(cast, hidden)
    await bobs_work(cast)
    mod = await cast.mod()
    assert (await written_by(mod, cast.ids["bob"])).posts == 3
    assert (await written_by(await cast.ada(), cast.ids["bob"])).posts == 4
    await swept(cast)
    await jobs.run_due("delete_posts_of")
    assert not (await post_card(kept.id)).deleted


async def test_who_may_not_does_not_and_two_at_once_are_one(cast: Cast) -> None:
    await bobs_work(cast)
    for who in ("alice", "eve", "bob"):
        with pytest.raises(Forbidden):
            await swept(cast, who)
    mod = await cast.mod()
    with pytest.raises(Invalid) as told:
        await delete_posts_of(mod, cast.ids["bob"], "", typed="bobby", username="bob")
    assert set(told.value.fields) == {"reason", "confirmation"}

    async def attempt(who: str) -> bool:
        try:
            await swept(cast, who)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(attempt("mod"), attempt("ada"))) == [False, True]
    await jobs.run_due("delete_posts_of")
    with pytest.raises(Invalid):
        await swept(cast)


async def test_a_moderator_does_it_on_the_members_page(site: str, cast: Cast) -> None:
    await bobs_work(cast)
    mod = await signed_in(site, "mod")
    page = (await mod.get("/u/bob/conduct")).text
    assert "2 replies, 1 topic (with 1 reply of others)" in page
    refused = await mod.post("/u/bob/posts-deletion", reason="Kept text.", confirmation="eve")
    assert refused.status_code == 422
    assert "Kept text." in refused.text
    assert "Type the member’s user name: bob." in refused.text
    sent = await mod.post("/u/bob/posts-deletion", reason=REASON, confirmation="Bob")
    assert sent.headers["location"] == "/u/bob/conduct#posts"
    (line,) = await sweeps_of(cast.ids["bob"])
    assert "Bring them back" in (await mod.get("/u/bob/conduct")).text
    sent = await mod.post("/u/bob/posts-recovery", sweep_id=str(line.id))
    assert sent.status_code == 303
    assert (await mod.post("/u/eve/posts-recovery", sweep_id=str(line.id))).status_code == 404
    assert (await mod.post("/u/ada/posts-deletion", reason=REASON, confirmation="ada")).status_code == 404
