"""Files that nobody needs any more are let go: those that no post shows, those that no row names."""

from collections.abc import AsyncIterator
from datetime import timedelta

from forum.clock import now
from forum.mail.office import the_office
from forum.storage import Store, store_of
from forum.uploads.actions import forget_files, let_go
from forum.uploads.queries import FILE_COLUMNS, UploadFile, upload_file
from realtime.sql import sql

KEPT = timedelta(days=1)
BATCH = 100
# Each folder, and which of its names are needed.
NEEDED = {
    "files": "SELECT name FROM uploads WHERE name IN ({})",
    "thumbnails": "SELECT name FROM uploads WHERE name IN ({})",
    "pictures": "SELECT picture AS name FROM users WHERE picture IN ({})",
    "logos": "SELECT value AS name FROM site_settings WHERE name = 'logo' AND value IN ({})",
}


async def forget_orphans() -> None:
    """The job: what has been of no use for a day."""
    store = store_of(the_office().config)
    await _forget_unused(store)
    for folder in NEEDED:
        await _forget_nameless(store, folder)


async def _forget_unused(store: Store) -> None:
    """Files that no post, no draft and no post that waits shows."""
    after = 0
    while found := await _unused(after):
        for upload in found:
            if not await _is_written_about(upload) and await let_go(upload.id):
                await forget_files(store, upload.name, upload.extension, upload.thumbnails)
        after = found[-1].id


async def _unused(after: int) -> list[UploadFile]:
    rows = await sql(
        f"""SELECT {FILE_COLUMNS} FROM uploads up WHERE up.unused_since < {{0}} AND up.id > {{1}}
            ORDER BY up.id LIMIT {BATCH}""",
        now() - KEPT,
        after,
    )
    return [upload_file(row) for row in rows]


async def _is_written_about(upload: UploadFile) -> bool:
    """Whether its sender has it in a text that is not published yet."""
    rows = await sql(
        """SELECT 1 FROM drafts WHERE user_id = {0} AND data LIKE {1}
            UNION SELECT 1 FROM pending_posts WHERE user_id = {0} AND post_id IS NULL AND raw LIKE {1}""",
        upload.sender_id,
        f"%{upload.name}%",
    )
    return bool(rows)


async def _forget_nameless(store: Store, folder: str) -> None:
    """Files that no row names: a process may have died between the two."""
    async for keys in _in_batches(_old(store, folder)):
        names = {key: key.rpartition("/")[2].partition(".")[0].partition("-")[0] for key in keys}
        listed = ", ".join(f"'{name}'" for name in set(names.values()) if name.isalnum())
        needed = {row["name"] for row in await sql(NEEDED[folder].format(listed or "''"))}
        for key, name in names.items():
            if name not in needed:
                await store.remove(key)


async def _old(store: Store, folder: str) -> AsyncIterator[str]:
    async for key, at in store.listed(folder):
        if at < now() - KEPT:
            yield key


async def _in_batches(keys: AsyncIterator[str]) -> AsyncIterator[list[str]]:
    batch: list[str] = []
    async for key in keys:
        batch.append(key)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
