"""The matrix of the kinds: each kind of event told where it may be, each kind of topic opened by whom it may.

A new kind without a row here fails.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import pytest

from forum.answers.actions import accept_answer, unaccept_answer
from forum.app import Relais
from forum.channels import audience
from forum.clock import now
from forum.errors import Forbidden, Invalid
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.freshness.actions import confirm
from forum.freshness.queries import dated_visible_to
from forum.groups.actions import add_member
from forum.groups.queries import id_of_group
from forum.invitations.actions import invite
from forum.kinds.registry import kinds
from forum.live import SURFACES, encode, presented, use_templates
from forum.moves.actions import move_posts
from forum.organisations.actions import join_organisation, vouch_for
from forum.organisations.members import memberships_of
from forum.pending.actions import hold_reply, publish_held
from forum.pending.queries import held_visible_to
from forum.posts.actions import delete_post, recover_post, revise_post
from forum.posts.queries import PostAt
from forum.reading.actions import read_up_to
from forum.topics.actions import (
    delete_topic,
    move_topic,
    open_topic,
    recover_topic,
    revise_topic,
    set_closed,
    set_pinned,
)
from forum.topics.queries import TopicCard, topic_visible_to
from forum.votes.actions import set_vote
from realtime.log import Event
from realtime.policies import Identity
from realtime.rights import RIGHTS
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, a_theme_like, again, seen
from tests.kinds.details import FIELDS
from tests.kinds.making import a_topic
from tests.people import signed_in
from tests.reuses.making import ORMOY, a_sheet, declared, verified

FORUM = Path(__file__).parent.parent.parent / "forum"
KIND = re.compile(r'"([a-z]+\.[a-z]+)"')
PEOPLE = ("visitor", "eve", "mod", "alice", "bob", "ada")
SECRET = "Only clerks may read this"


def recorded_kinds() -> set[str]:
    """Every kind of event that an action or a step of one records."""
    files = [*FORUM.glob("*/actions.py"), *FORUM.glob("*/steps.py")]
    return {kind for path in files for kind in KIND.findall(path.read_text())}


class Stage:
    """A question of Alice's where only she, Bob and Ada may look, and Bob's reply."""

    def __init__(self, cast: Cast, topic: TopicCard, reply: PostAt) -> None:
        self.cast, self.topic, self.reply = cast, topic, reply

    async def reread(self) -> PostAt:
        return await seen(await self.cast.ada(), self.reply)  # type: ignore[arg-type]

    async def ask(self) -> None:
        await a_question(self.cast, private=True)

    async def retitle(self) -> None:
        await revise_topic(await self.cast.alice(), self.topic, f"{SECRET}, again", ["whispers"])

    async def close(self) -> None:
        await set_closed(await self.cast.ada(), self.topic, True)

    async def open_again(self) -> None:
        await self.close()
        await set_closed(await self.cast.ada(), self.topic, False)

    async def pin(self) -> None:
        await set_pinned(await self.cast.ada(), self.topic, True)

    async def move(self) -> None:
        there = await a_theme_like(self.cast.private.id)
        await move_topic(await self.cast.ada(), self.topic, there.id)

    async def move_posts(self) -> None:
        ada, other = await self.cast.ada(), await a_question(self.cast, private=True)
        await move_posts(ada, await again(ada, self.topic), [self.reply.id], other)

    async def delete_topic(self) -> None:
        await delete_topic(await self.cast.ada(), self.topic)

    async def recover_topic(self) -> None:
        await self.delete_topic()
        ada = await self.cast.ada()
        await recover_topic(ada, await again(ada, self.topic))

    async def answer(self) -> None:
        await a_reply(self.cast, self.topic, raw=SECRET)

    async def revise(self) -> None:
        await revise_post(await self.cast.bob(), self.reply, f"{SECRET}!", reason="", version=1)

    async def delete(self) -> None:
        await delete_post(await self.cast.bob(), self.reply)

    async def recover(self) -> None:
        await self.delete()
        await recover_post(await self.cast.bob(), await self.reread())

    async def vote(self) -> None:
        await set_vote(await self.cast.alice(), self.reply, 1)

    async def accept(self) -> None:
        await accept_answer(await self.cast.alice(), self.reply)

    async def unaccept(self) -> None:
        await self.accept()
        await unaccept_answer(await self.cast.alice(), self.reply)

    async def confirm(self) -> None:
        await self.accept()
        bob = await self.cast.bob()
        await confirm(bob, await dated_visible_to(bob, self.reply.id))

    async def report(self) -> None:
        await flag_post(await self.cast.alice(), self.reply, FlagType.SPAM)

    async def publish(self) -> None:
        bob, ada = await self.cast.bob(), await self.cast.ada()
        held = await hold_reply(bob, await again(bob, self.topic), SECRET)
        await publish_held(ada, await held_visible_to(ada, held), SECRET)

    async def let_in(self) -> None:
        group = await id_of_group("school-meals")
        await add_member(await self.cast.ada(), group, self.cast.ids["eve"])

    async def invite(self) -> None:
        await invite(await self.cast.ada(), "aline@example.org", None, "", "http://127.0.0.1:8000", _always)

    async def take_up(self) -> None:
        bob = await self.cast.bob()
        item = await a_sheet(self.cast, private=True)
        await declared(bob, item, await verified(bob, ORMOY), changes=SECRET)

    async def draw_a_sheet(self) -> None:
        await a_topic(self.cast, "sheet", private=True, source_id=str(self.topic.id))

    async def vouch(self) -> None:
        bob = await self.cast.bob()
        town = await verified(bob, ORMOY)
        await join_organisation(await self.cast.alice(), town, "clerk")
        await vouch_for(bob, (await memberships_of(await self.cast.alice()))[0].id)

    async def read(self) -> None:
        await read_up_to(await self.cast.alice(), await again(await self.cast.alice(), self.topic), 9)


async def _always(address: str) -> bool:
    return True


STORIES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "topic.created": Stage.ask,
    "topic.revised": Stage.retitle,
    "topic.closed": Stage.close,
    "topic.opened": Stage.open_again,
    "topic.pinned": Stage.pin,
    "topic.moved": Stage.move,
    "posts.moved": Stage.move_posts,
    "topic.deleted": Stage.delete_topic,
    "topic.recovered": Stage.recover_topic,
    "post.created": Stage.answer,
    "post.revised": Stage.revise,
    "post.deleted": Stage.delete,
    "post.recovered": Stage.recover,
    "vote.changed": Stage.vote,
    "answer.accepted": Stage.accept,
    "answer.unaccepted": Stage.unaccept,
    "freshness.changed": Stage.confirm,
    "notification.changed": Stage.read,
    "review.changed": Stage.report,
    "pending.decided": Stage.publish,
    "groups.changed": Stage.let_in,
    "invitation.changed": Stage.invite,
    "reuse.changed": Stage.take_up,
    "sheet.drawn": Stage.draw_a_sheet,
    "vouch.given": Stage.vouch,
}


def test_every_kind_of_event_has_a_story() -> None:
    assert recorded_kinds() == set(STORIES)


async def events() -> list[Event]:
    """All that the log holds, less what no client can hear."""
    rows = await sql(
        "SELECT channel, number, kind, data FROM live_events WHERE channel <> {0} ORDER BY id", RIGHTS
    )
    return [
        Event(row["channel"], row["number"], row["kind"], orjson.loads(row["data"]), now()) for row in rows
    ]


async def set_stage(cast: Cast) -> Stage:
    topic = await a_question(cast, private=True, title=f"{SECRET}, all of it", raw=SECRET)
    made = await a_reply(cast, topic, raw=SECRET)
    return Stage(cast, await again(await cast.alice(), topic), await seen(await cast.ada(), made))


@pytest.mark.parametrize("kind", STORIES)
async def test_what_happens_where_few_may_look_is_told_to_none_but_them(cast: Cast, kind: str) -> None:
    stage = await set_stage(cast)
    await STORIES[kind](stage)
    told = await events()
    assert kind in {event.kind for event in told}
    for event in told:
        namespace = event.channel.partition(":")[0]
        assert (event.kind, SURFACES[namespace]) in presented(), f"{event.kind} on {event.channel}"
        assert all(type(id) is int for id in event.data.values()), "facts are ids"
        for who in PEOPLE:
            viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
            may_hear = await audience(event.channel)
            if may_hear and may_hear(Identity("", data=viewer)):
                theirs = event.data.get("user_id", viewer.id) == viewer.id
                knows = viewer.may_see(cast.private.id)
                assert (theirs, knows) == (True, True), f"{who} would hear {event.kind} on {event.channel}"


async def test_no_presenter_waits_for_what_nobody_tells(cast: Cast) -> None:
    """Each pair of kind and surface that is presented happens in one of the stories."""
    stage = await set_stage(cast)
    for story in STORIES.values():
        stage = await set_stage(cast)
        await story(stage)
    open_topic_of_all = await a_question(cast)
    await a_reply(cast, open_topic_of_all)
    happened = {(event.kind, SURFACES[event.channel.partition(":")[0]]) for event in await events()}
    assert presented() <= happened


async def test_the_words_of_a_deleted_post_are_in_no_publication_any_more(cast: Cast, app: Relais) -> None:
    """Not in those of what was told before it either, for whoever was away and gets them now."""
    use_templates(app.templates)
    topic, bob = await a_question(cast), await cast.bob()
    reply = await a_reply(cast, topic, raw=SECRET)
    await revise_post(bob, await seen(bob, reply), f"{SECRET}!", reason="", version=1)
    await accept_answer(await cast.alice(), await seen(bob, reply))
    await delete_post(bob, await seen(bob, reply))
    for event in await events():
        assert SECRET not in (await encode(event, ("en", True))).decode(), event


# Who may open a topic of this kind in a theme open to all, and whether it can be solved.
EVERYBODY = {"eve", "mod", "alice", "bob", "ada"}
TOPIC_KINDS: dict[str, tuple[set[str], bool]] = {
    "question": (EVERYBODY, True),
    "discussion": (EVERYBODY, False),
    "announcement": ({"mod", "ada"}, False),
    "sheet": (EVERYBODY, False),
    "document": (EVERYBODY, False),
    "guide": (EVERYBODY, False),
    "gathering": (EVERYBODY, False),
    "job": (EVERYBODY, False),
}


def test_every_kind_of_topic_has_a_row() -> None:
    assert set(TOPIC_KINDS) == {kind.name for kind in kinds()}


@pytest.mark.parametrize("kind", TOPIC_KINDS)
async def test_each_kind_of_topic_is_opened_by_whom_it_may(cast: Cast, kind: str) -> None:
    for who in PEOPLE:
        viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
        wishes = (cast.theme.id, kind, f"A topic by {who} of this kind", "Some words.")
        if who in TOPIC_KINDS[kind][0]:
            await open_topic(viewer, *wishes, details=FIELDS[kind])
        else:
            with pytest.raises((Invalid, Forbidden)):
                await open_topic(viewer, *wishes, details=FIELDS[kind])


@pytest.mark.parametrize("kind", TOPIC_KINDS)
async def test_each_kind_of_topic_is_shown_everywhere_and_solved_if_it_can_be(
    site: str, cast: Cast, kind: str
) -> None:
    mod = await cast.mod()
    made = await open_topic(
        mod, cast.theme.id, kind, "Words for all to read", "Some words.", details=FIELDS[kind]
    )
    topic = await topic_visible_to(mod, made.topic_id)
    reply = await a_reply(cast, topic)
    if TOPIC_KINDS[kind][1]:
        await accept_answer(mod, await seen(mod, reply))
    else:
        with pytest.raises(Forbidden):
            await accept_answer(mod, await seen(mod, reply))
    alice = await signed_in(site, "alice")
    for path in (f"/t/{topic.slug}/{topic.id}", "/", f"/c/school-meals/{cast.theme.id}", "/u/mod"):
        for language in ("fr", "en"):
            page = await alice.client.get(path, headers={"Accept-Language": language})
            assert (page.status_code, topic.title in page.text) == (200, True), path
    shown = (await alice.client.get(f"/t/{topic.id}.json")).json()
    assert shown["has_accepted_answer"] is TOPIC_KINDS[kind][1]
