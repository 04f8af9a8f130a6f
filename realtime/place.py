"""Where the log lives, so that a copy that was put back is known for one.

A restored database stands where it once stood, and counts on from there: a client that had seen number 50
would take the 51 of another story for its next one, and never know what it missed. So the log remembers its
place; found elsewhere, it is another log: its epoch is renewed, and every client is told to refresh.

SQLite: the file's own marks tell too little. `cp backup relais.sqlite3` keeps its inode and its birth, and
after `rm` a new file is often given the inode just freed (both seen on ext4). So an empty file lies beside
the database, such as `relais.sqlite3.home-3f9a41c2`. The database knows its name and when it last changed
(ctime, which no copy keeps). Another takes its place at each start, each stop and each minute between: a copy
that is put back knows one that is gone, and a whole folder put back holds one that has changed.

PostgreSQL: the cluster's identity, its timeline (another after a recovery to a point in time and after a
failover), and the numbers of the database and of the table (others after `pg_restore`).

What no place tells is told by hand (`log.renew_epoch`): the snapshot of a whole machine or file system, a
base backup started without recovery, rows put back into the same table.
"""

import asyncio
import contextlib
import glob
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from tortoise.connection import connections
from tortoise.exceptions import OperationalError

from realtime import log
from realtime.sql import CONNECTION, dialect, sql

CLUSTER = """(SELECT system_identifier FROM pg_control_system()),
    left(pg_walfile_name(pg_current_wal_lsn()), 8)"""
TABLE = """(SELECT oid FROM pg_database WHERE datname = current_database()),
    'live_log'::regclass::oid, pg_relation_filenode('live_log')"""

logger = logging.getLogger("realtime.place")


@asynccontextmanager
async def at_home() -> AsyncIterator[None]:
    """Settle before a hub starts and after it has stopped: what is copied in between is an older log."""
    await settle()
    try:
        yield
    finally:
        try:
            await settle()
        except Exception:
            logger.warning("where the log lives cannot be noted", exc_info=True)


async def settle() -> bool:
    """Compare where the log is with where it was last; if it is elsewhere, renew its epoch.

    Returns:
        Whether the epoch was renewed.

    Raises:
        OperationalError, OSError: the database, or on SQLite its folder, refuses.
    """
    await log.positions([])
    before = (await sql("SELECT place FROM live_log WHERE id = 1"))[0]["place"]
    renewed = await (_settle_file() if dialect() == "sqlite" else _settle_server())
    if renewed:
        level = logging.INFO if before is None else logging.WARNING
        logger.log(level, "the log is not where it was last: its epoch is renewed, pages refresh")
    return renewed


async def _settle_file() -> bool:
    client: Any = connections.get(CONNECTION)
    database = Path(client.filename)
    if client.filename == ":memory:":
        return False
    async with log.transaction():
        # Under the writer's lock: two processes that settle at once do so one after the other.
        before = (await sql("SELECT place FROM live_log WHERE id = 1"))[0]["place"]
        old, new = await asyncio.to_thread(_make_mark, database)
        known = before in old.values()
        if not known:
            await log.renew_epoch()
        await sql("UPDATE live_log SET place = {0} WHERE id = 1", new)
    await asyncio.to_thread(_remove_marks, old)
    return not known


def _make_mark(database: Path) -> tuple[dict[Path, str], str]:
    """The marks that lie beside a database, with the places that they stand for, and a new one's."""
    old: dict[Path, str] = {}
    for mark in database.parent.glob(f"{glob.escape(database.name)}.home-*"):
        # Another program that has just settled takes away what it replaced.
        with contextlib.suppress(FileNotFoundError):
            old[mark] = _place(mark)
    path = database.with_name(f"{database.name}.home-{token_hex(4)}")
    path.touch()
    return old, _place(path)


def _place(mark: Path) -> str:
    return f"{mark.suffix}:{mark.stat().st_ctime_ns}"


def _remove_marks(marks: dict[Path, str]) -> None:
    for path in marks:
        path.unlink(missing_ok=True)


async def _settle_server() -> bool:
    moved = await sql(
        """UPDATE live_log SET epoch = {0}, place = {1}
            WHERE id = 1 AND place IS DISTINCT FROM {1} RETURNING id""",
        token_hex(8),
        await _server_place(),
    )
    return bool(moved)


async def _server_place() -> str:
    try:
        rows = await sql(f"SELECT concat_ws(':', {CLUSTER}, {TABLE}) AS place")
    except OperationalError:
        # The cluster keeps its secrets from this role: what is left tells of dumps, not of failovers.
        rows = await sql(f"SELECT concat_ws(':', {TABLE}) AS place")
    return str(rows[0]["place"])
