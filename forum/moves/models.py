"""Where posts have gone that were moved to another topic: their old places lead to them."""

from tortoise import fields
from tortoise.models import Model

from forum.posts.models import Post
from forum.topics.models import Topic


class PostMove(Model):
    """One act: some posts of a topic, or all of them, went to another topic."""

    id = fields.IntField(primary_key=True)
    from_topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="moves_away", db_index=True
    )
    to_topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="moves_here", db_index=True
    )
    # The line that stands where the first of them stood; none where not all readers may follow.
    stand_in: fields.ForeignKeyNullableRelation[Post] = fields.ForeignKeyField(
        "forum.Post", related_name="stands_for", null=True, on_delete=fields.SET_NULL, db_index=True
    )
    moved_at = fields.DatetimeField()

    class Meta:
        table = "post_moves"


class MovedPost(Model):
    """A place that a post has left. The post itself says where it is now."""

    id = fields.IntField(primary_key=True)
    move: fields.ForeignKeyRelation[PostMove] = fields.ForeignKeyField(
        "forum.PostMove", related_name="moved_posts"
    )
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField(
        "forum.Topic", related_name="left_places"
    )
    post_number = fields.IntField()
    reply_to_post_number = fields.IntField(null=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField(
        "forum.Post", related_name="left_places", db_index=True
    )
    to_post_number = fields.IntField()

    class Meta:
        table = "moved_posts"
        unique_together = (("topic", "post_number"), ("move", "post"))
