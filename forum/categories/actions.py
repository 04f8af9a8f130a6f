"""Themes made and changed; each change moves the site's version."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict, astuple

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.animators.steps import tell_animators_of
from forum.categories.faces import ThemeFace, check_face
from forum.categories.models import Category, CategoryGroup, Permission
from forum.categories.permissions import may_manage_themes
from forum.categories.queries import Rules, expire_themes
from forum.categories.steps import check_family, write_rules
from forum.channels import user_channel
from forum.errors import Invalid, NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.text import slugify
from realtime import log, rights
from realtime.sql import sql

BATCH = 100


async def create_category(
    name: str,
    *,
    slug: str = "",
    description: str = "",
    color: str = "58666a",
    icon: str = "messages-square",
    parent_id: int | None = None,
    position: int = 0,
    id: int | None = None,
    permissions: Mapping[int, Permission] | None = None,
) -> Category:
    """Make a theme, or a sub-theme of `parent_id`.

    Args:
        permissions: group id → what it may do; none: as its parent, a theme of the first level open to all.
        id: a number to keep (import), else the next one.

    Raises:
        Invalid: the parent is itself a sub-theme.
    """
    async with log.transaction():
        await touch_site()
        if parent_id is not None:
            await _check_parent(parent_id)
        given: dict[str, Any] = {"id": id} if id is not None else {}
        category = await Category.create(
            **given,
            name=name,
            slug=slug or slugify(name) or "theme",
            description=description,
            color=color,
            icon=icon,
            parent_id=parent_id,
            position=position,
            inherits=not permissions,
            everyone_may=0 if permissions else Permission.CREATE.value,
        )
        for group_id, permission in (permissions or {}).items():
            await CategoryGroup.create(category=category, group_id=group_id, permission=permission)
    expire_themes()
    return category


async def _check_parent(parent_id: int) -> None:
    rows = await sql("SELECT parent_id FROM categories WHERE id = {0}", parent_id)
    if not rows or rows[0]["parent_id"] is not None:
        raise Invalid(fields={"parent_id": _("Themes have two levels: choose a theme, not a sub-theme.")})


async def set_category_groups(admin: Viewer, category_id: int, permissions: Mapping[int, Permission]) -> None:
    """Open a theme to some groups alone, or to everyone; as `set_rules`.

    Args:
        permissions: group id → what it may do; none: open to all.
    """
    rules = Rules(None, permissions) if permissions else Rules()
    await _change_rules(admin, category_id, rules)


async def set_rules(admin: Viewer, category_id: int, rules: Rules | None) -> None:
    """Say who may do what in a theme from now on; whoever may not see it any more hears nothing more of it.

    Args:
        rules: None for those of the theme above; on the first level, open to all.

    Raises:
        Forbidden: not an administrator. NotFound: no such theme.
        Invalid: it would be open to more people than the theme above it, or than one below that has its own
            rules.
    """
    await _change_rules(admin, category_id, rules)


async def _change_rules(admin: Viewer, category_id: int, rules: Rules | None) -> None:
    require(may_manage_themes(admin))
    async with log.transaction() as record:
        await touch_site()
        await write_rules(record, admin, category_id, rules)
    expire_themes()


async def make_theme(admin: Viewer, face: ThemeFace, rules: Rules | None) -> int:
    """Make a theme, with its rules from the first moment on; its id.

    Args:
        rules: None for those of the theme above; on the first level, open to all.

    Raises:
        Forbidden: not an administrator. Invalid: a sentence for each field that does not do.
    """
    require(may_manage_themes(admin))
    face = check_face(face)
    async with log.transaction() as record:
        await touch_site()
        if face.parent_id is not None:
            await _check_parent(face.parent_id)
        category = await Category.create(**asdict(face))
        await note(admin.id, Act.CREATE_CATEGORY, category_id=category.id, details={"theme": face.name})
        if rules is not None:
            await write_rules(record, admin, category.id, rules)
    expire_themes()
    return category.id


async def revise_theme(admin: Viewer, category_id: int, face: ThemeFace) -> None:
    """Give a theme another name, look or place. In another place it may have other rules.

    Raises:
        Forbidden: not an administrator. NotFound: no such theme.
        Invalid: a sentence for each field that does not do.
    """
    require(may_manage_themes(admin))
    face = check_face(face)
    async with log.transaction() as record:
        await touch_site()
        before = await sql("SELECT parent_id FROM categories WHERE id = {0}", category_id)
        if not before:
            raise NotFound(_("There is no theme of that number."))
        if face.parent_id is not None:
            await _check_new_parent(category_id, face.parent_id)
        await sql(
            """UPDATE categories SET name = {1}, slug = {2}, description = {3}, color = {4}, icon = {5},
                parent_id = {6}, position = {7} WHERE id = {0}""",
            category_id,
            *astuple(face),
        )
        await note(admin.id, Act.EDIT_CATEGORY, category_id=category_id, details={"theme": face.name})
        if before[0]["parent_id"] != face.parent_id:
            await check_family(category_id)
            await jobs.enqueue("forget_hidden_alerts", category_id=category_id)
            rights.everything_changed(record)
            above = {before[0]["parent_id"], face.parent_id} - {None}
            await tell_animators_of(record, frozenset(above))
    expire_themes()


async def _check_new_parent(category_id: int, parent_id: int) -> None:
    await _check_parent(parent_id)
    if parent_id == category_id or await sql("SELECT 1 FROM categories WHERE parent_id = {0}", category_id):
        sentence = _("Themes have two levels: a theme that has sub-themes stays on the first.")
        raise Invalid(fields={"parent_id": sentence})


async def set_archived(admin: Viewer, category_id: int, archived: bool) -> None:
    """Let a theme be read and no longer written in, or be written in again.

    Raises:
        Forbidden: not an administrator. NotFound: no such theme.
    """
    require(may_manage_themes(admin))
    async with log.transaction():
        await touch_site()
        rows = await sql(
            "UPDATE categories SET archived = {1} WHERE id = {0} RETURNING name", category_id, archived
        )
        if not rows:
            raise NotFound(_("There is no theme of that number."))
        act = Act.ARCHIVE_CATEGORY if archived else Act.RESTORE_CATEGORY
        await note(admin.id, act, category_id=category_id, details={"theme": rows[0]["name"]})
    expire_themes()


async def delete_theme(admin: Viewer, category_id: int) -> None:
    """Take a theme away in which nothing was ever written.

    Raises:
        Forbidden: not an administrator. NotFound: no such theme.
        Invalid: it has topics, deleted ones among them, or sub-themes.
    """
    require(may_manage_themes(admin))
    async with log.transaction() as record:
        await touch_site()
        rows = await sql("SELECT name FROM categories WHERE id = {0}", category_id)
        if not rows:
            raise NotFound(_("There is no theme of that number."))
        if await sql(
            """SELECT 1 FROM topics WHERE category_id = {0}
                UNION ALL SELECT 1 FROM categories WHERE parent_id = {0} LIMIT 1""",
            category_id,
        ):
            sentence = _("This theme has topics or sub-themes: archive it, nothing is lost then.")
            raise Invalid(fields={"theme": sentence})
        await sql("DELETE FROM categories WHERE id = {0}", category_id)
        await note(admin.id, Act.DELETE_CATEGORY, category_id=category_id, details={"theme": rows[0]["name"]})
        rights.everything_changed(record)
    expire_themes()


async def touch_site() -> None:
    """Move the site's version: every process reads the themes again."""
    await sql(
        "INSERT INTO site (id, version) VALUES (1, 1)"
        " ON CONFLICT (id) DO UPDATE SET version = site.version + 1"
    )


async def show_themes(category_id: int) -> None:
    """The job after a theme has other rules: members of its groups see it come on the pages that are open.

    A hundred members a transaction. For whom it goes has heard so already: their subscriptions end.
    """
    after = 0
    while True:
        async with log.transaction() as record:
            rows = await sql(
                f"""SELECT DISTINCT gu.user_id FROM group_users gu
                    JOIN category_groups cg ON cg.group_id = gu.group_id
                    WHERE cg.category_id = {{0}} AND gu.user_id > {{1}} ORDER BY gu.user_id LIMIT {BATCH}""",
                category_id,
                after,
            )
            for row in rows:
                record(user_channel(row["user_id"]), "groups.changed", user_id=row["user_id"])
        if len(rows) < BATCH:
            return
        after = rows[-1]["user_id"]
