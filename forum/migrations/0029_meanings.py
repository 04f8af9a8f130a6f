from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0028_suspensions')]

    initial = False

    operations = [
        ops.CreateModel(
            name='SearchMeaning',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('item_id', fields.IntField(unique=True)),
                ('document_id', fields.IntField()),
                ('scope', fields.IntField()),
                ('digest', fields.CharField(max_length=64)),
                ('vector', fields.BinaryField(null=True)),
            ],
            options={'table': 'search_meanings', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'The vector of a topic. Each change of it is a new row, so that who has read up to an `id` reads on.'},
            bases=['Model'],
        ),
    ]
