"""Files that members send, and the posts that show them."""

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User
from forum.posts.models import Post


class Upload(Model):
    """A file, under a name that nobody guesses.

    `text` is what a document says, for the search: empty while it has not been read, and for pictures.
    `unused_since` is null as long as a post shows it.
    """

    id = fields.IntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="uploads", on_delete=fields.RESTRICT, db_index=True
    )
    name = fields.CharField(max_length=32, unique=True)
    extension = fields.CharField(max_length=5)
    original_filename = fields.CharField(max_length=160)
    filesize = fields.IntField()
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    # Widths of the smaller copies, such as "690,1380".
    thumbnails = fields.CharField(max_length=20, default="")
    text = fields.TextField(default="")
    created_at = fields.DatetimeField()
    unused_since = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        table = "uploads"


class PostUpload(Model):
    """A post shows a file: whoever may read the post may have the file."""

    id = fields.IntField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField("forum.Post", related_name="uploads")
    upload: fields.ForeignKeyRelation[Upload] = fields.ForeignKeyField(
        "forum.Upload", related_name="posts", db_index=True
    )

    class Meta:
        table = "post_uploads"
        unique_together = (("post", "upload"),)
