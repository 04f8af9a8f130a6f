"""Topics opened, retitled, closed, deleted and recovered. Each action is one transaction."""

from forum.accounts.viewer import Viewer
from forum.api.steps import claim_key, keep_key
from forum.channels import list_channels, topic_channel
from forum.clock import now
from forum.errors import Conflict, Invalid, require
from forum.i18n import gettext as _
from forum.markdown import COOK_VERSION
from forum.notifications.actions import forget_post, notify_of_post
from forum.posts.actions import quoted_authors, tell
from forum.posts.models import Post
from forum.posts.new import NewPost
from forum.posts.text import Cooked, check_title, cook_post
from forum.reading.actions import follow_by_posting
from forum.reading.models import FollowReason
from forum.text import slugify
from forum.topics.models import Topic, TopicKind
from forum.topics.permissions import may_edit_topic, may_moderate, may_open_topic
from forum.topics.queries import TopicCard
from realtime import log
from realtime.log import Record
from realtime.sql import sql

OPEN_TO_MEMBERS = (TopicKind.QUESTION, TopicKind.DISCUSSION)


async def open_topic(
    author: Viewer, category_id: int, kind: str, title: str, raw: str, *, key: str = ""
) -> NewPost:
    """Open a topic with its first post.

    Args:
        kind: "question" or "discussion"; "announcement" for staff.
        key: the same key twice from one member gives the first topic again.

    Raises:
        Forbidden: may not create in this category.
        Invalid: with a sentence for each of title, raw, category_id, kind.
    """
    line, cooked = await _check(author, category_id, kind, title, raw)
    async with log.transaction() as record:
        if earlier := await claim_key(author.id or 0, key):
            return earlier
        require(may_open_topic(author, category_id), _("You may not open a topic in this theme."))
        topic = await _create_topic(author, category_id, kind, line)
        post = await Post.create(
            topic_id=topic.id,
            user_id=author.member_id,
            post_number=1,
            source=cooked.source,
            cooked=cooked.html,
            cook_version=COOK_VERSION,
            created_at=topic.created_at,
            updated_at=topic.created_at,
        )
        new = NewPost(
            post.id, topic.id, category_id, 1, author.member_id, topic.slug,
            quoted=await quoted_authors(cooked, topic.id), mentioned=cooked.mentioned,
        )  # fmt: skip
        await keep_key(author.member_id, key, post.id)
        await follow_by_posting(author.member_id, topic.id, 1, FollowReason.CREATED_TOPIC)
        await notify_of_post(new, record)
        tell(record, author, category_id, "topic.created", new)
    return new


async def _check(author: Viewer, category_id: int, kind: str, title: str, raw: str) -> tuple[str, Cooked]:
    """Title and text, with every fault told at once."""
    faults: dict[str, str] = {}
    line, cooked = "", Cooked("", "", frozenset())
    try:
        line = check_title(title)
    except Invalid as fault:
        faults |= fault.fields
    try:
        cooked = await cook_post(raw)
    except Invalid as fault:
        faults |= fault.fields
    if not author.may_see(category_id):
        faults["category_id"] = _("Choose a theme.")
    if kind not in (TopicKind if author.staff else OPEN_TO_MEMBERS):
        faults["kind"] = _("Choose a question or a discussion.")
    if faults:
        raise Invalid(fields=faults)
    return line, cooked


async def _create_topic(author: Viewer, category_id: int, kind: str, title: str) -> Topic:
    at = now()
    return await Topic.create(
        title=title,
        slug=slugify(title) or "sujet",
        kind=TopicKind(kind),
        category_id=category_id,
        user_id=author.member_id,
        last_poster_id=author.member_id,
        created_at=at,
        bumped_at=at,
        last_posted_at=at,
        highest_post_number=1,
        posts_count=1,
    )


async def revise_topic(editor: Viewer, topic: TopicCard, title: str) -> None:
    """Give a topic another title; its address follows, the old one still leads to it.

    Raises:
        Forbidden: neither its author nor staff. Invalid: the title does not do.
    """
    require(may_edit_topic(editor, topic), _("You may not edit this topic."))
    line = check_title(title)
    await _change(editor, topic, "topic.revised", "title = {1}, slug = {2}", line, slugify(line) or "sujet")


async def set_closed(moderator: Viewer, topic: TopicCard, closed: bool) -> None:
    """Close a topic to new replies, or open it again.

    Raises:
        Forbidden: not staff.
    """
    require(may_moderate(moderator, topic))
    await _change(moderator, topic, "topic.closed" if closed else "topic.opened", "closed = {1}", closed)


async def _change(viewer: Viewer, topic: TopicCard, kind: str, assignment: str, *values: object) -> None:
    async with log.transaction() as record:
        await sql(
            f"UPDATE topics SET {assignment}, version = version + 1 WHERE id = {{0}}", topic.id, *values
        )
        _tell(record, viewer, topic, kind)


def _tell(record: Record, viewer: Viewer, topic: TopicCard, kind: str) -> None:
    for channel in (topic_channel(topic.id), *list_channels(viewer, topic.category_id)):
        record(channel, kind, topic_id=topic.id)


async def delete_topic(moderator: Viewer, topic: TopicCard) -> None:
    """Take a topic away from everyone but staff, with the alerts about its posts.

    Raises:
        Forbidden: not staff. Conflict: it was deleted a moment ago.
    """
    require(may_moderate(moderator, topic))
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE topics SET deleted_at = {1}, deleted_by_id = {2}, version = version + 1
                WHERE id = {0} AND deleted_at IS NULL RETURNING id""",
            topic.id,
            now(),
            moderator.member_id,
        )
        if not rows:
            raise Conflict(_("This topic has just been deleted."))
        for post_id in await _alerted_posts(topic.id):
            await forget_post(post_id, record)
        _tell(record, moderator, topic, "topic.deleted")


async def _alerted_posts(topic_id: int) -> list[int]:
    rows = await sql("SELECT DISTINCT post_id FROM notifications WHERE topic_id = {0}", topic_id)
    return sorted(row["post_id"] for row in rows)


async def recover_topic(moderator: Viewer, topic: TopicCard) -> None:
    """Bring a deleted topic back.

    Raises:
        Forbidden: not staff.
    """
    require(may_moderate(moderator, topic))
    await _change(moderator, topic, "topic.recovered", "deleted_at = NULL, deleted_by_id = NULL")
