"""First posts of new members that wait for approval: no posts yet.

Their authors see them, and whoever looks after the theme.
"""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.categories.models import Category
from forum.posts.models import Post
from forum.topics.models import Topic


class PendingPost(Model):
    """A reply, or a topic with its first post (`topic` is null).

    Open while neither published, nor withdrawn, nor refused. An appeal opens it once more, for somebody else.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("forum.User", related_name="pending_posts")
    topic: fields.ForeignKeyNullableRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="pending_posts", null=True, db_index=True
    )
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "forum.Category", related_name="pending_posts", db_index=True
    )
    key = fields.CharField(max_length=80, null=True)
    reply_to_post_number = fields.IntField(null=True)
    kind = fields.CharField(max_length=20, default="")
    title = fields.CharField(max_length=300, default="")
    tag_names = fields.TextField(default="")
    details = fields.TextField(default="", db_default="")
    source = fields.TextField(source_field="raw")
    created_at = fields.DatetimeField()
    is_open = fields.BooleanField(default=True)
    decided_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="decided_pending_posts", null=True, db_index=True
    )
    claimed_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="claimed_pending_posts", null=True
    )
    claimed_at = fields.DatetimeField(null=True)
    reason = fields.TextField(default="")
    message = fields.TextField(default="")
    post: fields.ForeignKeyNullableRelation[Post] = fields.ForeignKeyField(
        "forum.Post", related_name="pending_posts", null=True, db_index=True
    )

    class Meta:
        table = "pending_posts"
        unique_together = (("user", "key"),)
        indexes = (("is_open", "category_id"), ("claimed_by_id",))
