from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0024_back_channel')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Gathering',
            name='organisation_places',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Seat',
            name='organisation_id',
            field=fields.IntField(null=True),
        ),
    ]
