"""Organisations whose members speak for them, and what they say."""

from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.organisations.actions import join_organisation
from forum.posts.new import NewPost
from forum.reuses.actions import declare_reuse
from forum.reuses.queries import Item, item_visible_to
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.kinds.making import a_topic
from tests.organisations.files import the_valley

SAINT_LOUP, BEZAC, ORMOY, ETRIGNY = (
    "saint-loup-sur-vouvre",
    "bezac-le-vieux",
    "ormoy-le-petit",
    "etrigny",
)


async def organisation(slug: str) -> int:
    """The number of an organisation of the valley."""
    rows = await sql("SELECT id FROM organisations WHERE slug = {0}", slug)
    if not rows:
        await the_valley()
        rows = await sql("SELECT id FROM organisations WHERE slug = {0}", slug)
    return int(rows[0]["id"])


async def verified(viewer: Viewer, slug: str) -> int:
    """The member works there, and it was verified; the organisation's number."""
    number = await organisation(slug)
    await join_organisation(viewer, number, "clerk")
    await sql(
        """UPDATE organisation_members SET verified_by = 'code', verified_until = {2}
            WHERE user_id = {0} AND organisation_id = {1}""",
        viewer.member_id,
        number,
        now().replace(year=now().year + 1),
    )
    return number


async def a_clerk(slug: str, name: str = "") -> tuple[Viewer, int]:
    """Somebody new who is verified there, and the organisation's number."""
    username = name or f"clerk-{slug}"[:20]
    user = await create_user(username, f"{username}@example.org", None)
    viewer = await viewer_of_id(user.id, "en")
    assert viewer is not None
    return viewer, await verified(viewer, slug)


async def first_post(topic: TopicCard) -> int:
    """The number of the post that opens a topic."""
    rows = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1", topic.id)
    return int(rows[0]["id"])


async def a_sheet(cast: Cast, *, private: bool = False) -> Item:
    """A sheet of Alice's, as something to take up."""
    topic = await a_topic(cast, "sheet", private=private)
    return await item_visible_to(await cast.alice(), await first_post(topic))


async def an_answer(cast: Cast, *, private: bool = False) -> tuple[TopicCard, NewPost]:
    """A question of Alice's and Bob's answer, not accepted yet."""
    topic = await a_question(cast, private=private)
    return topic, await a_reply(cast, topic)


async def declared(viewer: Viewer, item: Item, organisation_id: int, version: int = 0, **typed: str) -> None:
    """They did it too: in service, if nothing else is said."""
    await declare_reuse(viewer, item, organisation_id, {"state": "in_service", **typed}, version)
