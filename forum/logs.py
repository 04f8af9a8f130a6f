"""Logs: one JSON object a line; never a body, a token or an address of mail."""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

# What JSON leaves as it is and a terminal or a reader of lines does not: DEL, C1 controls, line separators.
STRANGE = re.compile("[\x7f-\x9f\u2028\u2029]")
# PostgreSQL adds the values of the row that it refuses.
DETAIL = re.compile(r"\nDETAIL:.*?(?=\n\nDuring handling|\n\nThe above exception|\Z)", re.DOTALL)
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


class JsonFormatter(logging.Formatter):
    """A record as JSON: time, level, logger, message, what was given as `extra`, the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever a client has put into it: JSON escapes the ordinary control characters."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in vars(record).items() if key not in STANDARD})
        if record.exc_info:
            line["traceback"] = DETAIL.sub("", self.formatException(record.exc_info))
        return STRANGE.sub(_escaped, orjson.dumps(line, default=str).decode())


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def set_up_logs(level: str, stream: TextIO = sys.stderr) -> None:
    """Send every logger to standard error as JSON, from this level up."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("relais.access").setLevel(level.upper())
    # They would write statements with their values.
    for noisy in ("uvicorn.access", "tortoise", "aiosqlite"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
