"""Themes (Discourse's categories), and what each group may do in them."""

from enum import IntEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.groups.models import Group


class Permission(IntEnum):
    """Discourse's levels: each holds the ones below it (smaller is more)."""

    CREATE = 1
    REPLY = 2
    SEE = 3


class Category(Model):
    """A theme, with a parent, a sub-theme (two levels, no more).

    While it `inherits`, its rules are its parent's; a theme without parent has its own in any case.
    `everyone_may` is a `Permission`, 0 for none: then only its groups see it.
    """

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=80)
    slug = fields.CharField(max_length=80, db_index=True)
    description = fields.TextField(default="")
    color = fields.CharField(max_length=6, default="58666a")
    icon = fields.CharField(max_length=40, default="messages-square")
    position = fields.IntField(default=0)
    parent: fields.ForeignKeyNullableRelation["Category"] = fields.ForeignKeyField(
        "forum.Category", related_name="children", null=True, db_index=True
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    inherits = fields.BooleanField(default=True, db_default=True)
    everyone_may = fields.SmallIntField(default=Permission.CREATE.value, db_default=1)
    archived = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "categories"


class CategoryGroup(Model):
    """What a group may do in a category, beyond what everyone may."""

    id = fields.IntField(primary_key=True)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "forum.Category", related_name="category_groups"
    )
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "forum.Group", related_name="category_groups", db_index=True
    )
    permission = fields.IntEnumField(Permission, default=Permission.CREATE)

    class Meta:
        table = "category_groups"
        unique_together = (("category", "group"),)


class CategoryAnimator(Model):
    """Who looks after a category and its sub-categories: a member, or all members of a group."""

    id = fields.IntField(primary_key=True)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "forum.Category", related_name="animators"
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="animated_categories", null=True, db_index=True
    )
    group: fields.ForeignKeyNullableRelation[Group] = fields.ForeignKeyField(
        "forum.Group", related_name="animated_categories", null=True, db_index=True
    )

    class Meta:
        table = "category_animators"
        unique_together = (("category", "user"), ("category", "group"))
