from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0017_single_sign_on')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Reuse',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('post', fields.ForeignKeyField('forum.Post', source_field='post_id', db_constraint=True, to_field='id', related_name='reuses', on_delete=OnDelete.CASCADE)),
                ('organisation', fields.ForeignKeyField('forum.Organisation', source_field='organisation_id', db_index=True, db_constraint=True, to_field='id', related_name='reuses', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='reuses', on_delete=OnDelete.RESTRICT)),
                ('taken_from', fields.ForeignKeyField('forum.Reuse', source_field='taken_from_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name='passed_on', on_delete=OnDelete.SET_NULL)),
                ('state', fields.CharField(max_length=20)),
                ('since', fields.CharField(null=True, max_length=10)),
                ('changes', fields.TextField(null=True, unique=False)),
                ('reason', fields.TextField(null=True, unique=False)),
                ('cost', fields.IntField(null=True)),
                ('months', fields.IntField(null=True)),
                ('staff_days', fields.IntField(null=True)),
                ('contact', fields.CharField(null=True, max_length=200)),
                ('version', fields.IntField(default=1)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('updated_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'reuses', 'app': 'forum', 'unique_together': (('post', 'organisation'),), 'pk_attr': 'id', 'table_description': "One organisation's record about one item: the post that opens a sheet or a document, or an answer."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Topic',
            name='reuse_count',
            field=fields.IntField(null=True),
        ),
    ]
