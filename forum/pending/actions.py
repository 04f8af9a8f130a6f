"""First posts held back, changed, withdrawn, published, refused, appealed. Each action is one transaction."""

from collections.abc import Sequence

import orjson

from forum.accounts.queries import viewer_of_id
from forum.accounts.viewer import Viewer
from forum.channels import user_channel
from forum.clock import now
from forum.errors import Conflict, NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import Detail, note
from forum.kinds.fields import typed_as
from forum.kinds.registry import NOTHING, Typed, kind_of
from forum.kinds.steps import check_details
from forum.mail.actions import write_mail
from forum.notifications.models import NotificationType
from forum.pending.permissions import may_approve
from forum.pending.queries import HeldCard, others_may_decide
from forum.pending.waiting import APPROVES
from forum.posts.actions import check_reply, quoted_authors, write_reply
from forum.posts.new import NewPost
from forum.posts.text import Cooked, check_note, cook_post
from forum.reviewables.claims import lapsed, take_in_hand
from forum.reviewables.steps import tell_member
from forum.tags.names import join_names
from forum.topics.actions import Checked, check_topic, write_topic
from forum.topics.permissions import may_open_topic, may_reply
from forum.topics.queries import TopicCard, topic_visible_to
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def hold_reply(
    author: Viewer, topic: TopicCard, raw: str, *, reply_to: int | None = None, key: str = ""
) -> int:
    """Keep a reply until whoever looks after the theme has seen it; nobody else learns of it. Its number.

    Raises:
        Forbidden, Invalid: as for replying.
    """
    closed = _("This topic is closed: it can be read, not replied to.")
    require(may_reply(author, topic), closed if topic.closed else _("You may not reply in this topic."))
    cooked = await check_reply(author, topic.id, raw)
    return await _hold(author, topic.category_id, key, cooked.source, topic_id=topic.id, reply_to=reply_to)


async def hold_topic(
    author: Viewer,
    category_id: int,
    kind: str,
    title: str,
    raw: str,
    *,
    tags: Sequence[str] = (),
    details: Typed = NOTHING,
    key: str = "",
) -> int:
    """Keep a topic with its first post until whoever looks after the theme has seen it. Its number.

    Raises:
        Forbidden, Invalid: as for opening it.
    """
    checked = await check_topic(author, category_id, kind, title, raw, tags, details)
    require(may_open_topic(author, category_id), _("You may not open a topic in this theme."))
    return await _hold(
        author,
        category_id,
        key,
        checked.cooked.source,
        kind=kind,
        title=checked.title,
        tags=join_names(checked.tags),
        details=orjson.dumps(
            {one.name: typed_as(checked.details.get(one.name)) for one in kind_of(kind).fields}
        ).decode(),
    )


async def _hold(
    author: Viewer,
    category_id: int,
    key: str,
    source: str,
    *,
    topic_id: int | None = None,
    reply_to: int | None = None,
    kind: str = "",
    title: str = "",
    tags: str = "",
    details: str = "",
) -> int:
    """The row; the same key twice gives the first one again."""
    async with log.transaction() as record:
        rows = await sql(
            """INSERT INTO pending_posts (user_id, topic_id, category_id, key, reply_to_post_number, kind,
                    title, tag_names, raw, created_at, is_open, reason, message, details)
                VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10}, '', '', {11})
                ON CONFLICT (user_id, key) DO NOTHING RETURNING id""",
            author.member_id,
            topic_id,
            category_id,
            key or None,
            reply_to,
            kind,
            title,
            tags,
            source,
            now(),
            True,
            details,
        )
        if not rows:
            earlier = "SELECT id FROM pending_posts WHERE user_id = {0} AND key = {1}"
            return int((await sql(earlier, author.member_id, key))[0]["id"])
        await _tell_reviewers(record, rows[0]["id"])
    return int(rows[0]["id"])


async def _tell_reviewers(record: Record, held_id: int) -> None:
    """The badge of each who may decide; nobody else hears of it."""
    rows = await sql(
        f"""SELECT u.id FROM users u JOIN pending_posts h ON h.id = {{0}}
            LEFT JOIN topics ht ON ht.id = h.topic_id WHERE {APPROVES}
            AND u.deactivated_at IS NULL AND u.id <> h.user_id""",
        held_id,
    )
    for row in rows:
        record(user_channel(row["id"]), "review.changed", user_id=row["id"])


async def revise_held(author: Viewer, held: HeldCard, raw: str) -> None:
    """Replace the text of what waits.

    Raises:
        Forbidden: not its author. Invalid: the text does not do. Conflict: it was decided a moment ago.
    """
    require(author.signed_in and author.id == held.author_id)
    cooked = await cook_post(raw, held.topic_id, writer=author)
    async with log.transaction():
        rows = await sql(
            "UPDATE pending_posts SET raw = {1} WHERE id = {0} AND is_open = true RETURNING id",
            held.id,
            cooked.source,
        )
        if not rows:
            raise Conflict(_("The moderators have just decided about this post. Your text is below."))


async def withdraw_held(author: Viewer, held: HeldCard) -> None:
    """Take back what waits: it is kept for its author, and asked of nobody any more.

    Raises:
        Forbidden: not its author. Conflict: it was decided a moment ago.
    """
    require(author.signed_in and author.id == held.author_id)
    async with log.transaction() as record:
        rows = await sql(
            "UPDATE pending_posts SET is_open = {1} WHERE id = {0} AND is_open = true RETURNING id",
            held.id,
            False,
        )
        if not rows:
            raise Conflict(_("The moderators have just decided about this post. Your text is below."))
        await _told(record, held)


async def claim_held(moderator: Viewer, held: HeldCard) -> None:
    """Hold it for fifteen minutes, so that two do not look at it at once.

    Raises:
        Forbidden: as for publishing. Conflict: a colleague holds it, or it was decided a moment ago.
    """
    await _require_judge(moderator, held)
    async with log.transaction() as record:
        await take_in_hand("pending_posts", "is_open = true", held.id, moderator.member_id)
        await _tell_reviewers(record, held.id)


async def _require_judge(moderator: Viewer, held: HeldCard) -> None:
    sentence = _("An appeal is decided by somebody else than the first decision.")
    colleagues = await others_may_decide(moderator, held)
    require(may_approve(moderator, held, has_colleagues=colleagues), sentence)


async def publish_held(moderator: Viewer, held: HeldCard, raw: str) -> NewPost:
    """Publish it under its author's name, now; whom it addresses is told now.

    Args:
        raw: its text, as the moderator leaves it.

    Raises:
        Forbidden: not one's to look after, one's own, or one that one has refused.
        Invalid: the text does not do.
        Conflict: a colleague holds it or has decided it a moment ago, the topic is closed, or the author may
            not write any more.
    """
    await _require_judge(moderator, held)
    author = await _author_of(held)
    cooked = await cook_post(raw, held.topic_id, writer=author)
    quoted = await quoted_authors(cooked, held.topic_id or 0)
    async with log.transaction() as record:
        await _decide(moderator, held)
        new = await _write(record, author, held, cooked, quoted)
        await sql("UPDATE pending_posts SET post_id = {1} WHERE id = {0}", held.id, new.id)
        await tell_member(record, author.member_id, NotificationType.POST_APPROVED, new.id)
        details: dict[str, Detail] = {"edited": True} if cooked.source != held.source else {}
        await note(moderator.id, Act.APPROVE_POST, topic_id=new.topic_id, post_id=new.id, details=details)
        await _told(record, held)
    return new


async def _author_of(held: HeldCard) -> Viewer:
    author = await viewer_of_id(held.author_id, "fr")
    if author is None:
        raise Conflict(_("Its author may not write at present."))
    return author


async def _decide(moderator: Viewer, held: HeldCard, reason: str = "") -> None:
    """The first one decides."""
    rows = await sql(
        """UPDATE pending_posts SET is_open = {1}, decided_by_id = {2}, reason = {3}
            WHERE id = {0} AND is_open = true AND raw = {4}
            AND (claimed_by_id IS NULL OR claimed_by_id = {2} OR claimed_at < {5}) RETURNING id""",
        held.id,
        False,
        moderator.member_id,
        reason,
        held.source,
        lapsed(),
    )
    if not rows:
        raise Conflict(_("Somebody has decided or changed this a moment ago. Look at it again."))


async def _write(
    record: Record, author: Viewer, held: HeldCard, cooked: Cooked, quoted: frozenset[int]
) -> NewPost:
    if held.topic_id is None:
        require(may_open_topic(author, held.category_id), _("Its author may not write at present."))
        values = await check_details(author, kind_of(held.kind), held.details)
        checked = Checked(held.title, cooked, list(held.tags), values)
        return await write_topic(record, author, held.category_id, held.kind, checked)
    try:
        topic = await topic_visible_to(author, held.topic_id)
    except NotFound:
        raise Conflict(_("Its author may not write in this topic any more.")) from None
    require(may_reply(author, topic), _("The topic is closed, or its author may not write in it any more."))
    return await write_reply(record, author, topic, cooked, quoted, held.reply_to)


async def _told(record: Record, held: HeldCard) -> None:
    """The badges of those who decide; and the author's open pages, where it does not wait any more."""
    await _tell_reviewers(record, held.id)
    record(user_channel(held.author_id), "pending.decided", user_id=held.author_id, pending_id=held.id)


async def refuse_held(moderator: Viewer, held: HeldCard, reason: str, base_url: str) -> None:
    """Refuse it; its author keeps the text, gets the reason by mail and on its page, and may appeal once.

    Raises:
        Forbidden, Conflict: as for publishing. Invalid: no reason.
    """
    await _require_judge(moderator, held)
    words = check_note(reason, "reason", needed=True)
    async with log.transaction() as record:
        await _decide(moderator, held, words)
        (author,) = await sql("SELECT email, locale FROM users WHERE id = {0}", held.author_id)
        await write_mail(
            "pending_refused", author["email"], base_url, author["locale"] or "", held_id=held.id
        )
        details: dict[str, Detail] = {"reason": words}
        await note(
            moderator.id, Act.REJECT_POST, user_id=held.author_id, topic_id=held.topic_id, details=details
        )
        await _told(record, held)


async def appeal_held(author: Viewer, held: HeldCard, message: str) -> None:
    """Ask for a second look, once.

    Raises:
        Forbidden: not one's own. Invalid: nothing said. Conflict: not refused, or appealed before.
    """
    require(author.signed_in and author.id == held.author_id)
    words = check_note(message, "message", needed=True)
    async with log.transaction() as record:
        rows = await sql(
            """UPDATE pending_posts SET is_open = {1}, message = {2}, claimed_by_id = NULL
                WHERE id = {0} AND is_open = false AND post_id IS NULL
                AND reason <> '' AND message = '' RETURNING id""",
            held.id,
            True,
            words,
        )
        if not rows:
            raise Conflict(_("You have appealed this decision already, or your post is back."))
        await _tell_reviewers(record, held.id)
