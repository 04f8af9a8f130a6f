from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0023_peer_requests')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ProviderSignOut',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('told', fields.CharField(unique=True, max_length=64)),
                ('issuer', fields.CharField(max_length=255)),
                ('subject', fields.CharField(max_length=255)),
                ('sid', fields.CharField(max_length=255)),
                ('issued_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'provider_sign_outs', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'A sign-out that the provider told of, for an hour, so that it is obeyed once.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ProviderSession',
            name='issuer',
            field=fields.CharField(default='', db_default='', max_length=255),
        ),
        ops.AddField(
            model_name='ProviderSession',
            name='sid',
            field=fields.CharField(default='', db_index=True, db_default='', max_length=255),
        ),
        ops.AddField(
            model_name='ProviderSession',
            name='subject',
            field=fields.CharField(default='', db_index=True, db_default='', max_length=255),
        ),
    ]
