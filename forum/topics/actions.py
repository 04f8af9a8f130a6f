"""Topics opened, retitled, closed, moved, deleted and recovered. Each action is one transaction."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.api.steps import claim_key, keep_key
from forum.channels import list_channels, topic_channel
from forum.charter.permissions import require_charter
from forum.clock import now
from forum.errors import Conflict, Invalid, gathered, require, require_none
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.kinds.registry import NOTHING, NOTHING_READ, Typed, Values, is_kind, kind_of
from forum.kinds.steps import check_details, write_details
from forum.markdown import COOK_VERSION
from forum.notifications.actions import forget_post, notify_of_post
from forum.organisations.steps import sign_post
from forum.posts.actions import quoted_authors, tell
from forum.posts.models import Post
from forum.posts.new import NewPost
from forum.posts.text import Cooked, check_title, cook_post
from forum.reading.actions import follow_by_posting
from forum.reading.models import FollowReason
from forum.tags.names import MAX_TAGS, join_names, read_names
from forum.tags.queries import adopt_names
from forum.tags.steps import tag_topic
from forum.text import slugify
from forum.topics.models import Topic
from forum.topics.permissions import may_edit_topic, may_moderate, may_open_topic
from forum.topics.queries import TopicCard
from forum.uploads.steps import show_uploads
from forum.zones import require_to_come
from realtime import log, rights
from realtime.log import Record
from realtime.sql import sql


class Checked(Struct, frozen=True):
    """A topic about to be opened: all that was typed, found good."""

    title: str
    cooked: Cooked
    tags: list[str]
    details: Values


async def open_topic(
    author: Viewer,
    category_id: int,
    kind: str,
    title: str,
    raw: str,
    *,
    tags: Sequence[str] = (),
    details: Typed = NOTHING,
    key: str = "",
) -> NewPost:
    """Open a topic with its first post.

    Args:
        kind: one of the registry's (`forum/kinds`), such as "question"; "announcement" for staff.
        tags: as typed, five at the most.
        details: the kind's own fields, as typed.
        key: the same key twice from one member gives the first topic again.

    Raises:
        Forbidden: may not create in this category.
        Invalid: with a sentence for each of title, raw, category_id, kind, tags; and for `charter`, when it
            has changed.
    """
    checked = await check_topic(author, category_id, kind, title, raw, tags, details)
    async with log.transaction() as record:
        if earlier := await claim_key(author.id or 0, key):
            return earlier
        require(may_open_topic(author, category_id), _("You may not open a topic in this theme."))
        new = await write_topic(record, author, category_id, kind, checked)
        await keep_key(author.member_id, key, new.id)
    return new


async def write_topic(
    record: Record,
    author: Viewer,
    category_id: int,
    kind: str,
    checked: Checked,
) -> NewPost:
    """A step of opening a topic and of approving one: topic, first post, who is told, and the fact."""
    cooked = checked.cooked
    topic = await _create_topic(author, category_id, kind, checked.title, checked.tags)
    post = await _create_first_post(topic, cooked)
    await show_uploads(post.id, cooked.uploads)
    await sign_post(post.id, author.member_id)
    new = NewPost(
        post.id, topic.id, category_id, 1, author.member_id, topic.slug,
        quoted=await quoted_authors(cooked, topic.id), mentioned=cooked.mentioned,
    )  # fmt: skip
    await write_details(record, author, kind_of(kind), topic.id, checked.details)
    await follow_by_posting(author.member_id, topic.id, 1, FollowReason.CREATED_TOPIC)
    await notify_of_post(new, record)
    tell(record, author, category_id, "topic.created", new)
    return new


async def check_topic(
    author: Viewer,
    category_id: int,
    kind: str,
    title: str,
    raw: str,
    tags: Sequence[str],
    details: Typed = NOTHING,
) -> Checked:
    """Title, text, tags and the kind's own fields.

    Raises:
        Invalid: with every fault told at once; so for the charter, when it has changed.
    """
    faults: dict[str, str] = {}
    line, cooked, names, values = "", Cooked("", "", frozenset()), list[str](), NOTHING_READ
    with gathered(faults):
        require_charter(author)
    with gathered(faults):
        line = check_title(title)
    with gathered(faults):
        cooked = await cook_post(raw, writer=author)
    with gathered(faults):
        names = await adopt_names(author, read_names(tags))
    if not author.may_see(category_id):
        faults["category_id"] = _("Choose a theme.")
    if not (is_kind(kind) and kind_of(kind).may_be_opened_by(author)):
        faults["kind"] = _("Choose what it is.")
    else:
        with gathered(faults):
            values = await check_details(author, kind_of(kind), details)
    require_none(faults)
    return Checked(line, cooked, names, values)


async def _create_topic(
    author: Viewer, category_id: int, kind: str, title: str, tags: Sequence[str]
) -> Topic:
    at = now()
    topic = await Topic.create(
        title=title,
        slug=slugify(title) or "sujet",
        kind=kind,
        category_id=category_id,
        user_id=author.member_id,
        last_poster_id=author.member_id,
        created_at=at,
        bumped_at=at,
        last_posted_at=at,
        highest_post_number=1,
        posts_count=1,
        tag_names=join_names(tags),
    )
    await tag_topic(topic.id, tags)
    return topic


async def _create_first_post(topic: Topic, cooked: Cooked) -> Post:
    return await Post.create(
        topic_id=topic.id,
        user_id=topic.user_id,  # type: ignore[attr-defined]  # Tortoise makes it of `user`
        post_number=1,
        source=cooked.source,
        cooked=cooked.html,
        cook_version=COOK_VERSION,
        created_at=topic.created_at,
        updated_at=topic.created_at,
    )


async def revise_topic(
    editor: Viewer, topic: TopicCard, title: str, tags: Sequence[str] | None = None
) -> None:
    """Give a topic another title; its address follows, the old one still leads to it.

    Args:
        tags: those that it has from now on; None: the ones that it has.

    Raises:
        Forbidden: neither its author nor staff. Invalid: the title or a tag does not do.
    """
    require(may_edit_topic(editor, topic), _("You may not edit this topic."))
    line, names = await _check_revision(editor, topic, title, tags)
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE topics SET title = {1}, slug = {2}, version = version + 1 WHERE id = {0}
                RETURNING category_id""",
            topic.id,
            line,
            slugify(line) or "sujet",
        )
        if names is not None:
            await sql("UPDATE topics SET tag_names = {1} WHERE id = {0}", topic.id, join_names(names))
            await tag_topic(topic.id, names)
        if editor.id != topic.author_id:
            await _note(editor, Act.EDIT_TOPIC, topic, title=topic.title)
        _tell(record, editor, topic.id, rows[0]["category_id"], "topic.revised")


async def _check_revision(
    editor: Viewer, topic: TopicCard, title: str, tags: Sequence[str] | None
) -> tuple[str, list[str] | None]:
    """Title and tags, with every fault told at once. An import may have brought more than five tags."""
    faults: dict[str, str] = {}
    line, names = "", None
    with gathered(faults):
        line = check_title(title)
    if tags is not None:
        with gathered(faults):
            names = await adopt_names(editor, read_names(tags, max(MAX_TAGS, len(topic.tags))))
    require_none(faults)
    return line, names


async def set_closed(moderator: Viewer, topic: TopicCard, closed: bool) -> None:
    """Close a topic to new replies, or open it again.

    Raises:
        Forbidden: not staff. Conflict: its kind asks for something first.
    """
    require(may_moderate(moderator, topic))
    closing = kind_of(topic.kind).closing if closed else None
    if closing is not None and (missing := await closing(topic.id)):
        raise Conflict(missing)
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE topics SET closed = {1}, version = version + 1 WHERE id = {0} AND closed <> {1}
                RETURNING category_id""",
            topic.id,
            closed,
        )
        if rows:
            await _note(moderator, Act.TOPIC_CLOSED if closed else Act.TOPIC_OPENED, topic)
            kind = "topic.closed" if closed else "topic.opened"
            _tell(record, moderator, topic.id, rows[0]["category_id"], kind)


async def set_pinned(
    moderator: Viewer,
    topic: TopicCard,
    pinned: bool,
    until: datetime | None = None,
    *,
    in_theme: bool = False,
) -> None:
    """Keep a topic at the head of lists, or no longer; also for those who had unpinned it for themselves.

    Args:
        until: when it stops by itself; None: never.
        in_theme: at the head of its theme's lists only.

    Raises:
        Forbidden: not staff. Invalid: `until` has passed.
    """
    require(may_moderate(moderator, topic))
    if until is not None:
        require_to_come(until)
    ends, narrow = (until, in_theme or None) if pinned else (None, None)
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE topics SET pinned = {1}, pinned_until = {2}, pinned_in_theme = {3},
                version = version + 1 WHERE id = {0} AND (pinned <> {1}
                    OR pinned_until IS DISTINCT FROM {2} OR pinned_in_theme IS DISTINCT FROM {3})
                RETURNING category_id""",
            topic.id,
            pinned,
            ends,
            narrow,
        )
        if rows:
            await sql("UPDATE topic_users SET cleared_pinned_at = NULL WHERE topic_id = {0}", topic.id)
            details: dict[str, Detail] = {"until": ends.isoformat()} if ends else {}
            if narrow:
                details["in_theme"] = True
            await _note(moderator, Act.PIN_TOPIC if pinned else Act.UNPIN_TOPIC, topic, **details)
            _tell(record, moderator, topic.id, rows[0]["category_id"], "topic.pinned")


async def _note(actor: Viewer, act: Act, topic: TopicCard, **details: Detail) -> None:
    """What staff do to a topic is written down."""
    await note(actor.id, act, topic_id=topic.id, details=details)


def _tell(record: Record, viewer: Viewer, topic_id: int, category_id: int, kind: str) -> None:
    for channel in (topic_channel(topic_id), *list_channels(viewer, category_id)):
        record(channel, kind, topic_id=topic_id)


async def move_topic(moderator: Viewer, topic: TopicCard, category_id: int) -> None:
    """Move a topic to another theme. Whoever may not see it there hears nothing of it from here on.

    Raises:
        Invalid: no such theme, or not for the moderator.
        Forbidden: not staff, or may not open a topic there.
        Conflict: somebody moved or deleted it a moment ago.
    """
    check_move(moderator, topic, category_id)
    if category_id == topic.category_id:
        return
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE topics SET category_id = {1}, version = version + 1
                WHERE id = {0} AND category_id = {2} AND deleted_at IS NULL RETURNING id""",
            topic.id,
            category_id,
            topic.category_id,
        )
        if not rows:
            raise Conflict(_("This topic has just been moved or deleted."))
        await jobs.enqueue("forget_hidden_alerts", topic_id=topic.id)
        await note(
            moderator.id,
            Act.MOVE_TOPIC,
            topic_id=topic.id,
            category_id=category_id,
            details={"from_category_id": topic.category_id},
        )
        rights.channel_changed(record, topic_channel(topic.id))
        _tell_move(record, moderator, topic, category_id)


def check_move(moderator: Viewer, topic: TopicCard, category_id: int) -> None:
    """Whether the moderator may move the topic there.

    Raises:
        Invalid, Forbidden: as for moving.
    """
    require(may_moderate(moderator, topic))
    if not moderator.may_see(category_id):
        raise Invalid(fields={"category_id": _("Choose a theme.")})
    require(may_open_topic(moderator, category_id), _("You may not open a topic in this theme."))


def _tell_move(record: Record, viewer: Viewer, topic: TopicCard, category_id: int) -> None:
    """Each list hears of the themes that it shows, and of no other: where the topic was, where it is."""
    record(topic_channel(topic.id), "topic.moved", topic_id=topic.id, category_id=category_id)
    left, found = list_channels(viewer, topic.category_id), list_channels(viewer, category_id)
    for channel in dict.fromkeys([*left, *found]):
        before = {"from_category_id": topic.category_id} if channel in left else {}
        after = {"category_id": category_id} if channel in found else {}
        record(channel, "topic.moved", topic_id=topic.id, **before, **after)


async def delete_topic(moderator: Viewer, topic: TopicCard) -> None:
    """Take a topic away from everyone but staff, with the alerts about its posts.

    Raises:
        Forbidden: not staff. Conflict: it was deleted a moment ago.
    """
    require(may_moderate(moderator, topic))
    async with log.transaction() as record:
        if not await take_topic_away(record, moderator, topic.id):
            raise Conflict(_("This topic has just been deleted."))


async def take_topic_away(
    record: Record, moderator: Viewer, topic_id: int, *, reason: str = "", noted: bool = True
) -> bool:
    """A step of deleting a topic and of moderating; False if it is deleted already.

    Args:
        noted: in the journal, unless what it is a part of is.
    """
    rows = await sql(
        """UPDATE topics SET deleted_at = {1}, deleted_by_id = {2}, version = version + 1
            WHERE id = {0} AND deleted_at IS NULL RETURNING category_id""",
        topic_id,
        now(),
        moderator.member_id,
    )
    for row in rows:
        for post_id in await _alerted_posts(topic_id):
            await forget_post(post_id, record)
        if noted:
            await _note_with_reason(moderator, Act.DELETE_TOPIC, topic_id, reason)
        rights.channel_changed(record, topic_channel(topic_id))
        _tell(record, moderator, topic_id, row["category_id"], "topic.deleted")
    return bool(rows)


async def _note_with_reason(actor: Viewer, act: Act, topic_id: int, reason: str) -> None:
    details = {"reason": reason} if reason else None
    await note(actor.id, act, topic_id=topic_id, details=details)


async def _alerted_posts(topic_id: int) -> list[int]:
    rows = await sql("SELECT DISTINCT post_id FROM notifications WHERE topic_id = {0}", topic_id)
    return sorted(row["post_id"] for row in rows)


async def recover_topic(moderator: Viewer, topic: TopicCard) -> None:
    """Bring a deleted topic back.

    Raises:
        Forbidden: not staff. Conflict: it is not deleted.
    """
    require(may_moderate(moderator, topic))
    async with log.transaction() as record:
        if not await bring_topic_back(record, moderator, topic.id):
            raise Conflict(_("This topic is not deleted."))


async def bring_topic_back(
    record: Record, moderator: Viewer, topic_id: int, *, reason: str = "", noted: bool = True
) -> bool:
    """A step of recovering a topic and of moderating; False if it is not deleted."""
    rows = await sql(
        """UPDATE topics SET deleted_at = NULL, deleted_by_id = NULL, version = version + 1
            WHERE id = {0} AND deleted_at IS NOT NULL RETURNING category_id""",
        topic_id,
    )
    for row in rows:
        if noted:
            await _note_with_reason(moderator, Act.RECOVER_TOPIC, topic_id, reason)
        rights.channel_changed(record, topic_channel(topic_id))
        _tell(record, moderator, topic_id, row["category_id"], "topic.recovered")
    return bool(rows)
