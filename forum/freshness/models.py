"""When one asks again whether a post still holds, and what has taken its place."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post
from forum.topics.models import Topic


class ReviewDate(Model):
    """The date at which a post is to be confirmed. A post that has no row yet has its kind's usual date.

    `asked_at` is when the date was found to have passed: « to check » from then on, until somebody confirms.
    """

    id = fields.IntField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField("forum.Post", related_name="review_date")
    months = fields.IntField()
    due_at = fields.DatetimeField(db_index=True)
    asked_at = fields.DatetimeField(null=True)
    mailed_at = fields.DatetimeField(null=True)
    confirmed_at = fields.DatetimeField(null=True)
    confirmed_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="confirmations", null=True, on_delete=fields.RESTRICT, db_index=True
    )

    class Meta:
        table = "review_dates"


class Supersession(Model):
    """A newer topic has taken the place of what a post says."""

    id = fields.IntField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField("forum.Post", related_name="supersession")
    successor: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="predecessors", db_index=True
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="supersessions", on_delete=fields.RESTRICT, db_index=True
    )
    created_at = fields.DatetimeField()

    class Meta:
        table = "supersessions"
