"""What files hold about people."""

from forum.categories.queries import ids
from forum.i18n import gettext as _
from forum.mail.office import the_office
from forum.personal import BATCH, Export, Holding, Leaver, holds, with_the_topic
from forum.storage import store_of
from forum.uploads.actions import forget_files
from forum.uploads.queries import FILE_COLUMNS, upload_file
from realtime.log import Record
from realtime.sql import sql


async def _forget_unused(leaver: Leaver, record: Record) -> int:
    """What no post shows goes at once, from where it is kept too."""
    rows = await sql(
        f"""SELECT {FILE_COLUMNS} FROM uploads up WHERE up.user_id = {{0}} AND up.unused_since IS NOT NULL
            ORDER BY up.id LIMIT {BATCH}""",
        leaver.id,
    )
    few = ids(frozenset(row["id"] for row in rows))
    await sql(f"DELETE FROM uploads WHERE id IN ({few}) AND unused_since IS NOT NULL")
    store = store_of(the_office().config)
    for upload in map(upload_file, rows):
        await forget_files(store, upload.name, upload.extension, upload.thumbnails)
    return len(rows)


async def _sign_as_nobody(leaver: Leaver, record: Record) -> int:
    """What posts show stays with them, under a name that tells nothing."""
    few = f"SELECT id FROM uploads WHERE user_id = {{0}} ORDER BY id LIMIT {BATCH}"
    rows = await sql(
        f"""UPDATE uploads SET user_id = {{1}}, original_filename = 'file.' || extension
            WHERE id IN ({few}) RETURNING id""",
        leaver.id,
        leaver.nobody_id,
    )
    return len(rows)


holds(
    Holding(
        "uploads",
        what=lambda: _(
            "The pictures and documents that you put into posts, under the names that they had. Pictures are "
            "kept without the place and the date that they held."
        ),
        kept=with_the_topic,
        people=("user_id",),
        texts=("original_filename", "text"),
        exports=(
            Export(
                "uploads.json",
                """SELECT id, name, extension, original_filename, filesize, width, height, created_at,
                    unused_since AS unused_since_at FROM uploads
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(_forget_unused, _sign_as_nobody),
    )
)
holds(
    Holding(
        "post_uploads",
        what=lambda: _("Which post shows which file."),
        kept=with_the_topic,
        withheld="It repeats the addresses that stand in the texts.",
        stays="It names nobody.",
    )
)
