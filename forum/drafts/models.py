"""Texts begun and not yet published."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class Draft(Model):
    """One member's draft for one place: `new_topic`, `topic_12` (a reply), `post_9` (an edit).

    And `details_12`, an edit of a topic's typed fields.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("forum.User", related_name="drafts")
    draft_key = fields.CharField(max_length=60)
    data = fields.TextField()
    updated_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "drafts"
        unique_together = (("user", "draft_key"),)
