from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('forum', '0013_uploads')]

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
        ops.CreateModel(
            name='OrganisationCode',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organisation', fields.ForeignKeyField('forum.Organisation', source_field='organisation_id', db_constraint=True, to_field='id', related_name='organisation_codes', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='organisation_codes', on_delete=OnDelete.CASCADE)),
                ('code_hash', fields.CharField(max_length=64)),
                ('attempts', fields.IntField(default=0)),
                ('sent_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'organisation_codes', 'app': 'forum', 'unique_together': (('organisation', 'user'),), 'pk_attr': 'id', 'table_description': "The last code sent to an organisation's official address for a member, and how often it was missed."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OrganisationMember',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('organisation', fields.ForeignKeyField('forum.Organisation', source_field='organisation_id', db_constraint=True, to_field='id', related_name='organisation_members', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='organisation_members', on_delete=OnDelete.CASCADE)),
                ('function', fields.CharField(default='', max_length=160)),
                ('main', fields.BooleanField(default=False)),
                ('verified_by', fields.CharField(default='', max_length=20)),
                ('verified_until', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'organisation_members', 'app': 'forum', 'unique_together': (('organisation', 'user'),), 'pk_attr': 'id', 'table_description': 'What somebody does in an organisation, `main` being the one that their posts are signed with.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='OrganisationVouch',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('membership', fields.ForeignKeyField('forum.OrganisationMember', source_field='membership_id', db_constraint=True, to_field='id', related_name='vouches', on_delete=OnDelete.CASCADE)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='given_vouches', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'organisation_vouches', 'app': 'forum', 'unique_together': (('membership', 'user'),), 'pk_attr': 'id', 'table_description': "A verified colleague's word that a member works there."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Post',
            name='author_function',
            field=fields.CharField(default='', db_default='', max_length=160),
        ),
        ops.AddField(
            model_name='Post',
            name='author_organisation',
            field=fields.CharField(default='', db_default='', max_length=200),
        ),
        ops.AddField(
            model_name='Post',
            name='author_verified',
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name='Post',
            name='organisation_id',
            field=fields.IntField(null=True, db_index=True),
        ),
    ]
