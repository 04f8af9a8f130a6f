"""The people of the tests: Alice asks, Bob answers, Mod moderates, Ada administers, Eve may not.

Alice and Bob are in a group that has a theme of its own; Eve is a member like any other, outside it.
"""

from dataclasses import dataclass

from forum.accounts.actions import create_user
from forum.accounts.queries import a_visitor, viewer_of_id
from forum.accounts.viewer import Viewer
from forum.categories.actions import create_category, touch_site
from forum.categories.models import Category, Permission
from forum.groups.models import Group, GroupUser
from realtime.sql import sql

PASSWORD = "three clerks and a baton"


@dataclass
class Cast:
    """Members' ids, and the two themes: one open to all, one for the group of Alice and Bob."""

    ids: dict[str, int]
    theme: Category
    private: Category

    async def viewer(self, name: str) -> Viewer:
        """The member as they are at this moment (rights, unread count)."""
        found = await viewer_of_id(self.ids[name], "en")
        assert found is not None
        return found

    async def alice(self) -> Viewer:
        return await self.viewer("alice")

    async def bob(self) -> Viewer:
        return await self.viewer("bob")

    async def mod(self) -> Viewer:
        return await self.viewer("mod")

    async def ada(self) -> Viewer:
        return await self.viewer("ada")

    async def eve(self) -> Viewer:
        return await self.viewer("eve")

    async def visitor(self) -> Viewer:
        return await a_visitor("en")


async def gather_cast() -> Cast:
    """Make the people, their group and the two themes in the open database."""
    await touch_site()
    await leave_second_factor_to_staff()
    ids = {}
    for name, role in (("alice", ""), ("bob", ""), ("eve", ""), ("mod", "moderator"), ("ada", "admin")):
        user = await create_user(
            name, f"{name}@example.org", None, name=name.title(), **({role: True} if role else {})
        )
        ids[name] = user.id
    group = await Group.create(name="school-meals")
    for name in ("alice", "bob"):
        await GroupUser.create(group=group, user_id=ids[name])
    theme = await create_category("School meals", description="Kitchens and menus")
    private = await create_category("Clerks only", permissions={group.id: Permission.CREATE})
    return Cast(ids, theme, private)


async def leave_second_factor_to_staff() -> None:
    """Mod and Ada act with a password alone; what holds where a site asks for more is tests/factors."""
    await sql(
        """INSERT INTO site_settings (name, value, updated_at)
            VALUES ('staff_second_factor', 'optional', '2026-01-01 00:00:00+00:00')"""
    )


async def give_password(username: str, password: str = PASSWORD) -> None:
    """Let a member of the cast sign in through the page."""
    from forum.accounts.passwords import hash_password

    await sql(
        "UPDATE users SET password_hash = {1} WHERE username_lower = {0}",
        username,
        await hash_password(password),
    )
