"""An administrator merges an organisation into another one. One transaction, and a look behind it."""

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.administration.permissions import may_administer
from forum.clock import now
from forum.errors import Conflict, Invalid, gathered, require, require_none
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.mergers.queries import merge_of
from forum.organisations.merging import Merge, steps
from forum.posts.text import check_note
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def merge_organisations(admin: Viewer, absorbed_id: int, kept_id: int, reason: str) -> Merge:
    """Move everything of one organisation to another; its address leads there from now on.

    Args:
        reason: why, for the journal.

    Returns:
        both, as they were called.

    Raises:
        Forbidden: not an administrator. Invalid: none (0), one and the same, there is none of that number,
            or no reason. Conflict: one of them has already gone into another.
    """
    require(may_administer(admin))
    words = _check(absorbed_id, kept_id, reason)
    async with log.transaction() as record:
        merge = await _take(absorbed_id, kept_id)
        await sql("UPDATE organisations SET merged_into_id = {1} WHERE id = {0}", absorbed_id, kept_id)
        await _move(merge, record)
        await jobs.enqueue("move_latecomers", organisation_id=absorbed_id)
        await note(admin.id, Act.MERGE_ORGANISATIONS, details=_details(merge, words))
    return merge


def _check(absorbed_id: int, kept_id: int, reason: str) -> str:
    """The reason; every fault at once."""
    both, words = {"absorbed": absorbed_id, "kept": kept_id}, ""
    faults = {name: _("Choose one of the list.") for name, number in both.items() if not number}
    if not faults and absorbed_id == kept_id:
        faults["kept"] = _("Choose two organisations: this is one and the same.")
    with gathered(faults):
        words = check_note(reason, "reason", needed=True)
    require_none(faults)
    return words


async def _take(absorbed_id: int, kept_id: int) -> Merge:
    """Take the locks of both, in one order, if they are there to be merged; lists are made anew after it."""
    names = {}
    for organisation_id in sorted((absorbed_id, kept_id)):
        rows = await sql(
            """UPDATE organisations SET updated_at = {1} WHERE id = {0} AND merged_into_id IS NULL
                RETURNING name""",
            organisation_id,
            now(),
        )
        if not rows:
            await _refuse(organisation_id, "absorbed" if organisation_id == absorbed_id else "kept")
        names[organisation_id] = rows[0]["name"]
    return Merge(absorbed_id, names[absorbed_id], kept_id, names[kept_id])


async def _refuse(organisation_id: int, field: str) -> None:
    """
    Raises:
        Invalid: there is none. Conflict: it has gone into another one, which is named.
    """
    merge = await merge_of(organisation_id)
    if merge is None:
        raise Invalid(fields={field: _("There is no such organisation in the directory.")})
    told = _("%(name)s has already been merged into %(kept)s.")
    sentence = told % {"name": merge.absorbed, "kept": merge.kept}
    raise Conflict(sentence, {field: sentence})


async def _move(merge: Merge, record: Record) -> None:
    """Take the locks of the topics that change, in one order, then each slice's step."""
    topics = {topic_id for step in steps() for topic_id in await step.topics(merge)}
    for topic_id in sorted(topics):
        await sql("UPDATE topics SET version = version + 1 WHERE id = {0}", topic_id)
    for step in steps():
        await step.move(merge, record)


def _details(merge: Merge, reason: str) -> dict[str, str | int | bool | None]:
    return {
        "organisation_id": merge.absorbed_id,
        "organisation": merge.absorbed,
        "to_organisation_id": merge.kept_id,
        "to_organisation": merge.kept,
        "reason": reason,
    }


async def move_latecomers(organisation_id: int) -> None:
    """The job, right after a merge: what was being written at that very moment follows."""
    async with log.transaction() as record:
        merge = await merge_of(organisation_id)
        if merge is not None:
            await _move(merge, record)
