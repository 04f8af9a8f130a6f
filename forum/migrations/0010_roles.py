from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields


async def keep_restrictions(apps: Any, editor: Any) -> None:
    """A theme that was open to some groups only has rules of its own, and nothing for everyone."""
    await editor.client.execute_query(
        "UPDATE categories SET inherits = false, everyone_may = 0"
        " WHERE id IN (SELECT category_id FROM category_groups)"
    )
    # Nobody could learn of a group so far: its administrator says who may.
    await editor.client.execute_query("UPDATE groups SET admission = 'hidden'")


class Migration(migrations.Migration):
    dependencies = [('forum', '0009_moves')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CategoryAnimator',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('category', fields.ForeignKeyField('forum.Category', source_field='category_id', db_constraint=True, to_field='id', related_name='animators', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='animated_categories', on_delete=OnDelete.CASCADE)),
                ('group', fields.ForeignKeyField('forum.Group', source_field='group_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='animated_categories', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'category_animators', 'app': 'forum', 'unique_together': (('category', 'user'), ('category', 'group')), 'pk_attr': 'id', 'table_description': 'Who looks after a category and its sub-categories: a member, or all members of a group.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GroupRequest',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('forum.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='group_requests', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='group_requests', on_delete=OnDelete.CASCADE)),
                ('message', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('accepted', fields.BooleanField(null=True)),
                ('answer', fields.TextField(default='', unique=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('read', fields.BooleanField(default=False)),
            ],
            options={'table': 'group_requests', 'app': 'forum', 'unique_together': (('group', 'user'),), 'pk_attr': 'id', 'table_description': "A member's last wish to join, and whether they have read what was decided of it."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Category',
            name='archived',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Category',
            name='everyone_may',
            field=fields.SmallIntField(default=1, db_default=1),
        ),
        ops.AddField(
            model_name='Category',
            name='inherits',
            field=fields.BooleanField(default=True, db_default=True),
        ),
        ops.AlterModelOptions(
            name='CategoryGroup',
            options={'table': 'category_groups', 'app': 'forum', 'unique_together': (('category', 'group'),), 'pk_attr': 'id', 'table_description': 'What a group may do in a category, beyond what everyone may.'},
        ),
        ops.AddField(
            model_name='Group',
            name='admission',
            field=fields.CharField(default='closed', db_default='closed', max_length=20),
        ),
        ops.AddField(
            model_name='Group',
            name='description',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
        ops.AlterModelOptions(
            name='GroupUser',
            options={'table': 'group_users', 'app': 'forum', 'unique_together': (('group', 'user'),), 'pk_attr': 'id', 'table_description': 'One member of one group, whose owners say who else is in it.'},
        ),
        ops.AddField(
            model_name='GroupUser',
            name='owner',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.RunPython(keep_restrictions, ops.RunPython.noop),
    ]
