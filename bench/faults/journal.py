"""What clients saw, on disk before they act on it: with the database, the only witness of the checker.

One line of JSON a record: `at` (the machine's monotonic clock, seconds), `what`, `who`, and its facts.

    sent          op, topic                          a write goes out, with the op as its Idempotency-Key
    again         op                                 the same, once more
    acknowledged  op, post, number                   it was answered: from here on it may not be lost
    refused       op, status, seconds, retry_after   it was answered, but not done
    unanswered    op, error                          the connection ended first
    fault         fault, flying                      the experiment breaks something; ops on the wire
    asking        channel                            a subscription is asked for
    subscribed    channel, offset, epoch, recovered, asked    `asked`: the offset to recover from, or None
    heard         channel, offset, kind, post, number, via    `via`: "push" or "recovery"
    refreshed     channel, posts                     the state was read anew: every post id of the topic
    refused_channel  channel, code                   a subscription was refused
    ended         channel, code                      the server ended a subscription
    closed        code                               the connection ended (0: without a code)
    barred        channel, after                     who may hear nothing there above this number
    rest          channel                            given every chance to catch up, until now
"""

import asyncio
import json
import os
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

GATHER_SECONDS = 0.005

Row = dict[str, Any]


class Journal:
    """A file of one process; what its clients note within five milliseconds is kept in one `fsync`."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self._lines: list[bytes] = []
        self._kept: asyncio.Future[None] | None = None

    def note(self, what: str, who: str, **facts: Any) -> None:
        """Note something; it is on disk a moment later."""
        line = {"at": round(monotonic(), 6), "what": what, "who": who, **facts}
        self._lines.append(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        if self._kept is None:
            loop = asyncio.get_running_loop()
            self._kept = loop.create_future()
            loop.call_later(GATHER_SECONDS, self.sync)

    async def keep(self, what: str, who: str, **facts: Any) -> None:
        """Note something, and return once it is on disk."""
        self.note(what, who, **facts)
        assert self._kept is not None
        await asyncio.shield(self._kept)

    def sync(self) -> None:
        """Bring to the disk what was noted."""
        lines, self._lines = self._lines, []
        if lines:
            os.write(self._file, b"".join(lines))
            os.fsync(self._file)
        kept, self._kept = self._kept, None
        if kept is not None and not kept.done():
            kept.set_result(None)

    def close(self) -> None:
        """Bring the rest to the disk, and end."""
        self.sync()
        os.close(self._file)


def read_journals(paths: Iterable[Path]) -> list[Row]:
    """The records of several processes in the order of their times; a line cut short by a kill is none."""
    rows: list[Row] = []
    for path in paths:
        lines = path.read_bytes().split(b"\n")[:-1]
        rows.extend(json.loads(line) for line in lines)
    return sorted(rows, key=lambda row: row["at"])
