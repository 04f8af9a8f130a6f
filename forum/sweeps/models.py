"""All posts of an account deleted at once, and brought back."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post
from forum.reviewables.models import Reviewable


class Sweep(Model):
    """One act about one account. The job deletes what was there at `created_at`, and stops once it is undone.

    `ruling` is the decision that the author reads, and may appeal; it stands for all the posts.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="sweeps", db_index=True
    )
    by: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="done_sweeps", db_index=True
    )
    ruling: fields.OneToOneNullableRelation[Reviewable] = fields.OneToOneField(
        "forum.Reviewable", related_name="sweep", null=True
    )
    reason = fields.TextField()
    posts_count = fields.IntField()
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        table = "sweeps"


class SweptPost(Model):
    """A post that a sweep deleted, alone or with the topic that it opens. Forgotten when it is back."""

    id = fields.IntField(primary_key=True)
    sweep: fields.ForeignKeyRelation[Sweep] = fields.ForeignKeyField("forum.Sweep", related_name="posts")
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "forum.Post", related_name="sweeps", db_index=True
    )

    class Meta:
        table = "swept_posts"
        unique_together = (("sweep", "post"),)
