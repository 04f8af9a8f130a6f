"""The index of the search: what both databases find by, and what waits to be brought into it."""

from tortoise import fields
from tortoise.models import Model


class SearchDocument(Model):
    """What can be found, as terms. Full text of either database stands on it (the migration says how).

    Args:
        words: each word once, as folded: what spelling is compared with, counted in `search_vocabulary`.
        scope: where these are counted: the theme's number, or `EVERYWHERE` (`forum/search/sources.py`).
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    item_id = fields.IntField()
    title_terms = fields.TextField()
    body_terms = fields.TextField()
    words = fields.TextField()
    scope = fields.IntField(null=True)

    class Meta:
        table = "search_documents"
        unique_together = (("kind", "item_id"),)


class VocabularyWord(Model):
    """A word that documents of a scope hold, and in how many of them.

    By scope, so that what somebody is told (the order of what they find, how their spelling is put right)
    follows from what they may see, and from nothing else.
    """

    id = fields.IntField(primary_key=True)
    scope = fields.IntField()
    word = fields.CharField(max_length=40)
    stem = fields.CharField(max_length=40, db_index=True)
    initial = fields.CharField(max_length=1)
    length = fields.IntField()
    documents = fields.IntField()

    class Meta:
        table = "search_vocabulary"
        unique_together = (("scope", "word"),)
        indexes = (("initial", "length"),)


class SearchPending(Model):
    """Something that changed since it was indexed: written by triggers, in the transaction of the change.

    Args:
        tries: how often it could not be indexed; null for never. `retry_at`: not to be tried before.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=20)
    item_id = fields.IntField()
    tries = fields.IntField(null=True)
    retry_at = fields.DatetimeField(null=True)

    class Meta:
        table = "search_pending"
