"""What staff take away without a report: its author reads why, and may appeal once."""

import asyncio

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.animators.actions import name_animator
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.journal.models import Act
from forum.journal.queries import entries
from forum.posts.queries import post_card
from forum.reviewables.actions import appeal_ruling, claim_case, decide_case, remove_post, remove_topic
from forum.reviewables.queries import open_cases, ruling_about
from forum.topics.queries import topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import at, signed_in
from tests.reviewables.cases import reported
from tests.reviewables.test_queue import alerts_of
from tests.system import people

REASON = "It gives the telephone number of a neighbour."
MODERATED, FLAG_DECIDED = 801, 802


async def test_bob_reads_why_mod_deleted_his_reply_and_appeals_once(cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast))
    mod, bob, ada = await cast.mod(), await cast.bob(), await cast.ada()
    await remove_post(mod, await seen(mod, reply), REASON)
    card = await post_card(reply.id)
    assert card is not None
    assert card.deleted
    assert await alerts_of(cast, "bob") == [MODERATED]
    ruling = await ruling_about(bob, reply.id)
    assert ruling.ruling is not None
    assert ruling.ruling.reason == REASON
    (entry,) = [entry for entry in await entries() if entry.act is Act.DELETE_POST]
    assert entry.details["reason"] == REASON
    await appeal_ruling(bob, ruling, "It is the number of the town hall.")
    with pytest.raises(Conflict):
        await appeal_ruling(bob, ruling, "Again.")
    [appeal] = await open_cases(ada)
    with pytest.raises(Forbidden):
        await decide_case(mod, appeal, "uphold", "It stays away.")
    await decide_case(ada, appeal, "overturn", "So it is.")
    card = await post_card(reply.id)
    assert card is not None
    assert not card.deleted


async def test_alice_reads_why_her_topic_is_gone(cast: Cast) -> None:
    topic, mod, alice = await a_question(cast), await cast.mod(), await cast.alice()
    await remove_topic(mod, topic, REASON)
    with pytest.raises(NotFound):
        await topic_visible_to(alice, topic.id)
    assert await alerts_of(cast, "alice") == [MODERATED]
    (first,) = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1", topic.id)
    ruling = await ruling_about(alice, first["id"])
    assert ruling.ruling is not None
    assert ruling.ruling.reason == REASON


async def test_nothing_goes_without_a_reason_nor_by_whom_it_is_not_for(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    mod, eve, bob = await cast.mod(), await cast.eve(), await cast.bob()
    for reason in ("", "  ", "x" * 1001):
        with pytest.raises(Invalid) as fault:
            await remove_post(mod, await seen(mod, reply), reason)
        assert set(fault.value.fields) == {"reason"}
        with pytest.raises(Invalid):
            await remove_topic(mod, topic, reason)
    for who in (eve, bob):
        with pytest.raises(Forbidden):
            await remove_post(who, await seen(who, reply), REASON)
        with pytest.raises(Forbidden):
            await remove_topic(who, topic, REASON)
    assert await sql("SELECT 1 FROM reviewables") == []
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["eve"])
    eve = await cast.eve()
    await remove_post(eve, await seen(eve, reply), REASON)
    assert await alerts_of(cast, "bob") == [MODERATED]


async def test_what_was_reported_is_decided_with_it_unless_a_colleague_has_it_in_hand(cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast))
    case = await reported(cast, reply)
    mod, ada = await cast.mod(), await cast.ada()
    await claim_case(ada, case)
    with pytest.raises(Conflict):
        await remove_post(mod, await seen(mod, reply), REASON)
    await remove_post(ada, await seen(ada, reply), REASON)
    assert await open_cases(mod) == []
    assert await alerts_of(cast, "bob") == [MODERATED]
    assert await alerts_of(cast, "eve") == [FLAG_DECIDED]


async def test_of_many_who_delete_at_once_one_does_and_bob_is_told_once(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    mod, ada = await cast.mod(), await cast.ada()
    places = [(who, await seen(who, reply)) for who in (mod, ada)] * 5
    answers = await asyncio.gather(
        *(remove_post(who, post, REASON) for who, post in places), return_exceptions=True
    )
    assert [type(answer) for answer in answers if answer is not None] == [Conflict] * 9
    assert await alerts_of(cast, "bob") == [MODERATED]
    assert len(await sql("SELECT 1 FROM reviewables")) == 1
    now_there = await again(mod, topic)
    answers = await asyncio.gather(
        *(remove_topic(who, now_there, REASON) for who in (mod, ada) * 5),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers if answer is not None] == [Conflict] * 9


async def test_one_s_own_needs_no_reason_and_another_s_form_says_what_is_missing(
    site: str, cast: Cast
) -> None:
    topic = await a_question(cast)
    reply, own = await a_reply(cast, topic), await a_reply(cast, topic, author=await cast.mod())
    mod, bob = await signed_in(site, "mod"), await signed_in(site, "bob")
    assert (await mod.post(f"/posts/{own.id}/deletion")).status_code == 303
    refused = await mod.post(f"/posts/{reply.id}/deletion", reason="x" * 1001)
    assert refused.status_code == 422
    assert 'aria-describedby="reason-help reason-error"' in refused.text
    assert "x" * 1001 in refused.text
    assert (await at(site).get(f"/posts/{reply.id}/deletion")).status_code == 403
    assert (await bob.get(f"/posts/{reply.id}/deletion")).status_code == 403
    assert (await mod.post(f"/posts/{reply.id}/deletion", reason=REASON)).status_code == 303
    page = (await bob.get(f"/posts/{reply.id}/moderation")).text
    assert REASON in page
    assert "Mod" not in page
    assert (await mod.post(f"/t/{topic.id}/deletion", reason=" ")).status_code == 422
    assert (await mod.post(f"/t/{topic.id}/deletion", reason=REASON)).status_code == 303


async def test_a_program_of_mod_s_tells_bob_too(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    first, second = await a_reply(cast, topic), await a_reply(cast, topic)
    mod = await signed_in(site, "mod")
    headers = {"Sec-Fetch-Site": "same-origin"}
    for post, words in ((first, {"reason": REASON}), (second, {})):
        answer = await mod.client.request("DELETE", f"/posts/{post.id}.json", params=words, headers=headers)
        assert answer.status_code == 200
    bob = await signed_in(site, "bob")
    assert REASON in (await bob.get(f"/posts/{first.id}/moderation")).text
    assert "a moderator’s program" in (await bob.get(f"/posts/{second.id}/moderation")).text


@pytest.mark.parametrize("scripts", [True, False])
async def test_mod_deletes_a_reply_from_its_page(
    site: str, cast: Cast, new_context: CreateContextCallback, scripts: bool
) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    context = await new_context(java_script_enabled=scripts)
    mod = await people.signed_in(context, site, "mod")
    await mod.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await mod.locator(f"#post-{reply.id}").get_by_role("link", name="Delete this post").click()
    await mod.get_by_label("Why").fill(REASON)
    await mod.get_by_role("button", name="Delete").click()
    await expect(mod.locator(f"#post-{reply.id}")).to_contain_text("was deleted")
    await expect(mod.locator("#post-1, [data-number='1']").get_by_text("Delete")).to_be_hidden()
    bob = await people.signed_in(await new_context(java_script_enabled=scripts), site, "bob")
    await bob.goto(f"{site}/t/{topic.slug}/{topic.id}")
    await bob.get_by_role("link", name="See why").click()
    await expect(bob.locator("main")).to_contain_text(REASON)
