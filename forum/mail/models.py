"""The outbox: mails that wait, and for a while what became of those that have left."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class MailState(StrEnum):
    """Where a mail is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Mail(Model):
    """A mail to one person. Its text is made when it is sent, from kind and payload: no link lies here."""

    id = fields.IntField(primary_key=True)
    message_id = fields.CharField(max_length=200, unique=True)
    kind = fields.CharField(max_length=40)
    payload = fields.TextField()
    to_address = fields.CharField(max_length=254)
    member_id = fields.IntField(null=True, db_index=True)
    locale = fields.CharField(max_length=8)
    base_url = fields.CharField(max_length=254)
    state = fields.CharEnumField(MailState, max_length=10, default=MailState.WAITING)
    attempts = fields.IntField(default=0)
    next_at = fields.DatetimeField()
    claimed_until = fields.DatetimeField(null=True)
    last_error = fields.TextField(default="")
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "outbox"
        indexes = (Index(fields=("state", "next_at")),)
