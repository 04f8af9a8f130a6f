"""The log's tables."""

from tortoise import fields
from tortoise.models import Model


class LiveLog(Model):
    """One row: the log's identity. A restored or emptied database gets another.

    `place` is where the database was last found at home (place.py); a restored copy remembers an older one.
    """

    id = fields.IntField(primary_key=True)
    epoch = fields.CharField(max_length=40)
    place = fields.CharField(max_length=120, null=True)

    class Meta:
        table = "live_log"


class LiveChannel(Model):
    """A channel's counter: its row's lock makes the order of numbers the order of commits.

    The log holds the channel's events numbered above `trimmed_to`, up to `last_offset`, every one of them.
    """

    name = fields.CharField(max_length=255, primary_key=True)
    last_offset = fields.BigIntField(default=0)
    trimmed_to = fields.BigIntField(default=0, db_default=0)

    class Meta:
        table = "live_channels"


class LiveEvent(Model):
    """A fact, numbered within its channel."""

    id = fields.BigIntField(primary_key=True)
    channel = fields.CharField(max_length=255)
    number = fields.BigIntField()
    kind = fields.CharField(max_length=60)
    data = fields.TextField()
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "live_events"
        unique_together = (("channel", "number"),)
