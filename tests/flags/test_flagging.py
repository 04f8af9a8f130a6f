"""A member reports a post: once, with a reason, and nobody but staff learns of it."""

import asyncio
import re

import pytest

from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.posts.actions import delete_post
from forum.posts.queries import post_visible_to
from forum.reviewables.queries import open_cases, waiting_for
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import at, signed_in


async def test_eve_reports_bobs_reply_once(cast: Cast) -> None:
    reply, eve = await a_reply(cast, await a_question(cast)), await cast.eve()
    await flag_post(eve, await seen(eve, reply), FlagType.SPAM)
    with pytest.raises(Conflict):
        await flag_post(eve, await seen(eve, reply), FlagType.OFF_TOPIC)
    cases = await open_cases(await cast.mod())
    assert [(flag.flag_type, flag.by.username) for flag in cases[0].flags] == [(FlagType.SPAM, "eve")]


async def test_several_reports_of_a_post_are_one_item_also_when_they_come_at_once(cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast))
    people = [await cast.eve(), await cast.alice(), await cast.ada()]
    post = await seen(people[0], reply)
    clicks = (flag_post(who, post, FlagType.SPAM) for who in people for _click in range(4))
    outcomes = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 3
    assert all(isinstance(outcome, int | Conflict) for outcome in outcomes)
    cases = await open_cases(await cast.mod())
    assert [len(case.flags) for case in cases] == [3]
    assert await sql("SELECT flags_count AS n FROM reviewables") == [{"n": 3}]


async def test_something_else_needs_words_and_a_reason_is_chosen_from_the_list(cast: Cast) -> None:
    reply, eve = await a_reply(cast, await a_question(cast)), await cast.eve()
    post = await seen(eve, reply)
    for wrong in ((FlagType.NOTIFY_MODERATORS, " "), (2, "x"), (FlagType.SPAM, "y" * 3000)):
        with pytest.raises(Invalid):
            await flag_post(eve, post, *wrong)
    await flag_post(eve, post, FlagType.NOTIFY_MODERATORS, "It names a child.")
    assert (await open_cases(await cast.mod()))[0].flags[0].message == "It names a child."


async def test_nobody_reports_their_own_post_what_is_gone_or_what_they_may_not_see(cast: Cast) -> None:
    topic = await a_question(cast)
    reply, bob, eve = await a_reply(cast, topic), await cast.bob(), await cast.eve()
    with pytest.raises(Forbidden):
        await flag_post(bob, await seen(bob, reply), FlagType.SPAM)
    post = await seen(eve, reply)
    await delete_post(bob, await seen(bob, reply))
    with pytest.raises(Conflict):
        await flag_post(eve, post, FlagType.SPAM)
    with pytest.raises(NotFound):
        await post_visible_to(eve, (await a_reply(cast, await a_question(cast, private=True))).id)
    assert await open_cases(await cast.mod()) == []


async def test_a_report_about_a_restricted_theme_is_for_staff_who_may_look_there(cast: Cast) -> None:
    reply, alice = await a_reply(cast, await a_question(cast, private=True)), await cast.alice()
    await flag_post(alice, await seen(alice, reply), FlagType.SPAM)
    assert await open_cases(await cast.mod()) == []
    assert await waiting_for(cast.ids["mod"]) == 0
    assert len(await open_cases(await cast.ada())) == 1
    assert await waiting_for(cast.ids["ada"]) == 1
    assert await waiting_for(cast.ids["alice"]) == 0


async def test_eve_reports_through_the_page_and_sees_what_becomes_of_it(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    eve = await signed_in(site, "eve")
    shown = (await eve.get(f"/t/{topic.slug}/{topic.id}")).text
    assert f'href="/posts/{reply.id}/flags"' in shown
    form = await eve.get(f"/posts/{reply.id}/flags")
    assert "What is wrong with it?" in form.text
    refused = await eve.post(f"/posts/{reply.id}/flags", flag_type_id="7", message="")
    assert refused.status_code == 422
    assert 'value="7" checked' in refused.text
    kept = await eve.post(f"/posts/{reply.id}/flags", flag_type_id="", message="It names a child.")
    assert kept.status_code == 422
    assert "It names a child." in kept.text
    sent = await eve.post(f"/posts/{reply.id}/flags", flag_type_id="7", message="It names a child.")
    assert sent.headers["location"] == f"/posts/{reply.id}/flags"
    assert "The moderators have it before them." in (await eve.get(f"/posts/{reply.id}/flags")).text
    twice = await eve.post(f"/posts/{reply.id}/flags", flag_type_id="8")
    assert twice.headers["location"] == f"/posts/{reply.id}/flags"


async def test_staff_who_report_go_on_to_the_item(site: str, cast: Cast) -> None:
    reply = await a_reply(cast, await a_question(cast))
    mod = await signed_in(site, "mod")
    sent = await mod.post(f"/posts/{reply.id}/flags", flag_type_id="8")
    assert sent.headers["location"].startswith("/review/")
    assert (await mod.get(sent.headers["location"])).status_code == 200


async def test_nobody_but_staff_learns_of_a_report(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    bob, alice, visitor = await signed_in(site, "bob"), await signed_in(site, "alice"), at(site)
    paths = [
        f"/t/{topic.slug}/{topic.id}", f"/t/{topic.id}.json", f"/posts/{reply.id}.json", "/", "/u/bob",
        "/notifications", "/notifications.json", "/latest.json",
    ]  # fmt: skip
    before = [(await who.get(path)).text for who in (bob, alice, visitor) for path in paths[:5]]
    events = await sql("SELECT channel FROM live_events ORDER BY id")
    eve = await cast.eve()
    await flag_post(eve, await seen(eve, reply), FlagType.SPAM)
    after = [(await who.get(path)).text for who in (bob, alice, visitor) for path in paths[:5]]
    assert [without_tokens(text) for text in after] == [without_tokens(text) for text in before]
    told = (await sql("SELECT channel FROM live_events ORDER BY id"))[len(events) :]
    staff = {f"user:{cast.ids[name]}" for name in ("mod", "ada")}
    assert {row["channel"] for row in told} == staff
    for path in ("/review", "/review/1"):
        assert (await bob.get(path)).status_code == 404


def without_tokens(text: str) -> str:
    """A page without what differs at each request."""
    return re.sub(r'name="token" value="[^"]*"|[0-9a-f]{32}', "", text)
