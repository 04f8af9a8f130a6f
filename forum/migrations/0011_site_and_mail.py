from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class DropColumn(ops.TortoiseOperation):
    """Take a column away as both databases do it themselves: Tortoise would make the table anew on SQLite."""

    reversible = False

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def describe(self) -> str:
        return f"Drop column {self.name} of {self.model_name}"

    def state_forward(self, app_label: str, state: Any) -> None:
        ops.RemoveField(self.model_name, self.name).state_forward(app_label, state)

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        if state_editor is not None:
            table = old_state.apps.get_model(f"{app_label}.{self.model_name}")._meta.db_table
            await state_editor.client.execute_query(f"ALTER TABLE {table} DROP COLUMN {self.name}")


async def leave_old_alerts_alone(apps: Any, editor: Any) -> None:
    """What people have been told of until now is not mailed to them because the site was brought up to date."""
    await editor.client.execute_query("UPDATE notifications SET mailed_at = created_at")


class Migration(migrations.Migration):
    dependencies = [('forum', '0010_roles')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Invitation',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inviter', fields.ForeignKeyField('forum.User', source_field='inviter_id', db_index=True, db_constraint=True, to_field='id', related_name='invitations', on_delete=OnDelete.CASCADE)),
                ('email', fields.CharField(max_length=254)),
                ('group', fields.ForeignKeyField('forum.Group', source_field='group_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='invitations', on_delete=OnDelete.SET_NULL)),
                ('message', fields.TextField(default='', unique=False)),
                ('locale', fields.CharField(max_length=8)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('accepted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('accepted_by', fields.ForeignKeyField('forum.User', source_field='accepted_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='accepted_invitations', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'invitations', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'One address asked to join, once.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='JobRun',
            fields=[
                ('name', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=60)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('seconds', fields.FloatField()),
                ('error', fields.TextField(default='', unique=False)),
                ('failed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'job_runs', 'app': 'forum', 'pk_attr': 'name', 'table_description': 'How the jobs of one name went the last time, and what was wrong when one last failed.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Notification',
            name='mailed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name='Notification',
            index=Index(fields=['created_at']),
        ),
        ops.AddField(
            model_name='Signup',
            name='charter_accepted_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Signup',
            name='charter_version',
            field=fields.IntField(default=1, db_default=1),
        ),
        DropColumn(model_name='Site', name='title'),
        ops.AddField(
            model_name='User',
            name='charter_accepted_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='User',
            name='charter_version',
            field=fields.IntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name='User',
            name='mail_level',
            field=fields.CharField(default='away', db_default='away', max_length=8),
        ),
        ops.RunPython(leave_old_alerts_alone, ops.RunPython.noop),
    ]
