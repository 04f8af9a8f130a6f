"""What an administrator changes while the site runs."""

from tortoise import fields
from tortoise.models import Model


class SiteSetting(Model):
    """One setting that is not as it is by default, as it is written (`forum/settings/known.py`)."""

    name = fields.CharField(max_length=60, primary_key=True)
    value = fields.TextField()
    updated_at = fields.DatetimeField()

    class Meta:
        table = "site_settings"
