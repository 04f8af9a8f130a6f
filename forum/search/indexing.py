"""Bringing what changed into the index: a moment after the change, in batches, each its own transaction.

Triggers write what changed to `search_pending` in the transaction of the change, whoever makes it (an action,
an import, an erasure), so that nothing is missed. What was deleted or moved out of sight is not found from
the moment of the change on: every question asks the tables themselves what may be seen.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from asyncpg.exceptions import LockNotAvailableError
from msgspec import Struct
from tortoise.exceptions import DBConnectionError

from forum.categories.queries import ids
from forum.clock import now
from forum.search.analysis import MAX_WORD, is_telling, stem, words
from forum.search.sources import ANY_DOCUMENT, Document, Source, source, sources
from realtime import log
from realtime.sql import dialect, places, sql

BATCH = 200
IDLE_SECONDS = 0.3
REST_SECONDS = 5.0
MAX_TERMS = 3_000
# One worker at a time counts words (an advisory lock of PostgreSQL, by a number of our own).
INDEXING = 7_303_014

# What cannot be indexed is tried again after this, then after twice as long; its next change begins anew.
MAX_TRIES = 3
RETRY_AFTER = timedelta(minutes=1)

Counted = tuple[int, str]

logger = logging.getLogger("relais.search")


class Change(Struct, frozen=True):
    """A note that something changed since it was indexed."""

    id: int
    kind: str
    item_id: int
    tries: int


async def keep_index() -> None:
    """Bring changes into the index as they come, until cancelled; a database that is away delays them."""
    while True:
        try:
            worked = await index_pending()
        except Exception:
            logger.exception("the index of the search cannot be written")
            await asyncio.sleep(REST_SECONDS)
        else:
            if not worked:
                await asyncio.sleep(IDLE_SECONDS)


async def index_pending() -> int:
    """Index a batch of what has changed; how many changes were dealt with.

    When the batch fails, its items are indexed one by one, so that none that cannot be stops the others.

    Raises:
        Exception: the database's, when nothing can be written at all.
    """
    waiting = await _next_batch()
    try:
        await _index_changes(waiting)
    except Exception as fault:
        if _passes(fault):
            raise
        logger.warning("a batch of the search's index fails: each of its items by itself", exc_info=True)
        return sum([await _index_alone(item, changes) for item, changes in _by_item(waiting).items()])
    return len(waiting)


def _passes(fault: Exception) -> bool:
    """Whether it is the database's state: each item by itself would wait for it again, and others with it."""
    away = (DBConnectionError, LockNotAvailableError, OSError)
    return isinstance(fault, away) or "locked" in str(fault)


async def _next_batch() -> list[Change]:
    """The oldest first; what has failed before once nothing else waits, and when its rest is over."""
    rows = await _waiting("tries IS NULL") or await _waiting("retry_at <= {0}", now())
    return [Change(row["id"], row["kind"], row["item_id"], row["tries"] or 0) for row in rows]


async def _waiting(which: str, *values: datetime) -> list[dict[str, Any]]:
    return await sql(
        f"SELECT id, kind, item_id, tries FROM search_pending WHERE {which} ORDER BY id LIMIT {BATCH}",
        *values,
    )


def _by_item(changes: Sequence[Change]) -> dict[tuple[str, int], list[Change]]:
    found: dict[tuple[str, int], list[Change]] = defaultdict(list)
    for change in changes:
        found[change.kind, change.item_id].append(change)
    return found


async def _index_changes(changes: Sequence[Change]) -> None:
    """In one transaction with the notes that are thrown away: whoever is killed meanwhile loses nothing."""
    if not changes:
        return
    async with log.transaction():
        await alone()
        # Another worker may have dealt with some.
        rows = await sql(
            f"DELETE FROM search_pending WHERE id IN ({ids(frozenset(change.id for change in changes))})"
            " RETURNING kind, item_id"
        )
        changed: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            changed[row["kind"]].add(row["item_id"])
        for kind, numbers in sorted(changed.items()):
            if (known := source(kind)) is not None:
                await _index(known, sorted(numbers))


async def _index_alone(item: tuple[str, int], changes: Sequence[Change]) -> int:
    """One thing; if it cannot be indexed, it is tried again later, a few times, and then left out."""
    try:
        await _index_changes(changes)
    except Exception as fault:
        if _passes(fault):
            raise
        tries = max(change.tries for change in changes) + 1
        logger.exception(
            "something cannot be indexed for the search",
            extra={"kind": item[0], "item": item[1], "tries": tries, "given_up": tries >= MAX_TRIES},
        )
        await _rest(changes, tries)
        return 0
    return len(changes)


async def _rest(changes: Sequence[Change], tries: int) -> None:
    numbers = ids(frozenset(change.id for change in changes))
    async with log.transaction():
        if tries >= MAX_TRIES:
            await sql(f"DELETE FROM search_pending WHERE id IN ({numbers})")
        else:
            await sql(
                f"UPDATE search_pending SET tries = {{0}}, retry_at = {{1}} WHERE id IN ({numbers})",
                tries,
                now() + RETRY_AFTER * tries,
            )


async def index_all_pending() -> None:
    """Index until nothing waits."""
    while await index_pending():
        pass


async def rebuild() -> int:
    """Build the whole index anew, while the site is served; how many things can be found."""
    async with log.transaction():
        await alone()
        await sql("DELETE FROM search_pending")
        await sql("DELETE FROM search_documents")
        await sql("DELETE FROM search_vocabulary")
    return sum([await _rebuild(known) for known in sources()])


async def _rebuild(known: Source) -> int:
    last, count = 0, 0
    while numbers := await known.ids_after(last, BATCH):
        async with log.transaction():
            await alone()
            count += await _index(known, numbers)
        last = numbers[-1]
    return count


async def alone() -> None:
    """Until the end of the transaction, no other worker writes the index."""
    if dialect() == "postgres":
        await sql(f"SELECT pg_advisory_xact_lock({INDEXING})")


async def _index(known: Source, numbers: Sequence[int]) -> int:
    """Replace what the index holds of these; how many of them can be found now."""
    counts: Counter[Counted] = Counter()
    gone = await sql(
        f"DELETE FROM search_documents WHERE kind = {{0}} AND item_id IN ({ids(frozenset(numbers))})"
        " RETURNING scope, words",
        known.kind,
    )
    for row in gone:
        counts.subtract(_counted(row["scope"], row["words"].split()))
    documents = await known.read(numbers)
    for document in documents:
        counts.update(_counted(document.scope, await _write(known.kind, document)))
    await _count({counted: n for counted, n in counts.items() if n})
    if known.kind == "topic":
        await forget_meanings(set(numbers) - {document.id for document in documents})
    return len(documents)


def _counted(scope: int, each: Iterable[str]) -> Iterator[Counted]:
    """What a document adds to the vocabulary of its scope: its words, and itself."""
    return ((scope, word) for word in (ANY_DOCUMENT, *each))


def kind_term(kind: str) -> str:
    """The term that every document of a kind holds, and no text."""
    return f"zk0{kind}"


async def forget_meanings(topics: set[int]) -> None:
    """Of those that are found no more nothing is kept: a row without a vector tells each worker so."""
    gone = await sql(
        f"DELETE FROM search_meanings WHERE item_id IN ({ids(frozenset(topics))}) RETURNING item_id"
    )
    for row in gone:
        await sql(
            """INSERT INTO search_meanings (item_id, document_id, scope, digest)
                VALUES ({0}, 0, 0, '')""",
            row["item_id"],
        )


async def _write(kind: str, document: Document) -> set[str]:
    title = [word.folded for word in words(document.title) if is_telling(word.folded)][:MAX_TERMS]
    body = [word.folded for word in words(document.body) if is_telling(word.folded)][:MAX_TERMS]
    each = {*title, *body}
    await sql(
        """INSERT INTO search_documents (kind, item_id, title_terms, body_terms, words, scope)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5})""",
        kind,
        document.id,
        " ".join([kind_term(kind), *map(stem, title)]),
        " ".join(map(stem, body)),
        " ".join(sorted(each)),
        document.scope,
    )
    return each


async def _count(changes: dict[Counted, int]) -> None:
    """Words come and go: the vocabulary holds those of the documents, and no others."""
    listed = sorted(changes.items())
    for at in range(0, len(listed), BATCH):
        part = listed[at : at + BATCH]
        values = [
            value
            for (scope, word), n in part
            for value in (scope, word, stem(word)[:MAX_WORD], word[0], len(word), n)
        ]
        rows = ", ".join(places(6 * n, 6) for n in range(len(part)))
        await sql(
            f"""INSERT INTO search_vocabulary (scope, word, stem, initial, length, documents) VALUES {rows}
                ON CONFLICT (scope, word)
                    DO UPDATE SET documents = search_vocabulary.documents + excluded.documents""",
            *values,
        )
    if any(n < 0 for n in changes.values()):
        await sql("DELETE FROM search_vocabulary WHERE documents <= 0")
