"""How long a change waits while another process locks SQLite's file, its wait for the writer's turn included.

SQLite would wait its whole time for each in turn: behind two jobs, somebody who posts would wait three
times as long. So whoever has waited for the turn waits less for the lock.
"""

import sqlite3
from time import monotonic

BUSY_TIMEOUT_MS = 5000
# However long the turn took (a file that is written anew): another process's small change is waited for.
LEAST_MS = 500


def begin(connection: sqlite3.Connection, asked_at: float, patience_ms: int) -> None:
    """Take SQLite's write lock, in the writer's thread.

    Args:
        asked_at: when the change began to wait, on the clock of `monotonic`.
        patience_ms: how long it waits in all; also the connection's own busy timeout.

    Raises:
        sqlite3.OperationalError: another process has held the lock for all that time.
    """
    waited = int((monotonic() - asked_at) * 1000)
    if waited < LEAST_MS or patience_ms <= LEAST_MS:
        connection.execute("BEGIN IMMEDIATE")
        return
    connection.execute(f"PRAGMA busy_timeout={max(patience_ms - waited, LEAST_MS)}")
    try:
        connection.execute("BEGIN IMMEDIATE")
    finally:
        connection.execute(f"PRAGMA busy_timeout={patience_ms}")
