"""A topic read by threads: replies under the post that they answer, without scripts."""

import re

import pytest
from httpx2 import AsyncClient

from forum.posts import threads
from forum.posts.actions import delete_post, reply_to_topic
from forum.posts.queries import PostAt, post_visible_to
from forum.posts.threads import threads_of
from forum.topics.queries import TopicCard
from forum.votes.actions import set_vote
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, again
from tests.people import Person, at, signed_in


async def grow(cast: Cast, *parents: int | None) -> TopicCard:
    """A question, and Bob's replies no. 2, 3 … to the posts of these numbers."""
    topic, bob = await a_question(cast), await cast.bob()
    for number, parent in enumerate(parents, 2):
        await reply_to_topic(bob, topic, f"Reply {number}.", reply_to=parent)
    return await again(bob, topic)


async def numbered(cast: Cast, topic: TopicCard, number: int) -> PostAt:
    """The post of this number, as Mod sees it."""
    rows = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = {1}", topic.id, number)
    return await post_visible_to(await cast.mod(), rows[0]["id"])


async def order(topic: TopicCard, sort: str, page: int = 1) -> list[tuple[int, int]]:
    """(depth, number) of each post of a page."""
    return [(depth, card.number) for depth, card in (await threads_of(topic.id, sort, page)).cards]


async def shown(person: Person, topic: TopicCard, query: str) -> list[tuple[int, int]]:
    """The same, as the page shows it."""
    page = await person.get(f"/t/{topic.slug}/{topic.id}?{query}")
    assert page.status_code == 200
    cards = re.findall(r"<li([^>]*) data-number=\"(\d+)\"", page.text)
    return [(int((re.findall(r'data-depth="(\d)"', tag) or ["0"])[0]), int(number)) for tag, number in cards]


async def test_replies_stand_under_the_post_that_they_answer(site: str, cast: Cast) -> None:
    topic = await grow(cast, None, 2, None, 3, 2, 4, 1)
    oldest = [(0, 1), (0, 2), (1, 3), (2, 5), (1, 6), (0, 4), (1, 7), (0, 8)]
    newest = [(0, 1), (0, 8), (0, 4), (1, 7), (0, 2), (1, 3), (2, 5), (1, 6)]
    for person in (at(site), await signed_in(site, "eve")):
        assert await shown(person, topic, "sort=old") == oldest
        assert await shown(person, topic, "sort=new") == newest
        assert [number for _depth, number in await shown(person, topic, "sort=sideways")] == list(range(1, 9))


async def test_the_most_useful_come_first_among_their_like(cast: Cast) -> None:
    topic, mod = await grow(cast, None, None, 2, 2), await cast.mod()
    for number in (3, 5):
        await set_vote(mod, await numbered(cast, topic, number), 1)
    assert await order(topic, "top") == [(0, 1), (0, 3), (0, 2), (1, 5), (1, 4)]


async def test_a_deleted_reply_keeps_its_place_and_what_answers_it(site: str, cast: Cast) -> None:
    topic = await grow(cast, None, 2, 3)
    await delete_post(await cast.mod(), await numbered(cast, topic, 3))
    visitor = at(site)
    assert await shown(visitor, topic, "sort=old") == [(0, 1), (0, 2), (1, 3), (2, 4)]
    page = (await visitor.get(f"/t/{topic.slug}/{topic.id}?sort=old")).text
    assert "Reply no. 3 was deleted." in page
    assert "Reply 3." not in page


async def test_threads_are_paged_by_what_starts_them(site: str, cast: Cast) -> None:
    topic = await grow(cast, *[None] * 23, 2, 2)
    visitor, path = at(site), f"/t/{topic.slug}/{topic.id}?sort=old"
    first = await shown(visitor, topic, "sort=old")
    assert first[:4] == [(0, 1), (0, 2), (1, 25), (1, 26)]
    assert len(first) == 1 + 20 + 2
    assert f'href="{path}&amp;page=2" rel="next"' in (await visitor.get(path)).text
    assert await shown(visitor, topic, "sort=old&page=2") == [(0, 22), (0, 23), (0, 24)]
    for page in ("3", "0", "x", "99999999999"):
        assert (await visitor.get(f"{path}&page={page}")).status_code == 404


async def test_long_threads_stop_at_a_bound_and_say_so(
    site: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = await grow(cast, None, *range(2, 12))
    assert [depth for depth, _number in await order(topic, "old")] == [0, 0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4]
    monkeypatch.setattr(threads, "MOST", 5)
    visitor = at(site)
    assert len(await shown(visitor, topic, "sort=new")) == 2 + 5
    page = (await visitor.get(f"/t/{topic.slug}/{topic.id}?sort=new")).text
    assert "Some replies are not on this page" in page


async def test_a_topic_whose_threads_contradict_themselves_is_read_whole(cast: Cast) -> None:
    topic = await grow(cast, None, None, None, 4)
    for number, parent in ((2, 3), (3, 2), (4, 4), (5, 77)):
        await sql(
            "UPDATE posts SET reply_to_post_number = {2} WHERE topic_id = {0} AND post_number = {1}",
            topic.id,
            number,
            parent,
        )
    assert sorted(number for _depth, number in await order(topic, "old")) == [1, 2, 3, 4, 5]


async def test_threads_of_an_old_title_lead_to_the_present_one(client: AsyncClient, cast: Cast) -> None:
    topic = await grow(cast, None)
    for path in (f"/t/old-title/{topic.id}?sort=top", f"/t/{topic.id}?sort=top"):
        answer = await client.get(path)
        assert answer.headers["location"] == f"/t/{topic.slug}/{topic.id}?sort=top"


async def test_on_a_page_of_threads_one_votes_and_answers(site: str, cast: Cast) -> None:
    topic, eve = await grow(cast, None, 2), await signed_in(site, "eve")
    reply = await numbered(cast, topic, 3)
    await eve.post(f"/posts/{reply.id}/vote", value="1")
    page = (await eve.get(f"/t/{topic.slug}/{topic.id}?sort=old")).text
    assert f'"votes":{{"{reply.id}":1}}' in page
    assert page.count('aria-pressed="true"') == 1
    assert 'id="reply"' in page


async def test_threads_of_a_restricted_topic_are_absent_for_others(site: str, cast: Cast) -> None:
    topic = await a_question(cast, private=True)
    path = f"/t/{topic.slug}/{topic.id}?sort=top"
    assert (await (await signed_in(site, "bob")).get(path)).status_code == 200
    for outsider in (at(site), await signed_in(site, "eve")):
        assert (await outsider.get(path)).status_code == 404
