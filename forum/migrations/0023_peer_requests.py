from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0022_unpinning')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PeerRequest',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.OneToOneField('forum.Topic', source_field='topic_id', db_constraint=True, to_field='id', related_name='peer_request', on_delete=OnDelete.CASCADE)),
                ('organisation', fields.ForeignKeyField('forum.Organisation', source_field='organisation_id', db_index=True, db_constraint=True, to_field='id', related_name='peer_requests', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='peer_requests', on_delete=OnDelete.CASCADE)),
                ('organisations', fields.IntField()),
                ('people', fields.IntField()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'peer_requests', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'A question, put once to organisations like that of its asker.'},
            bases=['Model'],
        ),
    ]
