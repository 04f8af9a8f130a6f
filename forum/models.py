"""Tables that belong to no noun: jobs waiting to be done, and the site's own state."""

from tortoise import fields
from tortoise.models import Model


class Job(Model):
    """Work enqueued in the transaction of the change that asks for it."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=60)
    payload = fields.TextField()
    run_at = fields.DatetimeField(auto_now_add=True, db_index=True)
    locked_until = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    last_error = fields.TextField(default="")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "jobs"


class JobRun(Model):
    """How the jobs of one name went the last time, and what was wrong when one last failed."""

    name = fields.CharField(max_length=60, primary_key=True)
    started_at = fields.DatetimeField()
    seconds = fields.FloatField()
    error = fields.TextField(default="")
    failed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "job_runs"


class Site(Model):
    """One row. `version` moves with every change of categories, groups and settings."""

    id = fields.IntField(primary_key=True)
    version = fields.IntField(default=1)

    class Meta:
        table = "site"
