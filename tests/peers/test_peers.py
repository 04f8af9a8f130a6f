"""« Ask my peers »: people of organisations like the asker's who follow the theme hear of a question."""

import asyncio
from datetime import timedelta

import pytest

from forum.accounts.actions import deactivate_account, suspend_member
from forum.answers.actions import accept_answer
from forum.clock import now
from forum.errors import Conflict, Forbidden, TooMany
from forum.i18n import speaking
from forum.mail.actions import send_mails
from forum.notices.actions import write_notices
from forum.notifications.queries import alerts_of, unread_count
from forum.organisations.actions import join_organisation
from forum.peers.actions import ask_peers
from forum.peers.queries import MOST_ALERTS, standing_of
from forum.reading.actions import set_theme_level
from forum.reading.themes import theme_visible_to
from forum.settings.actions import change_setting
from forum.topics.actions import set_closed
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, a_theme_like, again, seen
from tests.mail.conftest import box, clock
from tests.mergers.making import merged
from tests.notices.test_notices import pass_by
from tests.peers.making import a_follower, an_asker, follow, told, villages
from tests.reuses.making import BEZAC, ETRIGNY, ORMOY, SAINT_LOUP, a_clerk, organisation, verified
from tests.servers.smtp import PostBox
from tests.signups.entering import text_of

__all__ = ["box", "clock"]


async def test_people_of_organisations_like_ones_own_are_told_with_the_reason(cast: Cast) -> None:
    alice = await an_asker(cast)
    clerk = await a_follower(cast, BEZAC, "berthe")
    await a_follower(cast, "departement-de-la-vouvre", "denise")
    await a_clerk(ETRIGNY, "etienne")
    question = await a_question(cast, alice)
    standing = await standing_of(alice, question)
    assert standing.peers is not None
    assert (standing.state, standing.peers.organisations, len(standing.peers.people)) == ("ready", 1, 1)
    assert await ask_peers(alice, question) == 1
    assert await told() == ["berthe"], "not who follows nothing here, nor another kind of organisation"
    assert await told() == ["berthe"]
    with speaking("fr"):
        (alert,) = [one for one in await alerts_of(clerk) if one.type == "peers_asked"]
    assert alert.names == "Saint-Loup-sur-Vouvre, commune, 812 hab., à 14 km, même intercommunalité"
    assert (alert.actor.username, alert.path) == ("alice", f"/t/{question.slug}/{question.id}/1")
    assert await unread_count(clerk.member_id) == 1


async def test_at_most_fifteen_organisations_the_nearest_are_asked(cast: Cast) -> None:
    slugs = await villages(20)
    alice = await an_asker(cast, slugs[0])
    for n, slug in enumerate(slugs[1:], 1):
        await a_follower(cast, slug, f"clerk{n:02}")
    await a_follower(cast, slugs[1], "second-clerk")
    assert await ask_peers(alice, await a_question(cast, alice)) == 16
    rows = await sql("SELECT organisations, people FROM peer_requests")
    assert rows == [{"organisations": 15, "people": 16}]
    assert await told() == [*(f"clerk{n:02}" for n in range(1, 16)), "second-clerk"]


async def test_only_whoever_may_see_it_follows_and_is_there_is_told(cast: Cast) -> None:
    alice = await an_asker(cast)
    question = await a_question(cast, alice, private=True)
    for slug, name in ((BEZAC, "berthe"), (ETRIGNY, "etienne"), (ORMOY, "odile")):
        viewer = await a_follower(cast, slug, name)
        await sql("INSERT INTO group_users (group_id, user_id) SELECT MIN(id), {0} FROM groups", viewer.id)
    outside = await a_follower(cast, BEZAC, "outside")
    assert (await standing_of(alice, question)).state == "nobody", "none of them follows this theme"
    bob = await cast.bob()
    for name in ("berthe", "etienne", "odile"):
        (row,) = await sql("SELECT id FROM users WHERE username = {0}", name)
        await sql(
            "INSERT INTO category_animators (category_id, user_id) VALUES ({0}, {1})",
            cast.private.id,
            row["id"],
        )
    await verified(bob, BEZAC)
    await a_reply(cast, question, bob)
    await suspend_member(await cast.mod(), await _id("etienne"), now() + timedelta(days=3), "Noise.")
    await deactivate_account(await cast.ada(), await _id("odile"))
    assert await ask_peers(alice, await again(alice, question)) == 1
    assert await told() == ["berthe"]
    assert await alerts_of(outside) == []


async def _id(name: str) -> int:
    return int((await sql("SELECT id FROM users WHERE username = {0}", name))[0]["id"])


async def test_nobody_is_told_who_has_muted_it_who_is_a_colleague_or_who_was_told_often(cast: Cast) -> None:
    alice = await an_asker(cast)
    question = await a_question(cast, alice)
    muted = await a_follower(cast, BEZAC, "berthe")
    await follow(muted, question, 0)
    colleague = await a_follower(cast, ETRIGNY, "etienne")
    await join_organisation(colleague, await organisation(SAINT_LOUP), "clerk")
    tired = await a_follower(cast, ORMOY, "odile")
    for _n in range(MOST_ALERTS):
        other = await a_question(cast)
        (post,) = await sql("SELECT id FROM posts WHERE topic_id = {0}", other.id)
        await sql(
            """INSERT INTO notifications (user_id, notification_type, topic_id, post_id, post_number,
                actor_id, read, created_at) VALUES ({0}, 705, {1}, {2}, 1, {3}, TRUE, {4})""",
            tired.id, other.id, post["id"], alice.id, now(),
        )  # fmt: skip
    assert (await standing_of(alice, question)).state == "nobody"
    with pytest.raises(Conflict):
        await ask_peers(alice, question)
    await follow(muted, question, 1)
    assert await ask_peers(alice, question) == 1


async def test_whoever_follows_another_theme_is_not_told(cast: Cast) -> None:
    other = await a_theme_like(cast.theme.id)
    alice, (clerk, _number) = await an_asker(cast), await a_clerk(BEZAC)
    question = await a_question(cast, alice)
    elsewhere = await a_question(cast, await cast.mod())
    await sql("UPDATE topics SET category_id = {1} WHERE id = {0}", elsewhere.id, other.id)
    await follow(clerk, elsewhere, 3)
    assert (await standing_of(alice, question)).state == "nobody"
    await sql("UPDATE categories SET parent_id = {1} WHERE id = {0}", cast.theme.id, other.id)
    assert (await standing_of(alice, question)).state == "ready", "the theme above is followed with its parts"


async def test_whoever_follows_the_theme_is_told_though_they_have_never_written_there(cast: Cast) -> None:
    alice, topic = await an_asker(cast), await a_question(cast)
    for name, level in (("tracks", 2), ("watches", 3), ("newtopics", 4), ("normal", 1), ("mutes", 0)):
        clerk, _number = await a_clerk(BEZAC, name)
        await set_theme_level(clerk, theme_visible_to(clerk, cast.theme.id), level)
    # Whoever has written there and says that they follow the theme no more is left alone.
    writer = await a_follower(cast, BEZAC, "writer")
    await set_theme_level(writer, theme_visible_to(writer, cast.theme.id), 1)
    assert await ask_peers(alice, topic) == 3
    assert await told() == ["newtopics", "tracks", "watches"]


async def test_a_question_is_put_once_and_only_while_it_is_open(cast: Cast) -> None:
    alice = await an_asker(cast)
    await a_follower(cast, BEZAC, "berthe")
    first, second, third = [await a_question(cast, alice) for _n in range(3)]
    found = await asyncio.gather(*(ask_peers(alice, first) for _n in range(3)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Conflict", "int"]
    assert (await standing_of(alice, first)).state == "asked"
    await accept_answer(alice, await seen(alice, await a_reply(cast, second)))
    await set_closed(await cast.mod(), third, True)
    for topic in (second, third):
        now_so = await again(alice, topic)
        assert (await standing_of(alice, now_so)).state == "closed"
        with pytest.raises(Forbidden):
            await ask_peers(alice, now_so)
        with pytest.raises(Conflict):
            await ask_peers(alice, topic)
    assert await told() == ["berthe"]


async def test_only_its_asker_verified_in_an_organisation_asks(cast: Cast) -> None:
    await a_follower(cast, BEZAC, "berthe")
    alice, question = await cast.alice(), await a_question(cast)
    assert (await standing_of(alice, question)).state == "no_organisation"
    await join_organisation(alice, await organisation(SAINT_LOUP), "clerk")
    standing = await standing_of(alice, question)
    assert (standing.state, standing.speaks_for and standing.speaks_for.slug) == ("unverified", SAINT_LOUP)
    with speaking("en"), pytest.raises(Forbidden) as refusal:
        await ask_peers(alice, question)
    assert "code sent to its official address" in refusal.value.message
    bob = await cast.bob()
    await verified(bob, ETRIGNY)
    for other in (bob, await cast.mod(), await cast.visitor()):
        with pytest.raises(Forbidden):
            await ask_peers(other, question)


async def test_a_week_has_its_limits_for_a_member_and_for_an_organisation(cast: Cast) -> None:
    await a_follower(cast, BEZAC, "berthe")
    alice, mod = await an_asker(cast), await cast.mod()
    await verified(mod, SAINT_LOUP)
    ada = await cast.ada()
    await change_setting(ada, "peer_requests", "1")
    await change_setting(ada, "peer_requests_of_organisation", "2")
    questions = [await a_question(cast, alice) for _n in range(2)]
    await ask_peers(alice, questions[0])
    standing = await standing_of(alice, questions[1])
    assert standing.state == "limit"
    assert standing.possible_at is not None
    assert timedelta(days=6, hours=23) < standing.possible_at - now() <= timedelta(days=7)
    with speaking("en"), pytest.raises(TooMany) as refusal:
        await ask_peers(alice, questions[1])
    assert "possible again in" in refusal.value.message
    await ask_peers(mod, await a_question(cast, mod))
    await change_setting(ada, "peer_requests", "9")
    assert (await standing_of(alice, questions[1])).state == "limit", "the organisation’s"
    await sql(
        "UPDATE peer_requests SET created_at = {0} WHERE user_id = {1}", now() - timedelta(days=8), mod.id
    )
    assert await ask_peers(alice, questions[1]) == 1


async def test_merged_organisations_count_together(cast: Cast) -> None:
    await a_follower(cast, ETRIGNY, "etienne")
    alice, bob = await an_asker(cast), await cast.bob()
    await verified(bob, BEZAC)
    await change_setting(await cast.ada(), "peer_requests_of_organisation", "1")
    await ask_peers(bob, await a_question(cast, bob))
    await merged(cast, BEZAC, SAINT_LOUP)
    assert (await standing_of(alice, await a_question(cast, alice))).state == "limit"
    assert await told() == ["etienne"]


async def test_whoever_does_not_read_it_gets_a_mail_with_the_reason(cast: Cast, box: PostBox) -> None:
    alice = await an_asker(cast)
    await a_follower(cast, BEZAC, "berthe")
    never = await a_follower(cast, ETRIGNY, "etienne")
    await sql("UPDATE users SET locale = 'fr', mail_level = 'always' WHERE username = 'berthe'")
    await sql("UPDATE users SET mail_level = 'never' WHERE id = {0}", never.id)
    await ask_peers(alice, await a_question(cast, alice))
    assert await told() == ["berthe", "etienne"]
    pass_by()
    await write_notices()
    await send_mails()
    assert box.to("etienne@example.org") == []
    (mail,) = box.to("berthe@example.org")
    text = " ".join(text_of(mail).split())
    assert (
        "Alice demande à des organisations comme la vôtre : Saint-Loup-sur-Vouvre, commune, 812 hab." in text
    )
