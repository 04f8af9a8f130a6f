from tortoise import migrations
from tortoise.migrations import operations as ops
from forum.reading.models import ThemeLevel
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0025_gathering_organisations')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CategoryUser',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('category', fields.ForeignKeyField('forum.Category', source_field='category_id', db_constraint=True, to_field='id', related_name='category_users', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='category_users', on_delete=OnDelete.CASCADE)),
                ('notification_level', fields.IntEnumField(default=ThemeLevel.NORMAL, description='MUTED: 0\nNORMAL: 1\nTRACKING: 2\nWATCHING: 3\nWATCHING_FIRST_POST: 4', enum_type=ThemeLevel, generated=False)),
            ],
            options={'table': 'category_users', 'app': 'forum', 'unique_together': (('category', 'user'),), 'pk_attr': 'id', 'table_description': 'How closely a member follows a theme, and its sub-themes where they have not chosen otherwise.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ExperienceSheet',
            name='cost_most',
            field=fields.IntField(null=True),
        ),
    ]
