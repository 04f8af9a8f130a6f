"""Whatever people and staff do, and in whatever order: every count that is shown is what is there."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forum.cache import forget_fragments
from forum.clock import now, set_clock
from forum.config import Config
from forum.errors import ForumError
from forum.organisations.activity import TALK, counts_for, kind_names
from forum.organisations.members import colleagues_in
from forum.posts.queries import cards_of_page
from forum.reuses.queries import count_reuses_by, takers_in
from forum.topics.queries import TopicCard, topic_visible_to
from forum.value.queries import Figures, figures
from realtime.sql import sql
from tests.cast import Cast
from tests.erasures.leaving import an_office
from tests.value.recount import LINE, PARIS, There
from tests.value.village import ACTS, Village

LATER = timedelta(days=10)
choice = st.integers(0, 3)
acts = st.lists(st.tuples(st.sampled_from(ACTS), choice, choice), max_size=12)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
    # The same acts in every run: the database goes on from one example to the next, so none is shrunk alone.
    derandomize=True,
)
@example(
    acts=[("declare", 2, 0), ("declare", 2, 1), ("accept", 0, 1), ("declare", 0, 0), ("delete_topic", 0, 0)]
)
@example(
    acts=[
        ("declare", 0, 0),
        ("vote", 0, 0),
        ("hide", 0, 0),
        ("declare", 1, 0),
        ("hide", 1, 0),
        ("recover", 1, 0),
    ]
)
@example(acts=[("declare", 2, 0), ("accept", 0, 1), ("accept", 0, 0), ("delete", 0, 0), ("recover", 2, 0)])
@example(
    acts=[("declare", 0, 0), ("vote", 0, 0), ("merge_topics", 0, 3), ("declare", 2, 0), ("delete", 0, 0)]
)
@example(acts=[("declare", 1, 0), ("hide", 1, 0), ("merge_topics", 1, 2), ("recover", 1, 0), ("split", 3, 0)])
@example(
    acts=[
        ("declare", 2, 0),
        ("vote", 2, 1),
        ("reply", 2, 1),
        ("move", 2, 3),
        ("spare", 1, 1),
        ("merge_towns", 0, 1),
    ]
)
@example(acts=[("declare", 2, 0), ("vote", 2, 1), ("sweep", 3, 0), ("merge_towns", 0, 1), ("sweep", 3, 0)])
@example(
    acts=[
        ("declare", 0, 0),
        ("vote", 0, 0),
        ("spare", 0, 0),
        ("erase", 0, 0),
        ("erase", 3, 0),
        ("vote", 2, 1),
    ]
)
@given(acts=acts)
async def test_every_count_is_what_is_there(
    cast: Cast, config: Config, acts: list[tuple[str, int, int]]
) -> None:
    an_office(config)
    village = await Village.make(cast)
    for name, one, other in acts:
        with suppress(ForumError):
            await getattr(village, name)(one, other)
    there = await There.read(cast)
    made = [id for id in there.topics if id >= min(village.topics)]
    for topic_id in made:
        await _check_topic(cast, there, topic_id)
    for town in set(village.towns):
        await _check_town(cast, there, town)
    takers = {id: {one.organisation_id for one in found} for id, found in (await takers_in(made)).items()}
    assert takers == {id: there.takers(id) for id in made if there.takers(id)}
    useful = Counter(post for (post, _voter), value in village.votes.items() if value > 0)
    assert {post: there.posts[post]["up_count"] for post in village.posts if useful[post]} == useful
    then = now() + LATER
    set_clock(lambda: then)
    forget_fragments()
    assert _told(await figures(PARIS)) == there.figures()
    set_clock(None)


async def _check_topic(cast: Cast, there: There, topic_id: int) -> None:
    """What lists and the topic's own page show: staff see the deleted ones too."""
    topic: TopicCard = await topic_visible_to(await cast.mod(), topic_id)
    posts = there.posts_of(topic_id)
    shown = [post for post in posts if not post["deleted_at"]]
    own = [post for post in posts if post["post_type"] != LINE]
    first = [post for post in own if post["post_number"] == 1]
    assert topic.posts_count == sum(1 for post in own if not post["deleted_at"] or post["post_number"] == 1)
    assert topic.accepted_count == sum(1 for post in shown if post["id"] in there.accepted)
    assert topic.like_count == sum(post["up_count"] for post in shown)
    counted = topic.kind in ("sheet", "document")
    assert topic.reuse_count == sum(there.reuses_of(post) for post in first) * counted
    for card in await cards_of_page(topic_id, 1):
        row = there.posts[card.id]
        told = [annex.shape["reuse_count"] for annex in card.annexes if "reuse_count" in annex.shape]
        assert sum(told) == (0 if card.deleted else there.reuses_of(row))
        if row["post_type"] != LINE:
            replies = [post for post in shown if post["reply_to_post_number"] == card.number]
            assert card.reply_count == len(replies)


async def _check_town(cast: Cast, there: There, town: int) -> None:
    """What the page of an organisation shows to whoever has no account."""
    visitor = await cast.visitor()
    taken = [reuse for reuse in there.counted() if reuse["organisation_id"] == town]
    assert await count_reuses_by(visitor, town) == len(taken)
    opened = Counter(
        topic["kind"] if topic["kind"] in kind_names() else TALK
        for id, topic in there.topics.items()
        if there.is_there(id)
        and any(post["post_number"] == 1 and post["organisation_id"] == town for post in there.posts_of(id))
    )
    assert await counts_for(visitor, town) == opened
    rows = await sql("SELECT DISTINCT user_id FROM organisation_members WHERE organisation_id = {0}", town)
    assert {one.person.id for one in await colleagues_in(town)} == {row["user_id"] for row in rows}


def _told(found: Figures) -> dict[str, Any]:
    names = "questions ended in_time avoided sheets reuses reusers taking_part bands"
    return {name: getattr(found, name) for name in names.split()} | {"states": dict(found.states)}
