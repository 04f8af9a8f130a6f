"""JSON in columns: a row that was damaged breaks no page, no list and no queue."""

import logging
from typing import Any

import orjson

logger = logging.getLogger("relais.stored")


def object_in(text: str | None, table: str, column: str) -> dict[str, Any]:
    """The object that a column holds; an empty one, and a line in the log, where it cannot be read.

    Args:
        table, column: where it stands, for whoever mends it.
    """
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        found = None
    if isinstance(found, dict):
        return found
    logger.error("a stored object cannot be read", extra={"table": table, "column": column})
    return {}
