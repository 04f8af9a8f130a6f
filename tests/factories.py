"""Topics and posts made through the product's own actions."""

from collections.abc import Sequence
from itertools import count

from forum.accounts.viewer import Viewer
from forum.categories.actions import create_category
from forum.categories.models import Category, Permission
from forum.groups.actions import add_member, create_group, set_owner
from forum.posts.actions import reply_to_topic
from forum.posts.new import NewPost
from forum.posts.queries import PostAt, post_visible_to
from forum.topics.actions import open_topic
from forum.topics.queries import TopicCard, topic_visible_to
from realtime.sql import sql
from tests.cast import Cast

_numbers = count(1)


async def a_question(
    cast: Cast,
    author: Viewer | None = None,
    *,
    title: str = "",
    raw: str = "",
    private: bool = False,
    tags: Sequence[str] = (),
) -> TopicCard:
    """Alice (or another) asks."""
    author = author or await cast.alice()
    n = next(_numbers)
    made = await open_topic(
        author,
        cast.private.id if private else cast.theme.id,
        "question",
        title or f"Who cooks for sixty children, case {n}?",
        raw or f"We serve sixty meals a day and look for advice (case {n}).",
        tags=tags,
    )
    return await topic_visible_to(author, made.topic_id)


async def a_reply(cast: Cast, topic: TopicCard, author: Viewer | None = None, raw: str = "") -> NewPost:
    """Bob (or another) answers."""
    n = next(_numbers)
    return await reply_to_topic(author or await cast.bob(), topic, raw or f"We did it in 2023, case {n}.")


async def seen(viewer: Viewer, post: NewPost) -> PostAt:
    """The post as this viewer may act on it."""
    return await post_visible_to(viewer, post.id)


async def again(viewer: Viewer, topic: TopicCard) -> TopicCard:
    """The topic as it is now."""
    return await topic_visible_to(viewer, topic.id)


async def a_group(cast: Cast, name: str, admission: str = "closed", owner: str = "", *members: str) -> int:
    """A group that Ada makes, with an owner and members; its id."""
    ada = await cast.ada()
    group = await create_group(ada, name, admission=admission)
    for member in (owner, *members):
        if member:
            await add_member(ada, group, cast.ids[member])
    if owner:
        await set_owner(ada, group, cast.ids[owner], True)
    return group


async def a_theme_like(category_id: int) -> Category:
    """Another theme, open to the same people."""
    rows = await sql("SELECT group_id, permission FROM category_groups WHERE category_id = {0}", category_id)
    permissions = {row["group_id"]: Permission(row["permission"]) for row in rows}
    return await create_category("An archive", permissions=permissions)
