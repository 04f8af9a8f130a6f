"""Archives of their own data that members have asked for."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class ExportState(StrEnum):
    """Where an archive is; once it is downloaded, there is no row any more."""

    WAITING = "waiting"
    READY = "ready"


class DataExport(Model):
    """An archive, at the most one a member. `file` is its name in the folder of exports."""

    id = fields.IntField(primary_key=True)
    user: fields.OneToOneRelation[User] = fields.OneToOneField("forum.User", related_name="data_export")
    state = fields.CharEnumField(ExportState, max_length=10, default=ExportState.WAITING)
    file = fields.CharField(max_length=40, default="")
    bytes = fields.BigIntField(default=0)
    asked_at = fields.DatetimeField()
    ready_at = fields.DatetimeField(null=True)

    class Meta:
        table = "data_exports"
