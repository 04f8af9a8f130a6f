"""What topics mean, as numbers: what is near in meaning is near in them."""

from tortoise import fields
from tortoise.models import Model


class SearchMeaning(Model):
    """The vector of a topic. Each change of it is a new row, so that who has read up to an `id` reads on.

    Args:
        document_id: the row of `search_documents` that it was made of; another one asks for another vector.
        scope: who may know of it, as there.
        digest: of the text that it was made of, which may be the same in another row.
        vector: numbers of 16 bits, as `forum/meanings/vectors.py` packs them; null when it is found no more.
    """

    id = fields.IntField(primary_key=True)
    item_id = fields.IntField(unique=True)
    document_id = fields.IntField()
    scope = fields.IntField()
    digest = fields.CharField(max_length=64)
    vector = fields.BinaryField(null=True)

    class Meta:
        table = "search_meanings"
