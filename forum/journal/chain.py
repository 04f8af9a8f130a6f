"""How the rows of the journal hold on to each other: a row's hash covers the hash of the row before."""

from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any

import orjson

from realtime.sql import as_datetime

# What stands before the first row.
GENESIS = "0" * 64
COVERED = ("id", "kind", "actor_id", "user_id", "topic_id", "post_id", "category_id", "details")


def row_hash(row: Mapping[str, Any], previous: str) -> str:
    """The SHA-256 of a row in canonical form: JSON with sorted keys, its time in UTC to the microsecond.

    Args:
        row: the columns of `COVERED`, and `created_at` as either database gives it.
        previous: the hash of the row before.
    """
    at = as_datetime(row["created_at"]).astimezone(UTC).isoformat(timespec="microseconds")
    content = {name: row[name] for name in COVERED} | {"at": at, "previous": previous}
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def words_digest(salt: str, words: str) -> str:
    """What a row holds of words that lie apart: it proves them, and without the salt it tells nothing."""
    return sha256(f"{salt}{words}".encode()).hexdigest()
