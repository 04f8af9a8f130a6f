"""The review queue: items are claimed, decided once, told to whom they concern, appealed once."""

import asyncio
from datetime import timedelta

import pytest

from forum.accounts.actions import suspend_member
from forum.clock import now, set_clock
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.journal.models import Act
from forum.journal.queries import check_chain, entries
from forum.posts.actions import delete_post, recover_post
from forum.posts.queries import post_card, post_visible_to
from forum.reviewables.actions import appeal_ruling, claim_case, decide_case
from forum.reviewables.claims import CLAIM_LASTS
from forum.reviewables.models import Kind
from forum.reviewables.queries import (
    CaseCard,
    case_visible_to,
    open_cases,
    ruling_about,
    waiting_for,
)
from forum.topics.queries import topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import signed_in
from tests.reviewables.cases import REASON, decided, reported


async def a_case(cast: Cast) -> CaseCard:
    return await reported(cast, await a_reply(cast, await a_question(cast)))


async def alerts_of(cast: Cast, name: str) -> list[int]:
    """The kinds of the alerts that moderation sent somebody."""
    rows = await sql(
        "SELECT notification_type AS n FROM notifications WHERE user_id = {0} AND notification_type > 800",
        cast.ids[name],
    )
    return [row["n"] for row in rows]


async def test_the_oldest_item_is_first_and_staff_do_not_see_what_is_said_of_their_own_posts(
    cast: Cast,
) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    first, second = await a_reply(cast, topic), await a_reply(cast, topic)
    own = await a_reply(cast, topic, author=mod)
    cases = [await reported(cast, post) for post in (first, second, own)]
    assert [case.id for case in await open_cases(mod)] == [cases[0].id, cases[1].id]
    assert [case.id for case in await open_cases(await cast.ada())] == [case.id for case in cases]
    assert await waiting_for(cast.ids["mod"]) == 2
    with pytest.raises(NotFound):
        await case_visible_to(mod, cases[2].id)
    with pytest.raises(Forbidden):
        await decide_case(mod, cases[2], "ignore", "")


async def test_an_item_in_somebodys_hands_is_left_to_them_for_fifteen_minutes(cast: Cast) -> None:
    case, mod, ada = await a_case(cast), await cast.mod(), await cast.ada()
    await claim_case(mod, case)
    await claim_case(mod, case)
    for attempt in (claim_case(ada, case), decide_case(ada, case, "ignore", "")):
        with pytest.raises(Conflict):
            await attempt
    later = now() + CLAIM_LASTS + timedelta(seconds=1)
    set_clock(lambda: later)
    try:
        await claim_case(ada, case)
        with pytest.raises(Conflict):
            await decide_case(mod, case, "ignore", "")
    finally:
        set_clock(None)


async def test_members_neither_claim_nor_decide(cast: Cast) -> None:
    case, eve = await a_case(cast), await cast.eve()
    for attempt in (claim_case(eve, case), decide_case(eve, case, "hide", REASON)):
        with pytest.raises(Forbidden):
            await attempt
    with pytest.raises(NotFound):
        await case_visible_to(eve, case.id)


async def test_two_who_decide_at_once_have_one_effect_and_the_second_is_told(cast: Cast) -> None:
    case, mod, ada = await a_case(cast), await cast.mod(), await cast.ada()
    tries = [decide_case(who, case, "hide", REASON) for who in (mod, ada) for _click in range(3)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 5
    hidings = await entries(act=Act.HIDE_POST)
    assert [entry.details["reason"] for entry in hidings] == [REASON]
    assert len(await alerts_of(cast, "bob")) == 1
    assert (await check_chain()).broken_at is None


async def test_a_decision_that_is_told_has_a_reason(cast: Cast) -> None:
    case, mod = await a_case(cast), await cast.mod()
    for wish in (("hide", " "), ("delete", ""), ("", REASON), ("uphold", REASON)):
        with pytest.raises(Invalid):
            await decide_case(mod, case, *wish)
    await decide_case(mod, case, "disagree", "")


@pytest.mark.parametrize(
    ("decision", "bob", "act"),
    [
        ("hide", [801], Act.HIDE_POST),
        ("delete", [801], Act.DELETE_POST),
        ("disagree", [], Act.DISAGREE_WITH_FLAG),
        ("ignore", [], Act.IGNORE_FLAG),
    ],
)
async def test_the_author_is_told_of_what_is_done_and_whoever_reported_of_each_outcome(
    cast: Cast, decision: str, bob: list[int], act: Act
) -> None:
    reply = await a_reply(cast, await a_question(cast))
    case = await decided(cast, reply, decision)
    assert await alerts_of(cast, "bob") == bob
    assert await alerts_of(cast, "eve") == [802]
    assert await alerts_of(cast, "alice") == []
    assert (await entries())[0].act == act
    assert await open_cases(await cast.mod()) == []
    card = await post_card(reply.id)
    assert card is not None
    assert (card.deleted, card.hidden) == (bool(bob), decision == "hide")
    assert case.ruling is not None
    assert case.ruling.reason == REASON


async def test_bob_appeals_once_and_ada_rather_than_mod_brings_the_post_back(cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast))
    first = await decided(cast, reply, "hide")
    bob, mod, ada = await cast.bob(), await cast.mod(), await cast.ada()
    found = await ruling_about(bob, reply.id)
    assert found.flags == ()
    clicks = (appeal_ruling(bob, found, "It is my own name.") for _click in range(4))
    outcomes = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    appeal = (await open_cases(ada))[0]
    assert (appeal.message, appeal.first_judge_id) == ("It is my own name.", mod.id)
    with pytest.raises(Forbidden):
        await decide_case(mod, appeal, "uphold", REASON)
    await decide_case(ada, appeal, "overturn", "It is the author's own.")
    card = await post_card(reply.id)
    assert card is not None
    assert not card.deleted
    assert await alerts_of(cast, "bob") == [801, 803]
    with pytest.raises(Conflict):
        await appeal_ruling(bob, await ruling_about(bob, reply.id), "Again.")
    assert (await case_visible_to(ada, first.id)).appeal is not None


async def test_where_nobody_else_is_there_the_same_person_looks_again(cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast))
    await decided(cast, reply, "delete")
    await suspend_member(await cast.ada(), cast.ids["mod"], now() + timedelta(days=1))
    bob, ada = await cast.bob(), await cast.ada()
    await appeal_ruling(bob, await ruling_about(bob, reply.id), "Please.")
    await decide_case(ada, (await open_cases(ada))[0], "uphold", REASON)
    other = await a_reply(cast, await a_question(cast))
    await decided(cast, other, "hide", by=ada)
    await appeal_ruling(bob, await ruling_about(bob, other.id), "Please.")
    await decide_case(ada, (await open_cases(ada))[0], "overturn", REASON)
    card = await post_card(other.id)
    assert card is not None
    assert not card.deleted


async def test_deleting_the_post_that_opens_a_topic_deletes_the_topic_and_its_author_is_still_told(
    site: str, cast: Cast
) -> None:
    topic = await a_question(cast)
    rows = await sql("SELECT id FROM posts WHERE topic_id = {0}", topic.id)
    post = await post_visible_to(await cast.mod(), rows[0]["id"])
    await decided(cast, post, "delete")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        await topic_visible_to(await cast.alice(), topic.id)
    alice = await signed_in(site, "alice")
    assert f'href="/posts/{post.id}/moderation"' in (await alice.get("/notifications")).text
    page = (await alice.get(f"/posts/{post.id}/moderation")).text
    assert REASON in page
    sent = await alice.post(f"/posts/{post.id}/appeal", message="Nobody is named.")
    assert sent.status_code == 303
    ada = await cast.ada()
    await decide_case(ada, (await open_cases(ada))[0], "overturn", "Right.")
    assert (await topic_visible_to(await cast.alice(), topic.id)).id == topic.id


async def test_what_an_author_deleted_before_moderation_is_not_theirs_to_bring_back(cast: Cast) -> None:
    reply, bob = await a_reply(cast, await a_question(cast)), await cast.bob()
    case = await reported(cast, reply)
    await delete_post(bob, await seen(bob, reply))
    counts = "SELECT posts_count AS n FROM topics WHERE id = {0}"
    before = await sql(counts, reply.topic_id)
    await decide_case(await cast.mod(), case, "hide", REASON)
    assert await sql(counts, reply.topic_id) == before
    with pytest.raises(Forbidden):
        await recover_post(bob, await seen(bob, reply))


async def test_mod_works_through_the_pages(site: str, cast: Cast) -> None:
    case = await a_case(cast)
    mod, ada = await signed_in(site, "mod"), await signed_in(site, "ada")
    assert f'href="/review/{case.id}"' in (await mod.get("/review")).text
    assert '<span class="count" id="review-badge">1' in (await mod.get("/")).text
    claimed = await mod.post(f"/review/{case.id}/claim")
    assert claimed.headers["location"] == f"/review/{case.id}"
    late = await ada.post(f"/review/{case.id}/claim")
    assert late.status_code == 409
    assert "Mod has this item in hand." in late.text
    refused = await mod.post(f"/review/{case.id}/decision", decision="hide", reason="")
    assert refused.status_code == 422
    assert 'value="hide" checked' in refused.text
    decided = await mod.post(f"/review/{case.id}/decision", decision="hide", reason=REASON)
    assert decided.headers["location"] == "/review"
    late = await ada.post(f"/review/{case.id}/decision", decision="ignore", reason="My own words.")
    assert late.status_code == 409
    assert "My own words." in late.text
    assert "Nothing to review" in (await mod.get("/review")).text
    assert (await mod.get(f"/posts/{case.post_id}/moderation")).url.path == f"/review/{case.id}"
    told = (await (await signed_in(site, "eve")).get(f"/posts/{case.post_id}/flags")).text
    assert "the post is hidden." in told


async def test_twenty_appeals_of_bob_s_at_once_are_one_item_of_the_queue(site: str, cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast))
    await decided(cast, reply, "hide")
    bob, path = await signed_in(site, "bob"), f"/posts/{reply.id}/appeal"
    answers = await asyncio.gather(*(bob.post(path, message=f"My name, said {n}.") for n in range(20)))
    first = [n for n, answer in enumerate(answers) if answer.status_code == 303]
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 19
    for n, answer in enumerate(answers):
        assert n in first or "You have appealed this decision already" in answer.text
        assert n in first or f"said {n}." in answer.text, "what was typed is shown"
    (appeal,) = await open_cases(await cast.ada())
    assert (appeal.kind, appeal.message) == (Kind.APPEAL, f"My name, said {first[0]}.")
    assert [await waiting_for(cast.ids[who]) for who in ("mod", "ada")] == [1, 1]
    assert (await (await signed_in(site, "ada")).get("/review")).text.count("My name, said ") == 1


async def test_bob_reads_why_and_appeals_through_the_page_without_learning_who(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    await decided(cast, reply, "hide")
    bob, eve = await signed_in(site, "bob"), await signed_in(site, "eve")
    assert f'href="/posts/{reply.id}/moderation"' in (await bob.get(f"/t/{topic.slug}/{topic.id}")).text
    page = (await bob.get(f"/posts/{reply.id}/moderation")).text
    assert REASON in page
    for secret in ("Mod<", "Eve", "Look at the name."):
        assert secret not in page
        assert secret not in (await bob.get("/notifications")).text
    assert (await eve.get(f"/posts/{reply.id}/moderation")).status_code == 404
    refused = await bob.post(f"/posts/{reply.id}/appeal", message="")
    assert refused.status_code == 422
    assert (await eve.post(f"/posts/{reply.id}/appeal", message="Me too.")).status_code == 404
    assert (await bob.post(f"/posts/{reply.id}/appeal", message="My own name.")).status_code == 303
    assert "You have appealed." in (await bob.get(f"/posts/{reply.id}/moderation")).text
    again = await bob.post(f"/posts/{reply.id}/appeal", message="Again.")
    assert again.status_code == 409
