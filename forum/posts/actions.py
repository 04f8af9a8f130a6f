"""Replies written, revised, deleted and recovered. Each action is one transaction."""

from datetime import datetime

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.answers.steps import recount_accepted
from forum.api.steps import claim_key, keep_key
from forum.channels import list_channels, topic_channel
from forum.charter.permissions import require_charter
from forum.clock import now
from forum.errors import Conflict, gathered, require, require_none
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.kinds.registry import kind_of
from forum.markdown import COOK_VERSION, quotes
from forum.notifications.actions import forget_post, notify_of_post
from forum.organisations.steps import sign_post
from forum.posts.models import PostRevision, PostType
from forum.posts.new import NewPost
from forum.posts.permissions import may_delete_post, may_edit_post, may_recover_post
from forum.posts.queries import PostAt
from forum.posts.text import Cooked, cook_post
from forum.reading.actions import follow_by_posting
from forum.reading.models import FollowReason
from forum.topics.permissions import may_reply
from forum.topics.queries import TopicCard
from forum.uploads.steps import show_uploads
from forum.votes.steps import recount_likes
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def reply_to_topic(
    author: Viewer, topic: TopicCard, raw: str, *, reply_to: int | None = None, key: str = ""
) -> NewPost:
    """Write a reply.

    Args:
        raw: markdown, at most 32,000 graphemes.
        reply_to: the number of the post that it answers, if not the topic as a whole.
        key: the same key twice from one member gives the first reply again (a retry, a double click).

    Raises:
        Forbidden: may not reply here. Invalid: the text does not do, or the charter has changed.
        Conflict: closed or deleted meanwhile.
    """
    cooked = await check_reply(author, topic.id, raw)
    quoted = await quoted_authors(cooked, topic.id)

    async def change(record: Record) -> NewPost:
        if earlier := await claim_key(author.id or 0, key):
            return earlier
        closed = _("This topic is closed: it can be read, not replied to.")
        require(may_reply(author, topic), closed if topic.closed else _("You may not reply in this topic."))
        new = await write_reply(record, author, topic, cooked, quoted, reply_to)
        await keep_key(author.member_id, key, new.id)
        return new

    return await log.write(change)


async def check_reply(author: Viewer, topic_id: int, raw: str) -> Cooked:
    """The text of a reply, checked and cooked.

    Raises:
        Invalid: the text does not do, the charter has changed since the author accepted it, or both.
    """
    faults, cooked = dict[str, str](), Cooked("", "", frozenset())
    with gathered(faults):
        require_charter(author)
    with gathered(faults):
        cooked = await cook_post(raw, topic_id, writer=author)
    require_none(faults)
    return cooked


async def write_reply(
    record: Record,
    author: Viewer,
    topic: TopicCard,
    cooked: Cooked,
    quoted: frozenset[int],
    reply_to: int | None,
) -> NewPost:
    """A step of replying and of approving: the post, who is told, and the fact.

    Raises:
        Conflict: as for `next_post_number`.
    """
    number, category_id = await next_post_number(topic.id, author)
    parent = await _count_reply(topic.id, reply_to)
    post_id = await _store(author.member_id, topic.id, number, reply_to if parent else None, cooked)
    await show_uploads(post_id, cooked.uploads)
    await sign_post(post_id, author.member_id)
    new = NewPost(
        post_id, topic.id, category_id, number, author.member_id, topic.slug,
        replied_to=frozenset({parent or topic.author.id}), quoted=quoted, mentioned=cooked.mentioned,
    )  # fmt: skip
    await follow_by_posting(author.member_id, topic.id, number, FollowReason.CREATED_POST)
    await notify_of_post(new, record)
    tell(record, author, category_id, "post.created", new)
    return new


async def next_post_number(topic_id: int, author: Viewer) -> tuple[int, int]:
    """Take the topic's lock and its next number; that, and the theme where the topic is now.

    Raises:
        Conflict: the topic was closed, deleted or moved out of the author's reach a moment ago.
    """
    rows = await sql(
        """UPDATE topics SET highest_post_number = highest_post_number + 1, posts_count = posts_count + 1,
                version = version + 1, bumped_at = {1}, last_posted_at = {1}, last_poster_id = {2}
            WHERE id = {0} AND NOT closed AND deleted_at IS NULL
            RETURNING highest_post_number, category_id""",
        topic_id,
        now(),
        author.member_id,
    )
    if not rows or not author.may_reply_in(rows[0]["category_id"]):
        raise Conflict(_("This topic has just been closed. Your text is kept below."))
    return rows[0]["highest_post_number"], rows[0]["category_id"]


async def _count_reply(topic_id: int, number: int | None) -> int | None:
    """The author of the post that is answered, which counts one reply more.

    One that has just been moved away is answered all the same: its number here leads to it.
    """
    if number is None:
        return None
    rows = await sql(
        """UPDATE posts SET reply_count = reply_count + 1
            WHERE topic_id = {0} AND post_number = {1} AND deleted_at IS NULL AND post_type <> 3
            RETURNING user_id""",
        topic_id,
        number,
    ) or await sql(
        """SELECT p.user_id FROM moved_posts m JOIN posts p ON p.id = m.post_id
            WHERE m.topic_id = {0} AND m.post_number = {1} AND p.deleted_at IS NULL""",
        topic_id,
        number,
    )
    return rows[0]["user_id"] if rows else None


async def _store(author_id: int, topic_id: int, number: int, reply_to: int | None, cooked: Cooked) -> int:
    """The reply's row; its id. By hand: it is the busiest write of all."""
    rows = await sql(
        """INSERT INTO posts (topic_id, user_id, post_number, reply_to_post_number, raw, cooked, cook_version,
                created_at, updated_at, post_type, version, reply_count, score, up_count, imported_like_count)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {7}, {8}, 1, 0, 0, 0, 0) RETURNING id""",
        topic_id,
        author_id,
        number,
        reply_to,
        cooked.source,
        cooked.html,
        COOK_VERSION,
        now(),
        int(PostType.REGULAR),
    )
    return int(rows[0]["id"])


async def quoted_authors(cooked: Cooked, topic_id: int) -> frozenset[int]:
    """The authors of the posts that a text quotes, where author and number agree."""
    found: set[int] = set()
    for quote in list(quotes(cooked.source))[:20]:
        rows = await sql(
            """SELECT p.user_id FROM posts p JOIN users u ON u.id = p.user_id
                WHERE p.topic_id = {0} AND p.post_number = {1} AND u.username_lower = {2}
                AND p.deleted_at IS NULL""",
            quote.topic_id or topic_id,
            quote.post_number,
            quote.username.lower(),
        )
        found.update(row["user_id"] for row in rows)
    return frozenset(found)


def tell(record: Record, viewer: Viewer, category_id: int, kind: str, post: NewPost) -> None:
    """Record a fact about a post for its topic and for the lists that show the topic."""
    for channel in (topic_channel(post.topic_id), *list_channels(viewer, category_id)):
        record(channel, kind, topic_id=post.topic_id, post_id=post.id, post_number=post.number)


async def revise_post(editor: Viewer, post: PostAt, raw: str, *, reason: str, version: int) -> None:
    """Replace a post's text; the earlier ones stay in its history.

    Args:
        version: the version that the editor had before their eyes.

    Raises:
        Forbidden, Invalid: as for a reply. Conflict: somebody edited it meanwhile, or deleted it.
    """
    require(may_edit_post(editor, post), _("You may not edit this post."))
    cooked = await cook_post(raw, post.topic_id, writer=editor, post_id=post.id)
    async with log.transaction() as record:
        await touch_topic(post)
        await _replace_text(post, cooked, version)
        await show_uploads(post.id, cooked.uploads)
        await _keep_versions(editor, post, cooked, reason, version)
        first_of = kind_of(post.topic_kind) if post.number == 1 else None
        if first_of and first_of.table:
            # What stands around it follows: its contents, its files.
            record(topic_channel(post.topic_id), "topic.revised", topic_id=post.topic_id)
        if not (first_of and first_of.wiki):
            # Improving a wiki is everyone's.
            await _note_if_not_own(editor, Act.POST_EDIT, post, version=version, reason=reason)
        record(topic_channel(post.topic_id), "post.revised", **_place(post))


async def touch_topic(post: PostAt) -> None:
    """Take the topic's lock and move its version: what its page shows is changing.

    Raises:
        Conflict: the topic is no longer where the permission was asked.
    """
    rows = await sql(
        "UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1} RETURNING id",
        post.topic_id,
        post.category_id,
    )
    if not rows:
        raise Conflict(_("This topic has just been moved. Try again."))


async def _replace_text(post: PostAt, cooked: Cooked, version: int) -> None:
    rows = await sql(
        """UPDATE posts SET raw = {1}, cooked = {2}, cook_version = {3}, version = version + 1,
                edited_at = {4}, updated_at = {4}
            WHERE id = {0} AND version = {5} AND deleted_at IS NULL RETURNING id""",
        post.id,
        cooked.source,
        cooked.html,
        COOK_VERSION,
        now(),
        version,
    )
    if not rows:
        raise Conflict(_("Somebody has changed this post while you were writing. Nothing is lost."))


async def _keep_versions(editor: Viewer, post: PostAt, cooked: Cooked, reason: str, version: int) -> None:
    if version == 1:
        await PostRevision.create(
            post_id=post.id, version=1, user_id=post.author_id, source=post.source, created_at=post.created_at
        )
    await PostRevision.create(
        post_id=post.id,
        version=version + 1,
        user_id=editor.member_id,
        source=cooked.source,
        reason=reason[:200],
        created_at=now(),
    )


async def _note_if_not_own(actor: Viewer, act: Act, post: PostAt, **details: Detail) -> None:
    """What staff do to somebody else's post is written down; what one does to one's own is not."""
    if actor.id != post.author_id:
        await note(actor.id, act, topic_id=post.topic_id, post_id=post.id, details=details)


def _place(post: PostAt) -> dict[str, int]:
    return {"topic_id": post.topic_id, "post_id": post.id, "post_number": post.number}


async def delete_post(deleter: Viewer, post: PostAt) -> None:
    """Take a reply away: its place stays, its text is kept for whoever may recover it.

    Raises:
        Forbidden: not one's own, or the first post (delete the topic instead).
    """
    require(may_delete_post(deleter, post), _("You may not delete this post."))
    async with log.transaction() as record:
        await take_away(record, deleter, post)


async def take_away(
    record: Record,
    deleter: Viewer,
    post: PostAt,
    *,
    hidden: bool = False,
    reason: str = "",
    noted: bool = True,
) -> None:
    """A step of deleting and of moderating: a line stays in the post's place, nobody keeps an alert about it.

    Args:
        reason: moderation's, if it is moderation that takes the post away. Its author cannot bring it back
            then, even if they had deleted it before.
        hidden: whether the line says that moderation did it.
        noted: in the journal, unless what it is a part of is.
    """
    await touch_topic(post)
    was_there = await _mark_deleted(post.id, deleter.member_id, now())
    if was_there:
        await _recount(post, -1)
        await forget_post(post.id, record)
    if reason:
        await sql(
            "UPDATE posts SET hidden = {1}, deleted_by_id = {2} WHERE id = {0}",
            post.id,
            hidden,
            deleter.member_id,
        )
    if hidden:
        await jobs.enqueue("cook_quotes_again", post_id=post.id)
    if was_there or reason:
        act = Act.HIDE_POST if hidden else Act.DELETE_POST
        if noted:
            await _note_if_not_own(deleter, act, post, **({"reason": reason} if reason else {}))
        _tell_place(record, deleter, post, "post.deleted")


async def recover_post(recoverer: Viewer, post: PostAt) -> None:
    """Bring a deleted reply back, at its number.

    Raises:
        Forbidden: neither staff nor the author who deleted it.
    """
    require(may_recover_post(recoverer, post), _("You may not recover this post."))
    async with log.transaction() as record:
        await bring_back(record, recoverer, post)


async def bring_back(
    record: Record, recoverer: Viewer, post: PostAt, *, reason: str = "", noted: bool = True
) -> None:
    """A step of recovering and of moderating: the post is there again, at its number."""
    await touch_topic(post)
    if await _mark_deleted(post.id, None, None):
        await _recount(post, +1)
        if post.hidden:
            await jobs.enqueue("cook_quotes_again", post_id=post.id)
        if noted:
            words = {"reason": reason} if reason else {}
            await _note_if_not_own(recoverer, Act.RECOVER_POST, post, **words)
        _tell_place(record, recoverer, post, "post.recovered")


async def _mark_deleted(post_id: int, by: int | None, at: datetime | None) -> bool:
    """Set or clear the deletion; False when it already was so."""
    is_so = "NULL" if at else "NOT NULL"
    rows = await sql(
        f"""UPDATE posts SET deleted_at = {{1}}, deleted_by_id = {{2}}, hidden = {{3}}
            WHERE id = {{0}} AND deleted_at IS {is_so} RETURNING id""",
        post_id,
        at,
        by,
        False,
    )
    return bool(rows)


async def _recount(post: PostAt, sign: int) -> None:
    """The topic's and the parent's counts after a deletion (−1) or a recovery (+1).

    The post that opens the topic is counted also while moderation hides it.
    """
    await sql(
        f"""UPDATE posts SET reply_count = reply_count + ({sign}) WHERE topic_id = {{0}} AND post_type <> 3
            AND post_number = (SELECT reply_to_post_number FROM posts WHERE id = {{1}})""",
        post.topic_id,
        post.id,
    )
    if post.number > 1:
        await _recount_posts(post.topic_id, sign)
    await recount_accepted(post.topic_id)
    await recount_likes(post.topic_id)


async def _recount_posts(topic_id: int, sign: int) -> None:
    """Of the last post that is left: lines that stand for moved posts are none."""
    last = """COALESCE((SELECT {} FROM posts WHERE topic_id = {{0}} AND post_type <> 3
        AND (deleted_at IS NULL OR post_number = 1) ORDER BY post_number DESC LIMIT 1), {})"""
    at, by = last.format("created_at", "last_posted_at"), last.format("user_id", "last_poster_id")
    await sql(
        f"""UPDATE topics SET posts_count = posts_count + ({sign}), last_posted_at = {at}, bumped_at = {at},
                last_poster_id = {by} WHERE id = {{0}}""",
        topic_id,
    )


def _tell_place(record: Record, viewer: Viewer, post: PostAt, kind: str) -> None:
    for channel in (topic_channel(post.topic_id), *list_channels(viewer, post.category_id)):
        record(channel, kind, **_place(post))
