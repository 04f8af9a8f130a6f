"""Adding, changing and removing groups of words, one at a time; each change stands in the journal."""

from collections.abc import Callable

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Conflict, Invalid, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.settings.known import SEARCH_SYNONYMS
from forum.synonyms.groups import MAX_GROUPS, groups_in, read_group, words_of
from forum.synonyms.permissions import may_edit_synonyms
from realtime import log
from realtime.sql import sql

Lines = list[str]


async def add_group(editor: Viewer, typed: str) -> str:
    """A new group, from the next question on; as it is kept.

    Raises:
        Forbidden: whoever looks after nothing. Invalid: no group, or one of its terms has one already.
    """

    def added(lines: Lines) -> tuple[Lines, str]:
        groups = groups_in("\n".join(lines))
        if len(groups) >= MAX_GROUPS:
            sentence = _("There are %(n)s groups: no more than that.")
            raise Invalid(fields={"words": sentence % {"n": MAX_GROUPS}})
        group = read_group(typed, groups)
        return [*lines, group], group

    return await _edit(editor, "", added)


async def change_group(editor: Viewer, before: str, typed: str) -> str:
    """Other words for a group.

    Args:
        before: the group as its editor saw it.

    Raises:
        Forbidden: whoever looks after nothing. Invalid: no group. Conflict: it is another one meanwhile.
    """

    def changed(lines: Lines) -> tuple[Lines, str]:
        at = _place(lines, before)
        others = groups_in("\n".join([*lines[:at], *lines[at + 1 :]]))
        group = read_group(typed, others)
        comment = lines[at].partition("#")[2]
        return [*lines[:at], f"{group} #{comment}" if comment else group, *lines[at + 1 :]], group

    return await _edit(editor, before, changed)


async def remove_group(editor: Viewer, before: str) -> None:
    """Its terms find each other no more.

    Raises:
        Forbidden: whoever looks after nothing. Conflict: the group is another one meanwhile.
    """

    def without(lines: Lines) -> tuple[Lines, str]:
        at = _place(lines, before)
        return [*lines[:at], *lines[at + 1 :]], ""

    await _edit(editor, before, without)


def _place(lines: Lines, before: str) -> int:
    places = [n for n, line in enumerate(lines) if before and words_of(line) == before]
    if not places:
        raise Conflict(_("Somebody has changed this group meanwhile."))
    return places[0]


async def _edit(editor: Viewer, before: str, edit: Callable[[Lines], tuple[Lines, str]]) -> str:
    """One change of the list, on the list as it is at this moment; the group as it is after it."""
    require(may_edit_synonyms(editor))
    async with log.transaction():
        lines, after = edit(await _lines())
        if after != before:
            await _keep("\n".join(lines))
            details = {"before": before, "after": after}
            await note(editor.id, Act.CHANGE_SYNONYMS, details=details)
    return after


async def _lines() -> Lines:
    """The list, whose row is the lock: nobody else changes it meanwhile."""
    rows = await sql(
        """INSERT INTO site_settings (name, value, updated_at) VALUES ({0}, '', {1})
            ON CONFLICT (name) DO UPDATE SET updated_at = excluded.updated_at RETURNING value""",
        SEARCH_SYNONYMS.name,
        now(),
    )
    return str(rows[0]["value"]).splitlines()


async def _keep(text: str) -> None:
    try:
        value = SEARCH_SYNONYMS.read(text)
    except Invalid as fault:
        raise Invalid(fields={"words": _("The list is full: remove a group first.")}) from fault
    await sql("UPDATE site_settings SET value = {1} WHERE name = {0}", SEARCH_SYNONYMS.name, value)
