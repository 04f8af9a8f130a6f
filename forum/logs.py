"""Logs: one JSON object a line; never a body, a token or an address of mail."""

import logging
import sys
from datetime import UTC, datetime
from typing import Any

import orjson

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


class JsonFormatter(logging.Formatter):
    """A record as JSON: time, level, logger, message, what was given as `extra`, the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; control characters are escaped by JSON itself."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in vars(record).items() if key not in STANDARD})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def set_up_logs(level: str) -> None:
    """Send every logger to standard error as JSON, from this level up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("relais.access").setLevel(level.upper())
    for noisy in ("uvicorn.access", "tortoise", "aiosqlite"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
