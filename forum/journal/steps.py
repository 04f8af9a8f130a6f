"""A step of every act of staff: it is written down in the act's own transaction."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

import orjson

from forum.clock import now
from forum.journal.chain import GENESIS, row_hash, words_digest
from forum.journal.models import Act
from realtime.sql import sql

Detail = str | int | bool | None
TYPED = frozenset(("reason", "title"))


async def note(
    actor_id: int | None,
    act: Act,
    *,
    user_id: int | None = None,
    topic_id: int | None = None,
    post_id: int | None = None,
    category_id: int | None = None,
    details: Mapping[str, Detail] | None = None,
) -> None:
    """Add an act to the journal, within the caller's transaction, as its last statement.

    Args:
        actor_id: who acted; None for whoever keeps the machine.
        user_id, topic_id, post_id, category_id: what the act was about. Of a post or a topic, never its
            author too: once an account is erased, nothing must tell which posts had one author.
        details: what else must be known later, such as `reason`; kept for ever, so never a post's text. What
            people typed (`TYPED`) lies apart, where it may be erased; the row holds its digest.
    """
    number, previous = await _next_place()
    typed = {name: words for name, words in (details or {}).items() if name in TYPED}
    known = {name: value for name, value in (details or {}).items() if name not in TYPED}
    if typed:
        known["typed"] = await _keep(number, orjson.dumps(typed, option=orjson.OPT_SORT_KEYS).decode())
    row = {
        "id": number,
        "kind": act.value,
        "actor_id": actor_id,
        "user_id": user_id,
        "topic_id": topic_id,
        "post_id": post_id,
        "category_id": category_id,
        "details": orjson.dumps(known, option=orjson.OPT_SORT_KEYS).decode(),
        "created_at": now(),
    }
    await _append(row, previous, row_hash(row, previous))


async def _keep(number: int, words: str) -> str:
    """Words of an act, where they may be erased; what the chain holds of them."""
    salt = token_hex(16)
    await sql(
        "INSERT INTO staff_reasons (action_id, salt, words) VALUES ({0}, {1}, {2})", number, salt, words
    )
    return words_digest(salt, words)


async def _next_place() -> tuple[int, str]:
    """Take the chain's end, until the transaction is over: the next number, and the last hash."""
    rows = await sql(
        """INSERT INTO journal_head (id, number, hash) VALUES (1, 1, {0})
            ON CONFLICT (id) DO UPDATE SET number = journal_head.number + 1 RETURNING number, hash""",
        GENESIS,
    )
    return int(rows[0]["number"]), str(rows[0]["hash"])


async def _append(row: dict[str, Any], previous: str, hash: str) -> None:
    await sql(
        """INSERT INTO staff_actions (id, kind, actor_id, user_id, topic_id, post_id, category_id, details,
                created_at, previous_hash, hash)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}, {10})""",
        *row.values(),
        previous,
        hash,
    )
    await sql("UPDATE journal_head SET hash = {0} WHERE id = 1", hash)
