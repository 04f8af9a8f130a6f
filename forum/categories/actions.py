"""Themes made and changed; each change moves the site's version."""

from collections.abc import Iterable, Mapping
from typing import Any

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.categories.models import Category, CategoryGroup, Permission
from forum.categories.permissions import may_manage_themes
from forum.categories.queries import expire_themes, ids
from forum.errors import Invalid, NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.text import slugify
from realtime import log, rights
from realtime.sql import sql


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
        permissions: group id → what it may do; none: open to all.
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
    """Say what which groups may do in a theme from now on; whoever is none of them hears nothing more of it.

    Args:
        permissions: group id → what it may do; none: open to all.

    Raises:
        Forbidden: not an administrator. NotFound: no such theme.
    """
    require(may_manage_themes(admin))
    async with log.transaction() as record:
        await touch_site()
        if not await sql("SELECT 1 FROM categories WHERE id = {0}", category_id):
            raise NotFound(_("There is no theme of that number."))
        await sql("DELETE FROM category_groups WHERE category_id = {0}", category_id)
        for group_id, permission in permissions.items():
            await CategoryGroup.create(category_id=category_id, group_id=group_id, permission=permission)
        await jobs.enqueue("forget_hidden_alerts", category_id=category_id)
        names = await _names(permissions)
        await note(admin.id, Act.CHANGE_CATEGORY_GROUPS, category_id=category_id, details={"groups": names})
        rights.everything_changed(record)
    expire_themes()


async def _names(group_ids: Iterable[int]) -> str:
    """The groups' names with commas between them, for the journal."""
    rows = await sql(f"SELECT name FROM groups WHERE id IN ({ids(frozenset(group_ids))}) ORDER BY name")
    return ", ".join(row["name"] for row in rows)


async def touch_site() -> None:
    """Move the site's version: every process reads the themes again."""
    await sql(
        "INSERT INTO site (id, version) VALUES (1, 1)"
        " ON CONFLICT (id) DO UPDATE SET version = site.version + 1"
    )
