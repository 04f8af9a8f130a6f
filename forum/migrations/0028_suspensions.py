from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from forum.reviewables.models import Decision
from tortoise.fields.base import OnDelete
from tortoise import fields


async def keep_who_is_suspended(apps: Any, editor: Any) -> None:
    """Whoever is kept out already may appeal too: by whom and since when is in the journal."""
    await editor.client.execute_query(
        "INSERT INTO suspensions (user_id, suspended_by_id, created_at, message, is_open, reason)"
        " SELECT u.id, j.id, s.created_at, '', false, '' FROM users u"
        " JOIN staff_actions s ON s.id = (SELECT MAX(a.id) FROM staff_actions a"
        " WHERE a.kind = 'suspend_user' AND a.user_id = u.id)"
        " LEFT JOIN users j ON j.id = s.actor_id WHERE u.suspended_until IS NOT NULL"
    )


class Migration(migrations.Migration):
    dependencies = [('forum', '0027_reuse_asked')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Suspension',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='suspensions', on_delete=OnDelete.CASCADE)),
                ('suspended_by', fields.ForeignKeyField('forum.User', source_field='suspended_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='ordered_suspensions', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('message', fields.TextField(default='', unique=False)),
                ('appealed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('is_open', fields.BooleanField(default=False, db_index=True)),
                ('claimed_by', fields.ForeignKeyField('forum.User', source_field='claimed_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='claimed_suspensions', on_delete=OnDelete.CASCADE)),
                ('claimed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decision', fields.CharEnumField(null=True, description='HIDE: hide\nDELETE: delete\nDISAGREE: disagree\nIGNORE: ignore\nUPHOLD: uphold\nOVERTURN: overturn', enum_type=Decision, max_length=20)),
                ('decided_by', fields.ForeignKeyField('forum.User', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='decided_suspensions', on_delete=OnDelete.CASCADE)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('reason', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'suspensions', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'One suspension, and what became of its appeal.'},
            bases=['Model'],
        ),
        ops.RunPython(keep_who_is_suspended, ops.RunPython.noop),
    ]
