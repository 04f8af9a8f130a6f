"""The words that a topic is filed under."""

from tortoise import fields
from tortoise.models import Model

from forum.topics.models import Topic


class TopicTag(Model):
    """One tag of one topic, as it is written there.

    Whatever the case, the accents and the hyphens, the same `key` is the same tag. There is no table of
    tags: one that is used only where a viewer may not look does not exist for them, not even by its spelling.
    """

    id = fields.IntField(primary_key=True)
    topic: fields.ForeignKeyRelation[Topic] = fields.ForeignKeyField("forum.Topic", related_name="topic_tags")
    key = fields.CharField(max_length=255)
    name = fields.CharField(max_length=60)

    class Meta:
        table = "topic_tags"
        unique_together = (("topic", "key"),)
        indexes = (("key", "topic_id"),)


class TagCount(Model):
    """By how many topics of a theme a tag is carried more, or less, under one spelling. The rows add up.

    Added by triggers in the transaction of the change, whoever makes it: counting the tags of hundreds of
    thousands of topics takes more time than a page has. Never changed in place: two who write at once about
    the same tags wait for nothing of each other. A job adds up what is there (`forum/tags/jobs.py`).
    """

    id = fields.IntField(primary_key=True)
    category_id = fields.IntField()
    key = fields.CharField(max_length=255)
    name = fields.CharField(max_length=60)
    topics = fields.IntField()

    class Meta:
        table = "tag_counts"
        indexes = (("key", "category_id"),)
