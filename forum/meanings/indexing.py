"""Reading what topics mean, a moment after the search has indexed their words.

The numbers of `search_documents` only rise, and each change of a topic gives it another one: whatever has a
higher number than the last that was looked at has changed.
"""

import asyncio
import logging
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from msgspec import msgpack

from forum.meanings.process import Away
from forum.meanings.queries import Meanings
from forum.meanings.wishes import Read
from forum.search.indexing import alone
from forum.search.sources import Document, source
from realtime import log
from realtime.sql import sql

BATCH = 8
IDLE_SECONDS, REST_SECONDS = 0.5, 30.0
# A page comes before: what was just written is found by its words meanwhile.
AFTER_START = 3.0
# A text says in its beginning what it is about, and each letter takes time.
OF_TEXT = 400

logger = logging.getLogger("relais.meanings")


async def keep_meanings(meanings: Meanings) -> None:
    """Read what topics mean as they come and change, until cancelled."""
    await asyncio.sleep(AFTER_START)
    last = 0
    while True:
        try:
            newest = await _newest()
            read = await index_meanings(meanings, last)
        except Away:
            # It has said in the log that it ended; words answer meanwhile.
            await asyncio.sleep(REST_SECONDS)
        except Exception:
            logger.exception("the meanings of topics cannot be written")
            await asyncio.sleep(REST_SECONDS)
        else:
            last = read or newest
            if not read:
                await asyncio.sleep(IDLE_SECONDS)


async def _newest() -> int:
    """The last document of all; asked before those that have changed, so that none is passed over."""
    rows = await sql("SELECT MAX(id) AS id FROM search_documents")
    return int(rows[0]["id"] or 0)


async def index_meanings(meanings: Meanings, last: int) -> int:
    """Read a batch of what came after the document `last`; the last one that was read, 0 for none.

    Raises:
        Away: the process that knows meanings does not answer.
    """
    rows = await sql(
        f"""SELECT d.id, d.item_id, m.digest, m.vector FROM search_documents d
            LEFT JOIN search_meanings m ON m.item_id = d.item_id
            WHERE d.kind = 'topic' AND d.id > {{0}} AND (m.document_id IS NULL OR m.document_id <> d.id)
            ORDER BY d.id LIMIT {BATCH}""",
        last,
    )
    topics = source("topic")
    if rows and topics is not None:
        await meanings.process.start()
        found = {one.id: one for one in await topics.read([row["item_id"] for row in rows])}
        await _write(meanings, [(row, found[row["item_id"]]) for row in rows if row["item_id"] in found])
    return int(rows[-1]["id"]) if rows else 0


async def _write(meanings: Meanings, changed: Sequence[tuple[dict[str, Any], Document]]) -> None:
    for row, document in changed:
        title = document.title.split("\n")[0]
        text = f"{title}. {document.body.strip()}"[:OF_TEXT]
        digest = sha256(f"{title}\n{text}".encode()).hexdigest()
        vector: bytes | None = row["vector"]
        if row["digest"] != digest:
            try:
                vector = msgpack.decode(await meanings.process.ask(Read(title, text)), type=bytes)
            except Away:
                # Perhaps this very text has killed it: it is found by its words alone until it is changed.
                await _keep(row["id"], document, digest, None)
                raise
        await _keep(row["id"], document, digest, vector)


async def _keep(document_id: int, document: Document, digest: str, vector: bytes | None) -> None:
    """In the place of what it meant before; if it has changed or gone meanwhile, the next look finds that."""
    async with log.transaction():
        await alone()
        if await sql("SELECT 1 FROM search_documents WHERE id = {0}", document_id):
            await sql("DELETE FROM search_meanings WHERE item_id = {0}", document.id)
            await sql(
                """INSERT INTO search_meanings (item_id, document_id, scope, digest, vector)
                    VALUES ({0}, {1}, {2}, {3}, {4})""",
                document.id, document_id, document.scope, digest, vector,
            )  # fmt: skip
