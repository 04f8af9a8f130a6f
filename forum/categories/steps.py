"""Steps of whatever changes to whom a theme is open."""

from collections.abc import Iterable

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.categories.models import Permission
from forum.categories.queries import Rules, ids
from forum.errors import Invalid, NotFound
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from realtime import rights
from realtime.log import Record
from realtime.sql import sql


async def write_rules(record: Record, admin: Viewer, category_id: int, rules: Rules | None) -> None:
    """A step of changing a theme: its rules, and who hears no more of it.

    Args:
        rules: None for those of the theme above.

    Raises:
        NotFound, Invalid: as for `set_rules`.
    """
    rows = await sql(
        "UPDATE categories SET inherits = {1}, everyone_may = {2} WHERE id = {0} RETURNING id",
        category_id,
        rules is None,
        int((rules.everyone or 0) if rules else Permission.CREATE),
    )
    if not rows:
        raise NotFound(_("There is no theme of that number."))
    await sql("DELETE FROM category_groups WHERE category_id = {0}", category_id)
    groups = rules.groups if rules else {}
    for group_id, permission in groups.items():
        await sql(
            """INSERT INTO category_groups (category_id, group_id, permission)
                SELECT {0}, g.id, {2} FROM groups g WHERE g.id = {1}""",
            category_id,
            group_id,
            int(permission),
        )
    await check_family(category_id)
    await jobs.enqueue("forget_hidden_alerts", category_id=category_id)
    await jobs.enqueue("show_themes", category_id=category_id)
    await note(
        admin.id,
        Act.CHANGE_CATEGORY_GROUPS,
        category_id=category_id,
        details={"groups": await group_names(groups), "everyone": bool(rules is None or rules.everyone)},
    )
    rights.everything_changed(record)


async def check_family(category_id: int) -> None:
    """A sub-theme is open to no more people than its theme: else it would tell that there is one."""
    rows = await sql(
        """SELECT c.name, p.name AS parent FROM categories c JOIN categories p ON p.id = c.parent_id
            WHERE (c.id = {0} OR p.id = {0}) AND NOT c.inherits AND p.everyone_may = 0
            AND (c.everyone_may > 0 OR EXISTS (SELECT 1 FROM category_groups cg WHERE cg.category_id = c.id
                AND cg.group_id NOT IN (SELECT group_id FROM category_groups WHERE category_id = p.id)))""",
        category_id,
    )
    if rows:
        sentence = _("“%(child)s” would be open to people who may not see “%(parent)s”, the theme above it.")
        raise Invalid(fields={"rules": sentence % {"child": rows[0]["name"], "parent": rows[0]["parent"]}})


async def group_names(group_ids: Iterable[int]) -> str:
    """The groups' names with commas between them, for the journal."""
    rows = await sql(f"SELECT name FROM groups WHERE id IN ({ids(frozenset(group_ids))}) ORDER BY name")
    return ", ".join(row["name"] for row in rows)
