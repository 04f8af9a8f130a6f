from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class SameColumn(ops.TortoiseOperation):
    """Describe a column anew that stays what it is: Tortoise would make its whole table again on SQLite."""

    def __init__(self, model_name: str, name: str, field: Any) -> None:
        self.model_name, self.name, self.field = model_name, name, field

    def describe(self) -> str:
        return f"Describe column {self.name} of {self.model_name}"

    def state_forward(self, app_label: str, state: Any) -> None:
        ops.AlterField(self.model_name, self.name, self.field).state_forward(app_label, state)

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        pass

    async def database_backward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: Any = None
    ) -> None:
        pass


class Migration(migrations.Migration):
    dependencies = [('forum', '0014_organisations')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Document',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.OneToOneField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='document', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=1)),
                ('state', fields.CharField(default='', max_length=12)),
                ('document_type', fields.CharField(max_length=20)),
                ('link', fields.CharField(null=True, max_length=200)),
                ('contents', fields.TextField(null=True, unique=False)),
                ('organisation', fields.CharField(null=True, max_length=200)),
                ('valid_on', fields.CharField(null=True, max_length=10)),
                ('licence', fields.CharField(max_length=20)),
            ],
            options={'table': 'documents', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'The typed fields of a topic of the kind "document", as they are now.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ExperienceSheet',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.OneToOneField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='experience_sheet', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=1)),
                ('state', fields.CharField(default='', max_length=12)),
                ('done', fields.TextField(unique=False)),
                ('expected', fields.TextField(null=True, unique=False)),
                ('happened', fields.TextField(null=True, unique=False)),
                ('causes', fields.TextField(null=True, unique=False)),
                ('lessons', fields.TextField(null=True, unique=False)),
                ('never_again', fields.TextField(null=True, unique=False)),
                ('conditions', fields.TextField(null=True, unique=False)),
                ('organisation', fields.CharField(null=True, max_length=200)),
                ('population', fields.IntField(null=True, db_index=True)),
                ('cost', fields.IntField(null=True, db_index=True)),
                ('months', fields.IntField(null=True, db_index=True)),
                ('staff_days', fields.IntField(null=True, db_index=True)),
                ('legal_basis', fields.CharField(null=True, max_length=200)),
                ('contact', fields.CharField(null=True, max_length=200)),
                ('valid_on', fields.CharField(null=True, max_length=10)),
                ('licence', fields.CharField(null=True, max_length=20)),
                ('source_id', fields.IntField(null=True, db_index=True)),
            ],
            options={'table': 'experience_sheets', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'The typed fields of a topic of the kind "sheet". Null is unknown, never zero.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FieldRequest',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.ForeignKeyField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='field_requests', on_delete=OnDelete.CASCADE)),
                ('field', fields.CharField(max_length=40)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='field_requests', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'field_requests', 'app': 'forum', 'unique_together': (('topic', 'field', 'user'),), 'pk_attr': 'id', 'table_description': "A peer asks a sheet's author for a field, until it is filled in."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Gathering',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.OneToOneField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='gathering', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=1)),
                ('state', fields.CharField(default='', max_length=12)),
                ('gathering_type', fields.CharField(max_length=20)),
                ('starts_at', fields.CharField(max_length=16)),
                ('ends_at', fields.CharField(null=True, max_length=16)),
                ('place', fields.CharField(max_length=200)),
                ('places', fields.IntField(null=True)),
                ('programme', fields.TextField(null=True, unique=False)),
                ('outcome', fields.TextField(default='', db_default='', unique=False)),
            ],
            options={'table': 'gatherings', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'The typed fields of a topic of the kind "gathering". `outcome`: what came out of it, or why nothing.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Guide',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.OneToOneField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='guide', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=1)),
                ('state', fields.CharField(default='', max_length=12)),
                ('audience', fields.CharField(null=True, max_length=200)),
                ('valid_on', fields.CharField(null=True, max_length=10)),
                ('licence', fields.CharField(null=True, max_length=20)),
            ],
            options={'table': 'guides', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'The typed fields of a topic of the kind "guide". Its text is the topic\'s first post, a wiki.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='JobOffer',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.OneToOneField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='job_offer', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField(default=1)),
                ('state', fields.CharField(default='', max_length=12)),
                ('employer', fields.CharField(max_length=200)),
                ('place', fields.CharField(max_length=200)),
                ('branch', fields.CharField(max_length=20)),
                ('grade', fields.CharField(null=True, max_length=20)),
                ('terms', fields.CharField(null=True, max_length=20)),
                ('deadline', fields.CharField(max_length=10)),
                ('starts_on', fields.CharField(null=True, max_length=10)),
                ('official_link', fields.CharField(max_length=200)),
            ],
            options={'table': 'job_offers', 'app': 'forum', 'indexes': [Index(fields=['state', 'deadline'])], 'pk_attr': 'id', 'table_description': 'The typed fields of a topic of the kind "job". `state` is "expired" once the deadline has passed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='KindRevision',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.ForeignKeyField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='kind_revisions', on_delete=OnDelete.CASCADE)),
                ('version', fields.IntField()),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='kind_revisions', on_delete=OnDelete.RESTRICT)),
                ('data', fields.TextField(unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'kind_revisions', 'app': 'forum', 'unique_together': (('topic', 'version'),), 'pk_attr': 'id', 'table_description': 'The fields as somebody left them, the present ones included.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Seat',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.ForeignKeyField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='seats', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='seats', on_delete=OnDelete.CASCADE)),
                ('waiting', fields.BooleanField(default=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'seats', 'app': 'forum', 'unique_together': (('topic', 'user'),), 'pk_attr': 'id', 'table_description': 'Somebody comes, or waits for a place: the smaller number is served first.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='PendingPost',
            name='details',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
        SameColumn(
            model_name='Topic',
            name='kind',
            field=fields.CharField(default='discussion', max_length=20),
        ),
        ops.AddField(
            model_name='Topic',
            name='facts',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
        ops.AddIndex(
            model_name='Topic',
            index=Index(fields=['kind', 'bumped_at', 'id']),
        ),
    ]
