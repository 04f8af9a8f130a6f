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
            read = await index_meanings(meanings, last)
        except Away:
            await asyncio.sleep(REST_SECONDS)
        except Exception:
            logger.exception("the meanings of topics cannot be written")
            await asyncio.sleep(REST_SECONDS)
        else:
            last = read or last
            if not read:
                await asyncio.sleep(IDLE_SECONDS)


async def index_meanings(meanings: Meanings, last: int) -> int:
    """Read a batch of what came after the document `last`; the last one that was read, 0 for none.

    Raises:
        Away: the process that knows meanings does not answer.
    """
    rows = await sql(
        f"""SELECT d.id, d.item_id, m.document_id, m.digest FROM search_documents d
            LEFT JOIN search_meanings m ON m.item_id = d.item_id
            WHERE d.kind = 'topic' AND d.id > {{0}} ORDER BY d.id LIMIT {BATCH}""",
        last,
    )
    changed = [row for row in rows if row["document_id"] != row["id"]]
    topics = source("topic")
    if changed and topics is not None:
        await meanings.process.start()
        found = {one.id: one for one in await topics.read([row["item_id"] for row in changed])}
        await _write(meanings, [(row, found[row["item_id"]]) for row in changed if row["item_id"] in found])
    return int(rows[-1]["id"]) if rows else 0


async def _write(meanings: Meanings, changed: Sequence[tuple[dict[str, Any], Document]]) -> None:
    for row, document in changed:
        title = document.title.split("\n")[0]
        text = f"{title}. {document.body.strip()}"[:OF_TEXT]
        digest = sha256(f"{title}\n{text}".encode()).hexdigest()
        same = row["digest"] == digest
        vector = None if same else msgpack.decode(await meanings.process.ask(Read(title, text)), type=bytes)
        async with log.transaction():
            await alone()
            held = await sql("DELETE FROM search_meanings WHERE item_id = {0} RETURNING vector", document.id)
            kept = held[0]["vector"] if same and held else vector
            # Deleted meanwhile: the next look finds what there is.
            if kept is not None and await sql("SELECT 1 FROM search_documents WHERE id = {0}", row["id"]):
                await sql(
                    """INSERT INTO search_meanings (item_id, document_id, scope, digest, vector)
                        VALUES ({0}, {1}, {2}, {3}, {4})""",
                    document.id, row["id"], document.scope, digest, kept,
                )  # fmt: skip
