"""Flags raised."""

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, gathered, require, require_none
from forum.flags.models import FlagType
from forum.flags.permissions import may_flag
from forum.i18n import gettext as _
from forum.posts.queries import PostAt
from forum.posts.text import check_note
from forum.reviewables.models import Kind
from forum.reviewables.steps import tell_reviewers
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def flag_post(flagger: Viewer, post: PostAt, flag_type: int, message: str = "") -> int:
    """Bring a post before the moderators: the number of the item in their queue, where all its flags are.

    Args:
        flag_type: a number of `FlagType`.
        message: what the moderators should know; needed with `NOTIFY_MODERATORS`.

    Raises:
        Forbidden: a visitor, or one's own post.
        Invalid: no reason, no words with "something else", or too many; every fault at once.
        Conflict: the member has flagged it before, or it was deleted a moment ago.
    """
    require(may_flag(flagger, post), _("You may not report this post."))
    reason, words = _check(flag_type, message)

    async def change(record: Record) -> int:
        item = await _open_item(post.id)
        if await sql("SELECT 1 FROM posts WHERE id = {0} AND deleted_at IS NOT NULL", post.id):
            raise Conflict(_("This post has just been deleted."))
        await _store(item, flagger.member_id, post.id, reason, words)
        await tell_reviewers(record, post.topic_id, post.author_id)
        return item

    return await log.write(change)


def _check(flag_type: int, message: str) -> tuple[FlagType, str]:
    faults, words = dict[str, str](), ""
    if flag_type not in list(FlagType):
        faults["flag_type_id"] = _("Choose a reason.")
    with gathered(faults):
        words = check_note(message, "message", needed=flag_type == FlagType.NOTIFY_MODERATORS)
    require_none(faults)
    return FlagType(flag_type), words


async def _open_item(post_id: int) -> int:
    """The post's open item, or a new one; whoever decides it waits until this flag is in it."""
    rows = await sql(
        """INSERT INTO reviewables (kind, post_id, open_post_id, flags_count, created_at, reason,
                    message)
            VALUES ({0}, {1}, {1}, 1, {2}, '', '')
            ON CONFLICT (open_post_id) DO UPDATE SET flags_count = reviewables.flags_count + 1
            RETURNING id""",
        Kind.FLAGGED_POST.value,
        post_id,
        now(),
    )
    return int(rows[0]["id"])


async def _store(item: int, user_id: int, post_id: int, reason: FlagType, message: str) -> None:
    rows = await sql(
        """INSERT INTO flags (post_id, user_id, reviewable_id, flag_type, message, created_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}) ON CONFLICT (post_id, user_id) DO NOTHING RETURNING id""",
        post_id,
        user_id,
        item,
        int(reason),
        message,
        now(),
    )
    if not rows:
        raise Conflict(_("You have reported this post already."))
