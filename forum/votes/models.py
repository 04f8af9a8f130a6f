"""Votes: +1 or −1 on a post that is not one's own."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post


class Vote(Model):
    """One member's vote on one post, set, never toggled."""

    id = fields.IntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField("forum.Post", related_name="votes")
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="votes", db_index=True
    )
    value = fields.SmallIntField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "votes"
        unique_together = (("post", "user"),)
