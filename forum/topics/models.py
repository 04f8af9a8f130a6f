"""Topics: the spine. A knowledge slice adds its own table beside one."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.models import Model

from forum.accounts.models import User
from forum.categories.models import Category


class TopicKind(StrEnum):
    """The kinds that the core itself knows by name; the registry (`forum/kinds`) has all of them."""

    QUESTION = "question"
    DISCUSSION = "discussion"
    ANNOUNCEMENT = "announcement"


class Topic(Model):
    """Discourse's `topics`. `version` moves with every change of what the topic page shows."""

    id = fields.IntField(primary_key=True)
    title = fields.CharField(max_length=300)
    slug = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=20, default=TopicKind.DISCUSSION.value)
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "forum.Category", related_name="topics", on_delete=fields.RESTRICT
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="topics", on_delete=fields.RESTRICT, db_index=True
    )
    last_poster: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="last_posted_topics", on_delete=fields.RESTRICT
    )
    created_at = fields.DatetimeField(auto_now_add=True)
    bumped_at = fields.DatetimeField(auto_now_add=True)
    last_posted_at = fields.DatetimeField(auto_now_add=True)
    highest_post_number = fields.IntField(default=0)
    posts_count = fields.IntField(default=0)
    accepted_count = fields.IntField(default=0)
    like_count = fields.IntField(default=0)
    views = fields.IntField(default=0)
    tag_names = fields.TextField(default="", db_default="")
    # What its rows in lists show of its kind's typed fields, as JSON: read with the row, at no further cost.
    facts = fields.TextField(default="", db_default="")
    # How many organisations have taken up what the topic offers; written by `forum/reuses`.
    reuse_count = fields.IntField(null=True)
    # What is doubtful about it: "to_check", "superseded", or nothing. Kept by `forum/freshness`.
    freshness = fields.CharField(max_length=12, null=True)
    version = fields.IntField(default=1)
    closed = fields.BooleanField(default=False)
    archived = fields.BooleanField(default=False)
    pinned = fields.BooleanField(default=False)
    pinned_until = fields.DatetimeField(null=True)
    # None, as before there was a choice: at the head of every list.
    pinned_in_theme = fields.BooleanField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    deleted_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="deleted_topics", null=True, on_delete=fields.SET_NULL
    )

    class Meta:
        table = "topics"
        indexes = (
            ("bumped_at", "id"),
            ("category_id", "bumped_at", "id"),
            ("kind", "bumped_at", "id"),
            PartialIndex(fields=("bumped_at", "id"), name="idx_topics_pinned", condition={"pinned": True}),
        )


class TopicAlias(Model):
    """An address that an imported topic had elsewhere, when its number was taken here."""

    id = fields.IntField(primary_key=True)
    source = fields.CharField(max_length=60)
    external_id = fields.IntField(db_index=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField("forum.Topic", related_name="aliases")

    class Meta:
        table = "topic_aliases"
        unique_together = (("source", "external_id"),)
