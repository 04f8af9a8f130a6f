"""Documents and methods."""

from tortoise import fields
from tortoise.models import Model

from forum.topics.models import Topic


class Document(Model):
    """The typed fields of a topic of the kind "document", as they are now."""

    id = fields.IntField(primary_key=True)
    topic: fields.OneToOneRelation[Topic] = fields.OneToOneField("forum.Topic", related_name="document")
    version = fields.IntField(default=1)
    state = fields.CharField(max_length=12, default="")
    document_type = fields.CharField(max_length=20)
    link = fields.CharField(max_length=200, null=True)
    contents = fields.TextField(null=True)
    organisation = fields.CharField(max_length=200, null=True)
    valid_on = fields.CharField(max_length=10, null=True)
    licence = fields.CharField(max_length=20)

    class Meta:
        table = "documents"
