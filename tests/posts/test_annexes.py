"""What a slice lets stand at a post's foot is on the page, in what is pushed, and in the JSON."""

from collections.abc import Mapping, Sequence

import pytest

from forum.posts import annexes
from forum.posts.actions import delete_post
from forum.posts.annexes import Annex, annexed
from forum.posts.queries import PostCard, cards_by_id, cards_of_page, post_card
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import signed_in


@pytest.fixture
def signed_at_the_foot(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice that speaks of each reply, with a partial that is there already."""
    monkeypatch.setattr(annexes, "_readers", [])

    @annexed
    async def below(cards: Sequence[PostCard]) -> Mapping[int, Annex]:
        return {
            card.id: Annex("posts/_foot_of_test.html", card.number, {"at_foot": card.number})
            for card in cards
            if not card.is_first
        }


async def test_only_the_posts_that_are_spoken_of_have_something_there(
    cast: Cast, signed_at_the_foot: None
) -> None:
    topic, bob = await a_question(cast), await cast.bob()
    reply, gone = await a_reply(cast, topic), await a_reply(cast, topic)
    await delete_post(bob, await seen(bob, gone))
    cards = await cards_of_page(topic.id, 1)
    assert [[one.subject for one in card.annexes] for card in cards] == [[], [2], []]
    pushed = await post_card(reply.id)
    assert pushed in cards
    assert await cards_by_id(topic.id, [reply.id]) == [pushed]


async def test_programs_read_its_fields(site: str, cast: Cast, signed_at_the_foot: None) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    bob = await signed_in(site, "bob")
    assert (await bob.client.get(f"/posts/{reply.id}.json")).json()["at_foot"] == 2
