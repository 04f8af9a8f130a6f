"""An organisation took something up, says more of it, takes its word back. Each is one transaction."""

from collections.abc import Mapping

from forum.accounts.viewer import Viewer
from forum.channels import list_channels, topic_channel
from forum.clock import now
from forum.errors import Conflict, Forbidden, Invalid, gathered, require, require_none
from forum.i18n import gettext as _
from forum.kinds.fields import Value
from forum.notifications.actions import notify_about
from forum.notifications.models import NotificationType
from forum.posts.new import NewPost
from forum.reuses.fields import NAMES, read_reuse
from forum.reuses.permissions import may_change, may_declare
from forum.reuses.queries import Item, descends_from
from forum.reuses.steps import forget_empty_alerts, links_of, recount_reuses
from forum.text import MAX_ID
from realtime import log
from realtime.log import Record
from realtime.sql import places, sql


async def declare_reuse(
    member: Viewer, item: Item, organisation_id: int, typed: Mapping[str, str], version: int = 0
) -> None:
    """Write an organisation's record about an item, or its next version; the author is told of a new one.

    Args:
        organisation_id: for whom the member speaks; they are verified there.
        typed: the fields (`forum/reuses/fields.py`) and `taken_from`, the number of another record.
        version: of the record that the member had before their eyes; 0 for none.

    Raises:
        Forbidden: may not write in the theme, or is not verified there. Invalid: a sentence for each field.
        Conflict: a colleague wrote it meanwhile, or the item was moved or deleted a moment ago.
    """
    allowed = may_change(member, item) if version else may_declare(member, item)
    require(allowed, _("This cannot be taken up here."))
    faults, values, taken_from = dict[str, str](), dict[str, Value](), None
    if item.organisation_id == organisation_id and not version:
        faults["organisation_id"] = _("This comes from your own organisation.")
    with gathered(faults):
        values = read_reuse(typed)
    with gathered(faults):
        taken_from = _number(typed.get("taken_from", ""))
    require_none(faults)
    async with log.transaction() as record:
        await _lock(item)
        await _require_verified(member, organisation_id)
        own = await _own(item, organisation_id, version)
        await _check_source(item, own, taken_from)
        if own is None:
            await _notify_author(member, item, record)
            await _insert(member, item, organisation_id, values, taken_from)
            await recount_reuses(item.topic_id)
        else:
            await _update(member, own, values, taken_from)
        _tell(record, member, item)


def _number(typed: str) -> int | None:
    """The record that it was taken from; None: from the item itself.

    Raises:
        Invalid: no number.
    """
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed[:12]) <= MAX_ID):
        raise Invalid(fields={"taken_from": _("Choose one of the list.")})
    return int(typed)


async def _lock(item: Item) -> None:
    """Take the topic's lock, if the item is still where the right was asked."""
    rows = await sql(
        """UPDATE topics SET version = version + 1 WHERE id = {0} AND category_id = {1} AND deleted_at IS NULL
            AND EXISTS (SELECT 1 FROM posts p WHERE p.id = {2} AND p.topic_id = {0} AND p.deleted_at IS NULL)
            RETURNING id""",
        item.topic_id,
        item.category_id,
        item.post_id,
    )
    if not rows:
        raise Conflict(_("This has just been moved or deleted."))


async def _require_verified(member: Viewer, organisation_id: int) -> None:
    rows = await sql(
        """SELECT 1 FROM organisation_members WHERE user_id = {0} AND organisation_id = {1}
            AND verified_until > {2}""",
        member.member_id,
        organisation_id,
        now(),
    )
    if not rows:
        raise Forbidden(not_verified())


def not_verified() -> str:
    """The refusal, with the ways out of it."""
    return _(
        "Only a verified member of an organisation speaks for it. Show in your preferences that you work "
        "there: by your mail address, by a code sent to its official address, or by two colleagues."
    )


async def _own(item: Item, organisation_id: int, version: int) -> int | None:
    """The organisation's record, if it is the version that was read.

    Raises:
        Conflict: it is another one.
    """
    rows = await sql(
        "SELECT id, version FROM reuses WHERE post_id = {0} AND organisation_id = {1}",
        item.post_id,
        organisation_id,
    )
    if (rows[0]["version"] if rows else 0) != version:
        raise Conflict(_("A colleague has changed this while you were writing. Nothing is lost."))
    return rows[0]["id"] if rows else None


async def _check_source(item: Item, own: int | None, taken_from: int | None) -> None:
    """It is taken from a record of the same item, never from one that was taken from it.

    Raises:
        Invalid: it is not.
    """
    if taken_from is None:
        return
    links = await links_of(item.post_id)
    if taken_from not in links:
        raise Invalid(fields={"taken_from": _("This record is not there any more: choose again.")})
    if own is not None and descends_from(links, taken_from, own):
        raise Invalid(fields={"taken_from": _("They took it from you: it cannot come from them.")})


async def _notify_author(member: Viewer, item: Item, record: Record) -> None:
    """Before the record, whose time tells which alert speaks of it."""
    post = NewPost(item.post_id, item.topic_id, item.category_id, item.number, member.member_id)
    if item.author_id != member.member_id:
        await notify_about(NotificationType.REUSED, item.author_id, post, record)


async def _insert(
    member: Viewer, item: Item, organisation_id: int, values: Mapping[str, Value], taken_from: int | None
) -> None:
    at = now()
    await sql(
        f"""INSERT INTO reuses (post_id, organisation_id, user_id, taken_from_id, version, created_at,
                updated_at, {", ".join(NAMES)}) VALUES {places(0, 7 + len(NAMES))}""",
        item.post_id, organisation_id, member.member_id, taken_from, 1, at, at,
        *(values[name] for name in NAMES),
    )  # fmt: skip


async def _update(member: Viewer, own: int, values: Mapping[str, Value], taken_from: int | None) -> None:
    changes = ", ".join(f"{name} = {{{n}}}" for n, name in enumerate(NAMES, 4))
    await sql(
        f"""UPDATE reuses SET user_id = {{1}}, taken_from_id = {{2}}, updated_at = {{3}},
                version = version + 1, {changes} WHERE id = {{0}}""",
        own, member.member_id, taken_from, now(), *(values[name] for name in NAMES),
    )  # fmt: skip


def _tell(record: Record, member: Viewer, item: Item) -> None:
    """Its page follows, and where it opens its topic, the rows of lists."""
    lists = list_channels(member, item.category_id) if item.is_first else []
    for channel in (topic_channel(item.topic_id), *lists):
        record(channel, "reuse.changed", topic_id=item.topic_id, post_id=item.post_id)


async def withdraw_reuse(member: Viewer, item: Item, organisation_id: int) -> None:
    """Take an organisation's record away; whoever took it from them has it from whom they had it.

    Twice has the effect of once.

    Raises:
        Forbidden, Conflict: as for declaring.
    """
    require(may_change(member, item), _("This cannot be taken up here."))
    async with log.transaction() as record:
        await _lock(item)
        await _require_verified(member, organisation_id)
        rows = await sql(
            "SELECT id, taken_from_id FROM reuses WHERE post_id = {0} AND organisation_id = {1}",
            item.post_id,
            organisation_id,
        )
        for row in rows:
            await sql(
                "UPDATE reuses SET taken_from_id = {1} WHERE taken_from_id = {0}",
                row["id"],
                row["taken_from_id"],
            )
            await sql("DELETE FROM reuses WHERE id = {0}", row["id"])
            await recount_reuses(item.topic_id)
            await forget_empty_alerts(item.post_id, record)
            _tell(record, member, item)
