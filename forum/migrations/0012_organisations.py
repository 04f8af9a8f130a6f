from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('forum', '0011_site_and_mail')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Organisation',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('kind', fields.CharField(max_length=30)),
                ('siren', fields.CharField(null=True, unique=True, max_length=9)),
                ('code', fields.CharField(default='', max_length=20)),
                ('name', fields.CharField(max_length=200)),
                ('name_key', fields.CharField(max_length=200)),
                ('slug', fields.CharField(unique=True, max_length=120)),
                ('population', fields.IntField(null=True)),
                ('department', fields.CharField(default='', max_length=3)),
                ('region', fields.CharField(default='', max_length=3)),
                ('group_siren', fields.CharField(default='', max_length=9)),
                ('latitude', fields.FloatField(null=True)),
                ('longitude', fields.FloatField(null=True)),
                ('site', fields.CharField(default='', max_length=300)),
                ('domains', fields.CharField(default='', max_length=500)),
                ('email', fields.CharField(default='', max_length=254)),
                ('merged_into_id', fields.IntField(null=True)),
                ('updated_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'organisations', 'app': 'forum', 'indexes': [Index(fields=['kind', 'code']), Index(fields=['name_key', 'id']), Index(fields=['group_siren']), Index(fields=['department', 'kind'])], 'pk_attr': 'id', 'table_description': "An administration. Known by its SIREN, else by its kind and code (INSEE's, for instance)."},
            bases=['Model'],
        ),
    ]
