"""A new member's first posts wait until staff have looked at them; nobody else learns of them."""

import asyncio
from datetime import timedelta

import pytest

from forum.animators.actions import name_animator
from forum.clock import now, set_clock
from forum.errors import Conflict, Forbidden, Invalid
from forum.journal.models import Act
from forum.moves.actions import merge_topics
from forum.pending.actions import (
    appeal_held,
    claim_held,
    hold_reply,
    hold_topic,
    publish_held,
    refuse_held,
    revise_held,
    withdraw_held,
)
from forum.pending.queries import HeldCard, held_visible_to, needs_approval
from forum.posts.queries import cards_of_page
from forum.reviewables.claims import CLAIM_LASTS
from forum.reviewables.queries import waiting_for
from forum.settings.actions import change_setting
from forum.topics.actions import set_closed
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, a_theme_like, again
from tests.people import at, signed_in

FIRST = "The first that I say, @bob."
SITE = "http://127.0.0.1"


async def held_of(cast: Cast, topic: TopicCard, who: str = "eve") -> HeldCard:
    """A reply of Eve's that waits, as Mod sees it."""
    held = await hold_reply(await cast.viewer(who), topic, FIRST, reply_to=1)
    return await held_visible_to(await cast.mod(), held)


async def alerts(cast: Cast, who: str) -> list[int]:
    rows = await sql(
        "SELECT notification_type AS t FROM notifications WHERE user_id = {0} ORDER BY id", cast.ids[who]
    )
    return [row["t"] for row in rows]


async def test_as_many_as_are_set_wait_and_no_more(cast: Cast) -> None:
    eve, topic = await cast.eve(), await a_question(cast)
    assert not await needs_approval(eve), "nobody waits unless an administrator says so"
    await change_setting(await cast.ada(), "first_posts_reviewed", "1")
    assert await needs_approval(eve)
    assert not await needs_approval(await cast.alice()), "who has written already"
    assert not await needs_approval(await cast.mod())
    mod = await cast.mod()
    await publish_held(mod, await held_of(cast, topic), FIRST)
    assert not await needs_approval(eve)
    for wrong in ("-1", "101", "x", ""):
        with pytest.raises(Invalid):
            await change_setting(await cast.ada(), "first_posts_reviewed", wrong)


async def test_nobody_but_its_author_and_staff_learns_that_it_waits(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    visitor, alice, bob = at(site), await signed_in(site, "alice"), await signed_in(site, "bob")
    paths = [
        "/",
        f"/t/{topic.slug}/{topic.id}",
        f"/t/{topic.id}.json",
        "/u/eve",
        "/u/eve.json",
        "/latest.json",
    ]

    def shown(text: str) -> str:
        return text.split('name="token"')[0]

    before = [shown((await visitor.get(path)).text) for path in paths]
    events = await sql("SELECT id FROM live_events WHERE channel NOT LIKE 'user:%'")
    held = await held_of(cast, topic)
    assert [shown((await visitor.get(path)).text) for path in paths] == before
    assert await sql("SELECT id FROM live_events WHERE channel NOT LIKE 'user:%'") == events
    assert await alerts(cast, "bob") == []
    for person in (visitor, alice, bob):
        assert (await person.get(f"/pending/{held.id}")).status_code == 404
        assert (await person.get(f"/review/pending/{held.id}")).status_code == 404
        assert "The first that I say" not in (await person.get(f"/t/{topic.slug}/{topic.id}")).text
    number = (await a_reply(cast, topic)).number
    assert number == 2, "no number is kept for it"


async def test_its_author_sees_it_in_its_place_changes_it_and_takes_it_back(site: str, cast: Cast) -> None:
    await change_setting(await cast.ada(), "first_posts_reviewed", "3")
    topic, eve = await a_question(cast), await signed_in(site, "eve")
    sent = await eve.post(f"/t/{topic.id}/posts", raw=FIRST, token="t1")
    assert "#pending-" in sent.headers["location"]
    again_sent = await eve.post(f"/t/{topic.id}/posts", raw=FIRST, token="t1")
    assert again_sent.headers["location"] == sent.headers["location"], "a double click"
    page = (await eve.get(f"/t/{topic.slug}/{topic.id}")).text
    assert page.count("Your reply waits for approval") == 1
    assert "The first that I say" in page
    path = f"/pending/{sent.headers['location'].rpartition('-')[2]}"
    assert (await eve.post(f"{path}/revisions", raw="Said better.")).status_code == 303
    assert "Said better." in (await eve.get(path)).text
    assert (await eve.post(f"{path}/revisions", raw=" ")).status_code == 422
    assert (await eve.post(f"{path}/withdrawal")).status_code == 303
    page = (await eve.get(path)).text
    assert "You have taken it back" in page
    assert "Said better." in page
    late = await eve.post(f"{path}/revisions", raw="Typed meanwhile.")
    assert late.status_code == 409
    assert "Typed meanwhile." in late.text
    assert await waiting_for(cast.ids["mod"]) == 0


async def test_published_it_is_a_post_like_any_other_from_then_on(cast: Cast) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    held = await held_of(cast, topic)
    assert await waiting_for(cast.ids["mod"]) == 1
    assert await waiting_for(cast.ids["eve"]) == 0
    await a_reply(cast, topic, await cast.alice())
    new = await publish_held(mod, held, f"{FIRST} Indeed.")
    assert new.number == 3
    card = (await cards_of_page(topic.id, 1))[-1]
    assert (card.author.username, card.reply_to.number) == ("eve", 1)
    assert "Indeed." in str(card.cooked)
    assert await alerts(cast, "bob") == [1], "mentioned, now"
    assert await alerts(cast, "eve") == [20]
    assert 2 in await alerts(cast, "alice")
    assert await waiting_for(cast.ids["mod"]) == 0
    acts = await sql("SELECT details FROM staff_actions WHERE kind = {0}", Act.APPROVE_POST.value)
    assert [row["details"] for row in acts] == ['{"edited":true}']
    with pytest.raises(Conflict):
        await publish_held(mod, held, FIRST)


async def test_a_topic_waits_too(site: str, cast: Cast) -> None:
    await change_setting(await cast.ada(), "first_posts_reviewed", "1")
    eve, mod = await signed_in(site, "eve"), await cast.mod()
    sent = await eve.post(
        "/topics", title="A first question to all?", raw=FIRST, kind="question",
        category_id=str(cast.theme.id), tags="bread",
    )  # fmt: skip
    path = sent.headers["location"]
    assert "A first question to all?" in (await eve.get(path)).text
    assert "A first question" not in (await at(site).get("/")).text
    held = await held_visible_to(mod, int(path.rpartition("/")[2]))
    new = await publish_held(mod, held, FIRST)
    topic = await again(mod, TopicAt(new.topic_id))
    assert (topic.title, topic.author.username, topic.tags) == ("A first question to all?", "eve", ("bread",))
    assert "see it in its place" in (await eve.get(path)).text


class TopicAt:
    """What `again` looks for: only the id counts."""

    def __init__(self, id: int) -> None:
        self.id = id


async def test_refused_its_author_gets_the_reason_and_appeals_once(site: str, cast: Cast) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    held, eve = await held_of(cast, topic), await cast.eve()
    with pytest.raises(Invalid):
        await refuse_held(mod, held, " ", SITE)
    await refuse_held(mod, held, "It names a child.", SITE)
    mails = await sql("SELECT kind, to_address FROM outbox")
    assert [(row["kind"], row["to_address"]) for row in mails] == [("pending_refused", "eve@example.org")]
    person = await signed_in(site, "eve")
    page = (await person.get(f"/pending/{held.id}")).text
    assert "It names a child." in page
    assert "The first that I say" in page, "her text is not lost"
    assert (await person.post(f"/pending/{held.id}/appeal", message="She is mine.")).status_code == 303
    asked_again = await held_visible_to(mod, held.id)
    with pytest.raises(Forbidden):
        await publish_held(mod, asked_again, FIRST)
    await refuse_held(await cast.ada(), asked_again, "Still, she is a child.", SITE)
    with pytest.raises(Conflict):
        await appeal_held(eve, await held_visible_to(eve, held.id), "Again?")
    assert (await again(mod, topic)).posts_count == 1


async def test_only_whom_it_is_for_may_do_something_about_it(cast: Cast) -> None:
    topic, hidden = await a_question(cast), await a_question(cast, private=True)
    held, mod = await held_of(cast, topic), await cast.mod()
    for who in ("alice", "bob", "eve"):
        with pytest.raises(Forbidden):
            await publish_held(await cast.viewer(who), held, FIRST)
        with pytest.raises(Forbidden):
            await refuse_held(await cast.viewer(who), held, "No.", SITE)
    for who in (mod, await cast.bob()):
        with pytest.raises(Forbidden):
            await revise_held(who, held, "Mine.")
        with pytest.raises(Forbidden):
            await withdraw_held(who, held)
    before = await waiting_for(cast.ids["mod"])
    await hold_reply(await cast.bob(), hidden, FIRST)
    assert await waiting_for(cast.ids["mod"]) == before, "a theme that Mod may not see"
    with pytest.raises(Forbidden):
        await hold_reply(await cast.eve(), hidden, FIRST)
    with pytest.raises(Invalid):
        await hold_topic(await cast.eve(), cast.private.id, "question", "Words that few read", FIRST)


async def test_what_cannot_be_published_any_more_waits_on(cast: Cast) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    held = await held_of(cast, topic)
    await set_closed(mod, topic, True)
    with pytest.raises(Forbidden):
        await publish_held(mod, held, FIRST)
    assert (await held_visible_to(mod, held.id)).open
    await set_closed(mod, topic, False)
    eve = await cast.eve()
    await revise_held(eve, held, "Changed while Mod was reading.")
    with pytest.raises(Conflict):
        await publish_held(mod, held, FIRST)


async def test_in_a_topic_that_is_merged_it_waits_where_the_posts_are(site: str, cast: Cast) -> None:
    topic, ada = await a_question(cast), await cast.ada()
    held, hidden = await held_of(cast, topic), await a_question(cast, private=True, title="For clerks alone")
    other = await a_question(cast)
    await merge_topics(ada, topic, other)
    moved = await held_visible_to(ada, held.id)
    assert (moved.topic_id, moved.reply_to) == (other.id, 2)
    await merge_topics(ada, await again(ada, other), hidden)
    page = (await (await signed_in(site, "eve")).get(f"/pending/{held.id}")).text
    assert "The first that I say" in page
    assert "For clerks alone" not in page
    with pytest.raises(Conflict):
        await publish_held(ada, await held_visible_to(ada, held.id), FIRST)


async def test_of_two_who_decide_at_once_one_does(cast: Cast) -> None:
    topic = await a_question(cast)
    held = await held_of(cast, topic)

    async def attempt(who: str) -> bool:
        try:
            await publish_held(await cast.viewer(who), held, FIRST)
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(attempt("mod"), attempt("ada"))) == [False, True]
    assert (await again(await cast.mod(), topic)).posts_count == 2


async def test_animators_decide_in_their_themes_and_no_others(site: str, cast: Cast) -> None:
    await name_animator(await cast.ada(), cast.theme.id, user_id=cast.ids["alice"])
    alice, bob = await signed_in(site, "alice"), await signed_in(site, "bob")
    held = await held_of(cast, await a_question(cast))
    elsewhere = await a_theme_like(cast.theme.id)
    other = await hold_topic(await cast.eve(), elsewhere.id, "question", "Who reads the meters?", FIRST)
    assert await waiting_for(cast.ids["alice"]) == 1
    assert await waiting_for(cast.ids["bob"]) == 0
    queue = (await alice.get("/review")).text
    assert f"/review/pending/{held.id}" in queue
    assert f"/review/pending/{other}" not in queue
    assert (await alice.get(f"/review/pending/{other}")).status_code == 404
    assert (await bob.get(f"/review/pending/{held.id}")).status_code == 404
    path = f"/review/pending/{held.id}/decision"
    assert (await bob.post(path, decision="publish", raw=FIRST)).status_code == 404
    assert (await alice.post(path, decision="publish", raw=FIRST)).status_code == 303
    assert await waiting_for(cast.ids["alice"]) == 0
    assert await waiting_for(cast.ids["mod"]) == 1


async def test_of_two_who_take_it_in_hand_the_second_is_told_by_whom(site: str, cast: Cast) -> None:
    held, mod, ada = await held_of(cast, await a_question(cast)), await cast.mod(), await cast.ada()
    await claim_held(mod, held)
    await claim_held(mod, held)
    for attempt in (
        claim_held(ada, held),
        publish_held(ada, held, FIRST),
        refuse_held(ada, held, "No.", SITE),
    ):
        with pytest.raises(Conflict):
            await attempt
    person = await signed_in(site, "ada")
    assert "Mod has this item in hand" in (await person.get("/review")).text
    told = await person.post(f"/review/pending/{held.id}/claim")
    assert told.status_code == 409
    assert "Mod has this item in hand" in told.text
    later = now() + CLAIM_LASTS + timedelta(seconds=1)
    set_clock(lambda: later)
    try:
        await claim_held(ada, held)
        with pytest.raises(Conflict):
            await publish_held(mod, held, FIRST)
    finally:
        set_clock(None)


async def test_programs_are_answered_as_on_discourse(site: str, cast: Cast) -> None:
    await change_setting(await cast.ada(), "first_posts_reviewed", "1")
    topic, eve = await a_question(cast), await signed_in(site, "eve")
    headers = {"Sec-Fetch-Site": "same-origin", "Idempotency-Key": "once"}
    for _ in range(2):
        sent = await eve.client.post(
            "/posts.json", json={"topic_id": topic.id, "raw": FIRST}, headers=headers
        )
        assert sent.status_code == 200
        assert (sent.json()["action"], sent.json()["success"]) == ("enqueued", True)
        assert sent.json()["pending_post"]["raw"] == FIRST
    assert len(await sql("SELECT id FROM pending_posts")) == 1


async def test_a_moderator_decides_in_the_queue(site: str, cast: Cast) -> None:
    topic, mod = await a_question(cast), await signed_in(site, "mod")
    held = await held_of(cast, topic)
    assert f"/review/pending/{held.id}" in (await mod.get("/review")).text
    path = f"/review/pending/{held.id}/decision"
    refused = await mod.post(path, decision="refuse", raw="Kept text.", reason="")
    assert refused.status_code == 422
    assert "Kept text." in refused.text
    assert (await mod.post(path, decision="", raw=FIRST)).status_code == 422
    assert (await mod.post(path, decision="publish", raw=FIRST)).status_code == 303
    late = await mod.post(path, decision="refuse", raw=FIRST, reason="Too late.")
    assert late.status_code == 409
    assert "see it in its place" in late.text
