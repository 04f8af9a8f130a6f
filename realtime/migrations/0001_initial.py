from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="LiveChannel",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255)),
                ("last_offset", fields.BigIntField(default=0)),
                ("trimmed_to", fields.BigIntField(default=0, db_default=0)),
            ],
            options={
                "table": "live_channels",
                "app": "realtime",
                "pk_attr": "name",
                "table_description": "A channel's counter: its row's lock makes the order of numbers the order of commits.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LiveEvent",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("channel", fields.CharField(max_length=255)),
                ("number", fields.BigIntField()),
                ("kind", fields.CharField(max_length=60)),
                ("data", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "live_events",
                "app": "realtime",
                "unique_together": (("channel", "number"),),
                "pk_attr": "id",
                "table_description": "A fact, numbered within its channel.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LiveLog",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("epoch", fields.CharField(max_length=40)),
            ],
            options={
                "table": "live_log",
                "app": "realtime",
                "pk_attr": "id",
                "table_description": "One row: the log's identity. A restored or emptied database gets another.",
            },
            bases=["Model"],
        ),
    ]
