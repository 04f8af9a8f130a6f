"""The index of the search: what both databases find by, and what waits to be brought into it."""

from tortoise import fields
from tortoise.models import Model


class SearchDocument(Model):
    """What can be found, as terms. Full text of either database stands on it (the migration says how).

    Args:
        words: each word once, as folded: what spelling is compared with, counted in `search_words`.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    item_id = fields.IntField()
    title_terms = fields.TextField()
    body_terms = fields.TextField()
    words = fields.TextField()

    class Meta:
        table = "search_documents"
        unique_together = (("kind", "item_id"),)


class SearchWord(Model):
    """A word that documents hold, and in how many of them."""

    word = fields.CharField(max_length=40, primary_key=True)
    stem = fields.CharField(max_length=40, db_index=True)
    initial = fields.CharField(max_length=1)
    length = fields.IntField()
    documents = fields.IntField()

    class Meta:
        table = "search_words"
        indexes = (("initial", "length"),)


class SearchPending(Model):
    """Something that changed since it was indexed: written by triggers, in the transaction of the change."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    item_id = fields.IntField()

    class Meta:
        table = "search_pending"
