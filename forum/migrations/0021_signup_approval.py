from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0020_search_scopes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SignupRequest',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('signup', fields.OneToOneField('forum.Signup', source_field='signup_id', db_constraint=True, to_field='id', related_name='request', on_delete=OnDelete.CASCADE)),
                ('motive', fields.TextField(unique=False)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('is_open', fields.BooleanField(default=False, db_index=True)),
                ('claimed_by', fields.ForeignKeyField('forum.User', source_field='claimed_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='claimed_signup_requests', on_delete=OnDelete.CASCADE)),
                ('claimed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_by', fields.ForeignKeyField('forum.User', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='decided_signup_requests', on_delete=OnDelete.CASCADE)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('reason', fields.TextField(default='', unique=False)),
                ('message', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'signup_requests', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'What somebody who signs up says of themselves, and what was decided.'},
            bases=['Model'],
        ),
    ]
