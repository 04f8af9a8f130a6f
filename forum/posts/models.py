"""Posts and their earlier texts."""

from enum import IntEnum

from tortoise import fields
from tortoise.indexes import PartialIndex
from tortoise.models import Model

from forum.accounts.models import User
from forum.topics.models import Topic


class PostType(IntEnum):
    """Discourse's numbers."""

    REGULAR = 1
    MODERATOR_ACTION = 2
    SMALL_ACTION = 3


class Post(Model):
    """Discourse's `posts`: numbers start at 1 in each topic, are never reused nor changed."""

    id = fields.IntField(primary_key=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField("forum.Topic", related_name="posts")
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="posts", on_delete=fields.RESTRICT, db_index=True
    )
    post_number = fields.IntField()
    reply_to_post_number = fields.IntField(null=True)
    reply_count = fields.IntField(default=0)
    post_type = fields.IntEnumField(PostType, default=PostType.REGULAR)
    action_code = fields.CharField(max_length=60, null=True)
    source = fields.TextField(source_field="raw")
    cooked = fields.TextField()
    cook_version = fields.IntField(default=0)
    version = fields.IntField(default=1)
    score = fields.IntField(default=0)
    up_count = fields.IntField(default=0)
    imported_like_count = fields.IntField(default=0)
    # Votes of accounts that were erased: they still count, and nothing tells whose they were.
    former_ups = fields.IntField(default=0, db_default=0)
    former_downs = fields.IntField(default=0, db_default=0)
    created_at = fields.DatetimeField(auto_now_add=True)
    updated_at = fields.DatetimeField(auto_now_add=True)
    edited_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    # A way of being deleted: by moderation, with a reason that its author may read and appeal.
    hidden = fields.BooleanField(default=False, db_default=False)
    deleted_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="deleted_posts", null=True, on_delete=fields.SET_NULL
    )

    # For whom the author worked, as it was that day: a later function does not change it.
    organisation_id = fields.IntField(null=True, db_index=True)
    author_organisation = fields.CharField(max_length=200, default="", db_default="")
    author_function = fields.CharField(max_length=160, default="", db_default="")
    author_verified = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "posts"
        unique_together = (("topic", "post_number"),)
        indexes = (
            ("topic_id", "reply_to_post_number"),
            PartialIndex(
                fields=("topic_id", "post_number"), name="idx_posts_hidden", condition={"hidden": True}
            ),
        )


class PostRevision(Model):
    """A text that a post had: version n as its editor left it, kept when version n+1 came."""

    id = fields.IntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField("forum.Post", related_name="revisions")
    version = fields.IntField()
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="revisions", on_delete=fields.RESTRICT, db_index=True
    )
    source = fields.TextField(source_field="raw")
    title = fields.CharField(max_length=300, null=True)
    reason = fields.CharField(max_length=200, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "post_revisions"
        unique_together = (("post", "version"),)
