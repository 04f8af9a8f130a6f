from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0016_search')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Arrival',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('issuer', fields.CharField(max_length=255)),
                ('subject', fields.CharField(max_length=255)),
                ('email', fields.CharField(max_length=254)),
                ('name', fields.CharField(max_length=120)),
                ('siret', fields.CharField(max_length=14)),
                ('unit', fields.CharField(max_length=160)),
                ('id_token', fields.TextField(unique=False)),
                ('return_to', fields.CharField(max_length=400)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'single_sign_on_arrivals', 'app': 'forum', 'pk_attr': 'id', 'table_description': "Somebody whom the provider vouches for and whose identity is no member's, for a quarter of an hour."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='AssociatedAccount',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_constraint=True, to_field='id', related_name='associated', on_delete=OnDelete.CASCADE)),
                ('issuer', fields.CharField(max_length=255)),
                ('subject', fields.CharField(max_length=255)),
                ('email', fields.CharField(max_length=254)),
                ('name', fields.CharField(max_length=120)),
                ('siret', fields.CharField(max_length=14)),
                ('unit', fields.CharField(max_length=160)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_used_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'user_associated_accounts', 'app': 'forum', 'unique_together': (('issuer', 'subject'), ('user_id', 'issuer')), 'pk_attr': 'id', 'table_description': "A member's identity at a provider: Discourse's `user_associated_accounts`."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ProviderSession',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('session', fields.OneToOneField('forum.Session', source_field='session_id', db_constraint=True, to_field='id', related_name='provider_session', on_delete=OnDelete.CASCADE)),
                ('provider_name', fields.CharField(max_length=80)),
                ('id_token', fields.TextField(unique=False)),
            ],
            options={'table': 'provider_sessions', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'A session that the provider opened: by what name it is shown, and what signing out there takes.'},
            bases=['Model'],
        ),
    ]
