from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0021_signup_approval')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Topic',
            name='pinned_in_theme',
            field=fields.BooleanField(null=True),
        ),
        ops.AddField(
            model_name='TopicUser',
            name='cleared_pinned_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
