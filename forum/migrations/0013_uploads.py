from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('forum', '0012_claims')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Upload',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('user', fields.ForeignKeyField('forum.User', source_field='user_id', db_index=True, db_constraint=True, to_field='id', related_name='uploads', on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(unique=True, max_length=32)),
                ('extension', fields.CharField(max_length=5)),
                ('original_filename', fields.CharField(max_length=160)),
                ('filesize', fields.IntField()),
                ('width', fields.IntField(default=0)),
                ('height', fields.IntField(default=0)),
                ('thumbnails', fields.CharField(default='', max_length=20)),
                ('text', fields.TextField(default='', unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('unused_since', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'uploads', 'app': 'forum', 'pk_attr': 'id', 'table_description': 'A file, under a name that nobody guesses.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PostUpload',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('post', fields.ForeignKeyField('forum.Post', source_field='post_id', db_constraint=True, to_field='id', related_name='uploads', on_delete=OnDelete.CASCADE)),
                ('upload', fields.ForeignKeyField('forum.Upload', source_field='upload_id', db_index=True, db_constraint=True, to_field='id', related_name='posts', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'post_uploads', 'app': 'forum', 'unique_together': (('post', 'upload'),), 'pk_attr': 'id', 'table_description': 'A post shows a file: whoever may read the post may have the file.'},
            bases=['Model'],
        ),
    ]
