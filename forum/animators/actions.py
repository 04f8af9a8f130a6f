"""Who looks after a theme, named and dismissed; what they see and what waits for them follows at once."""

from forum.accounts.viewer import Viewer
from forum.animators.steps import members_of_group, refresh_cards_of
from forum.categories.actions import touch_site
from forum.categories.permissions import may_manage_themes
from forum.categories.queries import expire_themes, sees
from forum.categories.steps import group_names
from forum.channels import user_channel
from forum.errors import Invalid, NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from realtime import log, rights
from realtime.log import Record
from realtime.sql import sql


async def name_animator(
    admin: Viewer, category_id: int, *, user_id: int | None = None, group_id: int | None = None
) -> bool:
    """Have a member, or all members of a group, look after a theme and its sub-themes; False if they do.

    Args:
        user_id, group_id: one of the two.

    Raises:
        Forbidden: not an administrator. NotFound: no such theme, member or group.
        Invalid: they may not see the theme: naming somebody opens no door.
    """
    require(may_manage_themes(admin))
    async with log.transaction() as record:
        await touch_site()
        if not await sql("SELECT 1 FROM categories WHERE id = {0}", category_id):
            raise NotFound(_("There is no theme of that number."))
        if not await _sees(category_id, user_id, group_id):
            sentence = _("They may not see this theme: open it to one of their groups first.")
            raise Invalid(fields={"animator": sentence})
        rows = await sql(
            """INSERT INTO category_animators (category_id, user_id, group_id) VALUES ({0}, {1}, {2})
                ON CONFLICT DO NOTHING RETURNING id""",
            category_id,
            user_id,
            group_id,
        )
        if rows:
            await _tell_animators(record, user_id, group_id)
            await _note_animator(admin, Act.ADD_ANIMATOR, category_id, user_id, group_id)
    expire_themes()
    return bool(rows)


async def _sees(category_id: int, user_id: int | None, group_id: int | None) -> bool:
    if user_id is not None:
        who = "SELECT 1 FROM users u WHERE u.id = {1}"
        return bool(await sql(f"{who} AND {sees('{0}')}", category_id, user_id))
    return bool(
        await sql(
            """SELECT 1 FROM categories c
                JOIN categories r ON r.id = COALESCE(CASE WHEN c.inherits THEN c.parent_id END, c.id)
                JOIN groups g ON g.id = {1} WHERE c.id = {0} AND (r.everyone_may > 0 OR EXISTS
                    (SELECT 1 FROM category_groups cg WHERE cg.category_id = r.id AND cg.group_id = g.id))""",
            category_id,
            group_id,
        )
    )


async def dismiss_animator(admin: Viewer, category_id: int, animator_id: int) -> None:
    """Take the care of a theme from somebody.

    Raises:
        Forbidden: not an administrator. NotFound: no such animator of this theme.
    """
    require(may_manage_themes(admin))
    async with log.transaction() as record:
        await touch_site()
        rows = await sql(
            """DELETE FROM category_animators WHERE id = {0} AND category_id = {1}
                RETURNING user_id, group_id""",
            animator_id,
            category_id,
        )
        if not rows:
            raise NotFound
        await _tell_animators(record, rows[0]["user_id"], rows[0]["group_id"])
        await _note_animator(admin, Act.REMOVE_ANIMATOR, category_id, rows[0]["user_id"], rows[0]["group_id"])
    expire_themes()


async def _tell_animators(record: Record, user_id: int | None, group_id: int | None) -> None:
    """What they hear changes (deleted topics), what waits for them, and what their cards say."""
    people = [user_id] if user_id is not None else await members_of_group(group_id)
    await refresh_cards_of(people)
    for person in people:
        rights.user_changed(record, str(person))
        record(user_channel(person), "review.changed", user_id=person)


async def _note_animator(
    admin: Viewer, act: Act, category_id: int, user_id: int | None, group_id: int | None
) -> None:
    group = {"group": await group_names([group_id])} if group_id is not None else {}
    await note(admin.id, act, category_id=category_id, user_id=user_id, details=group)
