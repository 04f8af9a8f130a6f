"""For each kind of event: the page before + its patches = the page fetched after."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer, unaccept_answer
from forum.categories.actions import create_category
from forum.clock import now, set_clock
from forum.freshness.actions import confirm, restore, supersede
from forum.freshness.jobs import mark_due
from forum.freshness.queries import dated_visible_to
from forum.live import presented
from forum.moves.actions import NewTopic, merge_topics, move_posts, split_topic
from forum.pending.actions import hold_reply, publish_held
from forum.pending.queries import held_visible_to
from forum.posts.actions import delete_post, recover_post, reply_to_topic, revise_post
from forum.reuses.queries import item_visible_to
from forum.reviewables.actions import decide_case
from forum.topics.actions import (
    delete_topic,
    move_topic,
    open_topic,
    recover_topic,
    revise_topic,
    set_closed,
    set_pinned,
)
from forum.topics.queries import TopicCard
from forum.votes.actions import set_vote
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.kinds.making import a_topic
from tests.reuses.making import ORMOY, declared, verified
from tests.reviewables.cases import reported
from tests.system.people import connected, signed_in

# The slots are the viewer's: closing or deleting a topic takes their rights away, which a push cannot know.
PARTS = """(spare) => {
  const badges = "#badge, #badge-bar, #review-badge, #review-badge-bar";
  const parts = [...document.querySelectorAll(`[data-refresh], ${badges}`)];
  const copies = parts.map((part) => part.cloneNode(true));
  for (const copy of copies) {
    for (const time of copy.querySelectorAll("time")) {
      time.textContent = time.dateTime;
      time.removeAttribute("title");
    }
    for (const slot of copy.querySelectorAll(spare ? "post-controls" : "nothing")) slot.replaceChildren();
    for (const slot of copy.querySelectorAll("topic-state")) slot.replaceChildren();
    for (const row of copy.querySelectorAll(".topic")) row.classList.remove("fresh");
    const sorted = [...copy.children].sort((a, b) => a.id.localeCompare(b.id));
    if (copy.id === "topics") copy.replaceChildren(...sorted);
  }
  return copies.map((copy) => copy.outerHTML).join("\\n");
}"""


async def parts(page: Page, spare: bool) -> str:
    """What live changes of a page, without what only the browser adds and the white space."""
    return re.sub(r"\s+", " ", str(await page.evaluate(PARTS, spare))).replace("> <", "><")


class Stage:
    """A question by Alice, two answers by Bob (one accepted), and what happens next."""

    def __init__(self, cast: Cast, topic: TopicCard) -> None:
        self.cast, self.topic = cast, topic

    async def bob(self) -> Viewer:
        return await self.cast.bob()

    async def reply(self) -> None:
        await a_reply(self.cast, self.topic)

    async def reply_to_a_reply(self) -> None:
        await reply_to_topic(await self.cast.mod(), self.topic, "To no. 2.", reply_to=2)

    async def revise(self) -> None:
        bob = await self.bob()
        await revise_post(bob, await seen(bob, self.first), "Edited **text**.", reason="", version=1)

    async def revise_accepted(self) -> None:
        bob = await self.bob()
        await revise_post(bob, await seen(bob, self.second), "Edited since.", reason="", version=1)

    async def pin(self) -> None:
        await set_pinned(await self.cast.mod(), self.topic, True)

    async def report(self) -> None:
        await reported(self.cast, self.first)

    async def hide(self) -> None:
        case = await reported(self.cast, self.second, by=await self.cast.alice())
        await decide_case(await self.cast.mod(), case, "hide", "It names a child.")

    async def delete(self) -> None:
        bob = await self.bob()
        await delete_post(bob, await seen(bob, self.second))

    async def recover(self) -> None:
        await self.delete()
        bob = await self.bob()
        await recover_post(bob, await seen(bob, self.second))

    async def vote(self) -> None:
        mod = await self.cast.mod()
        await set_vote(mod, await seen(mod, self.first), 1)

    async def accept(self) -> None:
        alice = await self.cast.alice()
        await accept_answer(alice, await seen(alice, self.first))

    async def unaccept(self) -> None:
        alice = await self.cast.alice()
        await unaccept_answer(alice, await seen(alice, self.second))

    async def confirm(self) -> None:
        bob = await self.bob()
        await confirm(bob, await dated_visible_to(bob, self.second.id))

    async def come_due(self) -> None:
        later = now() + timedelta(days=370)
        set_clock(lambda: later)
        try:
            await mark_due()
        finally:
            set_clock(None)

    async def supersede(self) -> None:
        bob = await self.bob()
        await supersede(bob, await dated_visible_to(bob, self.second.id), await a_question(self.cast))

    async def restore(self) -> None:
        await self.supersede()
        bob = await self.bob()
        await restore(bob, await dated_visible_to(bob, self.second.id))

    async def take_up(self) -> None:
        eve = await self.cast.eve()
        item = await item_visible_to(eve, self.second.id)
        await declared(eve, item, await verified(eve, ORMOY))

    async def draw_a_sheet(self) -> None:
        await a_topic(self.cast, "sheet", await self.bob(), source_id=str(self.topic.id))

    async def retitle(self) -> None:
        await revise_topic(await self.cast.alice(), self.topic, "Another title altogether")

    async def retag(self) -> None:
        await revise_topic(await self.cast.alice(), self.topic, self.topic.title, ["école", "bio"])

    async def close(self) -> None:
        await set_closed(await self.cast.mod(), self.topic, True)

    async def reopen(self) -> None:
        await self.close()
        await set_closed(await self.cast.mod(), await again(await self.cast.mod(), self.topic), False)

    async def ask(self) -> None:
        wishes = (self.cast.theme.id, "question", "A wholly new question?", "Who knows?")
        await open_topic(await self.cast.eve(), *wishes)

    async def move(self) -> None:
        there = await create_category("Elsewhere")
        await move_topic(await self.cast.mod(), self.topic, there.id)

    async def move_to_where_few_see(self) -> None:
        await move_topic(await self.cast.ada(), self.topic, self.cast.private.id)

    async def move_and_back(self) -> None:
        await self.move_to_where_few_see()
        ada = await self.cast.ada()
        await move_topic(ada, await again(ada, self.topic), self.cast.theme.id)

    async def split(self) -> None:
        """Bob's first answer goes; the reply to it stays."""
        mod = await self.cast.mod()
        await self.reply_to_a_reply()
        wish = NewTopic("What became of the first answer", self.cast.theme.id)
        await split_topic(mod, await again(mod, self.topic), [self.first.id], wish)

    async def split_to_where_few_see(self) -> None:
        wish = NewTopic("What became of the first answer", self.cast.private.id)
        await split_topic(await self.cast.ada(), self.topic, [self.first.id, self.second.id], wish)

    async def come(self) -> None:
        mod, other = await self.cast.mod(), await a_question(self.cast)
        moved = [(await a_reply(self.cast, other)).id for _ in range(2)]
        await move_posts(mod, await again(mod, other), moved, await again(mod, self.topic))

    async def merge(self) -> None:
        mod, other = await self.cast.mod(), await a_question(self.cast)
        await merge_topics(mod, self.topic, await again(mod, other))

    async def take_in(self) -> None:
        mod, other = await self.cast.mod(), await a_question(self.cast)
        await a_reply(self.cast, other)
        await merge_topics(mod, await again(mod, other), self.topic)

    async def delete_topic(self) -> None:
        await delete_topic(await self.cast.mod(), self.topic)

    async def recover_topic(self) -> None:
        await self.delete_topic()
        mod = await self.cast.mod()
        await recover_topic(mod, await again(mod, self.topic))


async def set_stage(cast: Cast) -> Stage:
    stage = Stage(cast, await a_question(cast, tags=["cantine"]))
    stage.first = await a_reply(cast, stage.topic)
    stage.second = await a_reply(cast, stage.topic)
    alice = await cast.alice()
    await accept_answer(alice, await seen(alice, stage.second))
    return stage


async def assert_live_equals_fresh(page: Page, action: Callable[[], Awaitable[None]]) -> None:
    """Do something elsewhere; the open page must become what a reload shows."""
    before = await offsets(page)
    await action()
    await expect(page.locator("html")).to_be_attached()
    await settled(page, before)
    if await page.locator("button[data-show]").is_visible():
        await page.locator("button[data-show]").click()
    spare = action.__name__ in ("close", "delete_topic", "merge")
    live = await parts(page, spare)
    await page.reload()
    assert live == await parts(page, spare)


async def offsets(page: Page) -> list[str | None]:
    return [await element.get_attribute("offset") for element in await page.locator("live-channel").all()]


async def settled(page: Page, before: list[str | None]) -> None:
    """Wait until every channel that was told something stands where the server does."""
    from realtime import log
    from tests.waiting import until

    names = [str(await e.get_attribute("name")) for e in await page.locator("live-channel").all()]

    async def caught_up() -> bool:
        there = [str(position.offset) for position in (await log.positions(names)).values()]
        return await offsets(page) == there != before

    await until(caught_up, 10)


KIND_OF = {
    "ask": "topic.created",
    "retitle": "topic.revised",
    "retag": "topic.revised",
    "close": "topic.closed",
    "reopen": "topic.opened",
    "delete_topic": "topic.deleted",
    "recover_topic": "topic.recovered",
    "reply": "post.created",
    "reply_to_a_reply": "post.created",
    "revise": "post.revised",
    "revise_accepted": "post.revised",
    "delete": "post.deleted",
    "hide": "post.deleted",
    "recover": "post.recovered",
    "vote": "vote.changed",
    "take_up": "reuse.changed",
    "draw_a_sheet": "sheet.drawn",
    "accept": "answer.accepted",
    "unaccept": "answer.unaccepted",
    "confirm": "freshness.changed",
    "come_due": "freshness.changed",
    "supersede": "freshness.changed",
    "restore": "freshness.changed",
    "pin": "topic.pinned",
    "move": "topic.moved",
    "move_to_where_few_see": "topic.moved",
    "move_and_back": "topic.moved",
    "split": "posts.moved",
    "split_to_where_few_see": "posts.moved",
    "come": "posts.moved",
    "merge": "posts.moved",
    "take_in": "posts.moved",
}
NOT_ON_THE_TOPIC = {"ask", "delete_topic", "recover_topic", "move_to_where_few_see", "move_and_back"}
ON_THE_TOPIC = sorted(set(KIND_OF) - NOT_ON_THE_TOPIC)
ON_THE_TOPIC_OF_STAFF = ["delete_topic", "recover_topic"]
ON_THE_LIST = sorted(set(KIND_OF) - {"revise", "revise_accepted", "vote", "take_up", "draw_a_sheet"})


def test_every_kind_of_event_is_compared_wherever_it_is_shown() -> None:
    compared = {(KIND_OF[event], "topic") for event in [*ON_THE_TOPIC, *ON_THE_TOPIC_OF_STAFF]}
    compared |= {(KIND_OF[event], "list") for event in ON_THE_LIST}
    compared |= {("notification.changed", "user"), ("review.changed", "user"), ("pending.decided", "user")}
    # Compared where they are at home: tests/groups, tests/invitations, tests/organisations, tests/reuses.
    compared |= {("groups.changed", "user"), ("invitation.changed", "user"), ("reuse.changed", "list")}
    compared |= {("vouch.given", "user")}
    # Nobody has the page of a topic that is being made.
    apart = {("topic.created", "topic")}
    assert compared == presented() - apart


@pytest.mark.parametrize("event", ON_THE_TOPIC)
async def test_an_open_topic_becomes_what_a_reload_shows(
    site: str, cast: Cast, page: Page, event: str
) -> None:
    stage = await set_stage(cast)
    eve = await signed_in(page.context, site, "eve")
    await eve.goto(f"{site}/t/{stage.topic.slug}/{stage.topic.id}")
    await connected(eve, f"topic:{stage.topic.id}")
    await assert_live_equals_fresh(eve, getattr(stage, event))


@pytest.mark.parametrize("event", ON_THE_TOPIC_OF_STAFF)
async def test_a_topic_that_comes_and_goes_is_what_a_reload_shows_a_moderator(
    site: str, cast: Cast, page: Page, event: str
) -> None:
    stage = await set_stage(cast)
    mod = await signed_in(page.context, site, "mod")
    await mod.goto(f"{site}/t/{stage.topic.slug}/{stage.topic.id}")
    await connected(mod, f"topic:{stage.topic.id}")
    await assert_live_equals_fresh(mod, getattr(stage, event))


async def test_the_badges_become_what_a_reload_shows(site: str, cast: Cast, page: Page) -> None:
    stage = await set_stage(cast)
    alice = await signed_in(page.context, site, "alice")
    await alice.goto(f"{site}/categories")
    await connected(alice, f"user:{cast.ids['alice']}")
    unread = await alice.locator("#badge").get_attribute("data-unread")
    await assert_live_equals_fresh(alice, stage.reply)
    assert await alice.locator("#badge").get_attribute("data-unread") != unread


async def test_the_number_of_what_waits_becomes_what_a_reload_shows_mod(
    site: str, cast: Cast, page: Page
) -> None:
    stage = await set_stage(cast)
    mod = await signed_in(page.context, site, "mod")
    await mod.goto(f"{site}/categories")
    await connected(mod, f"user:{cast.ids['mod']}")
    await expect(mod.locator("#review-badge")).to_be_hidden()
    await assert_live_equals_fresh(mod, stage.report)
    await expect(mod.locator("#review-badge")).to_have_text("1 item")


@pytest.mark.parametrize(("decision", "offers"), [("hide", "See why"), ("delete", "See why")])
async def test_what_moderation_takes_away_tells_its_author_why_without_a_reload(
    site: str, cast: Cast, page: Page, decision: str, offers: str
) -> None:
    stage = await set_stage(cast)
    bob = await signed_in(page.context, site, "bob")
    await bob.goto(f"{site}/t/{stage.topic.slug}/{stage.topic.id}")
    await connected(bob, f"topic:{stage.topic.id}")
    case = await reported(cast, stage.second, by=await cast.alice())
    await decide_case(await cast.mod(), case, decision, "It names a child.")
    gone = bob.locator(f"#post-{stage.second.id}")
    await expect(gone.get_by_role("link", name=offers)).to_be_visible()
    await expect(gone.get_by_role("button", name="Recover")).to_have_count(0)
    await gone.get_by_role("link", name=offers).click()
    await expect(bob.get_by_text("It names a child.")).to_be_visible()


async def test_a_reply_that_is_deleted_can_be_recovered_without_a_reload(
    site: str, cast: Cast, page: Page
) -> None:
    stage = await set_stage(cast)
    bob = await signed_in(page.context, site, "bob")
    await bob.goto(f"{site}/t/{stage.topic.slug}/{stage.topic.id}")
    await connected(bob, f"topic:{stage.topic.id}")
    await stage.delete()
    await bob.locator(f"#post-{stage.second.id}").get_by_role("button", name="Recover").click()
    await expect(bob.locator(f"#post-{stage.second.id} .prose")).to_be_visible()


async def test_what_waited_for_approval_is_on_its_authors_page_once(
    site: str, cast: Cast, page: Page
) -> None:
    stage = await set_stage(cast)
    held = await hold_reply(await cast.eve(), stage.topic, "The first that I say.")
    eve = await signed_in(page.context, site, "eve")
    await eve.goto(f"{site}/t/{stage.topic.slug}/{stage.topic.id}")
    await connected(eve, f"topic:{stage.topic.id}")
    await expect(eve.locator(f"#pending-{held}")).to_contain_text("The first that I say.")

    async def publish() -> None:
        mod = await cast.mod()
        await publish_held(mod, await held_visible_to(mod, held), "The first that I say.")

    await assert_live_equals_fresh(eve, publish)
    await expect(eve.locator(f"#pending-{held}")).to_have_count(0)
    await expect(eve.get_by_text("The first that I say.")).to_have_count(1)


@pytest.mark.parametrize("event", ["revise", "delete", "recover", "vote", "accept", "retitle"])
async def test_an_open_topic_read_by_threads_becomes_what_a_reload_shows(
    site: str, cast: Cast, page: Page, event: str
) -> None:
    stage = await set_stage(cast)
    await stage.reply_to_a_reply()
    eve = await signed_in(page.context, site, "eve")
    await eve.goto(f"{site}/t/{stage.topic.slug}/{stage.topic.id}?sort=old")
    await connected(eve, f"topic:{stage.topic.id}")
    assert await eve.locator('[data-depth="1"]').count() == 1
    await assert_live_equals_fresh(eve, getattr(stage, event))


async def test_a_reply_that_comes_into_a_page_of_threads_is_told_and_nothing_moves(
    site: str, cast: Cast, page: Page
) -> None:
    stage = await set_stage(cast)
    eve = await signed_in(page.context, site, "eve")
    await eve.goto(f"{site}/t/{stage.topic.slug}/{stage.topic.id}?sort=new")
    await connected(eve, f"topic:{stage.topic.id}")
    await stage.reply()
    await expect(eve.get_by_text("1 new reply.", exact=True).first).to_be_visible()
    await expect(eve.locator(".stream > li")).to_have_count(3)


@pytest.mark.parametrize("event", ON_THE_LIST)
async def test_an_open_list_becomes_what_a_reload_shows(
    site: str, cast: Cast, page: Page, event: str
) -> None:
    stage = await set_stage(cast)
    bob = await signed_in(page.context, site, "bob")
    await connected(bob, "latest")
    await assert_live_equals_fresh(bob, getattr(stage, event))


@pytest.mark.parametrize(
    ("path", "belongs", "stays_away"),
    [
        ("/tag/cantine", ("question", ["cantine"]), ("question", ["eau"])),
        ("/unanswered", ("question", []), ("discussion", [])),
    ],
)
async def test_a_list_of_some_topics_is_told_of_those_and_no_others(
    site: str,
    cast: Cast,
    page: Page,
    path: str,
    belongs: tuple[str, list[str]],
    stays_away: tuple[str, list[str]],
) -> None:
    await set_stage(cast)
    bob = await signed_in(page.context, site, "bob")
    await bob.goto(site + path)
    await connected(bob, "latest")

    async def two_topics() -> None:
        eve = await cast.eve()
        for title, (kind, tags) in (("Yes it does belong", belongs), ("No it does not", stays_away)):
            await open_topic(eve, cast.theme.id, kind, title, "Who knows?", tags=tags)

    await assert_live_equals_fresh(bob, two_topics)
    await expect(bob.get_by_role("link", name="Yes it does belong")).to_be_visible()
    await expect(bob.get_by_role("link", name="No it does not")).to_have_count(0)


@pytest.mark.parametrize("event", ["move", "move_to_where_few_see", "move_and_back"])
@pytest.mark.parametrize("who", ["eve", "alice"])
async def test_an_open_theme_becomes_what_a_reload_shows_when_a_topic_moves(
    site: str, cast: Cast, page: Page, who: str, event: str
) -> None:
    """Eve sees it go; Alice, who may see where it went, would find it there."""
    stage = await set_stage(cast)
    reader = await signed_in(page.context, site, who)
    await reader.goto(f"{site}/c/school-meals/{cast.theme.id}")
    await connected(reader, f"category:{cast.theme.id}")
    await assert_live_equals_fresh(reader, getattr(stage, event))


async def test_a_topic_that_moves_to_a_part_of_the_theme_stays_on_the_themes_page(
    site: str, cast: Cast, page: Page
) -> None:
    stage = await set_stage(cast)
    part = await create_category("Elsewhere", parent_id=cast.theme.id)
    eve = await signed_in(page.context, site, "eve")
    await eve.goto(f"{site}/c/school-meals/{cast.theme.id}")
    await connected(eve, f"category:{cast.theme.id}")
    await connected(eve, f"category:{part.id}")

    async def move() -> None:
        await move_topic(await cast.mod(), stage.topic, part.id)

    await assert_live_equals_fresh(eve, move)
    await expect(eve.locator(f"#topic-{stage.topic.id}").get_by_text("Elsewhere")).to_be_visible()
