"""A Redis of the tests' own: on a free port, keeping nothing."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.keeper import free_port, kept, listens


def find_redis() -> str | None:
    """The server's program, Redis or its free successor Valkey."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


@contextmanager
def running_redis(port: int = 0) -> Iterator[str]:
    """Start a server on a port of 127.0.0.1, a free one unless told which; give its URL."""
    program = find_redis()
    assert program, "Redis is not installed: python -m tests.servers"
    port = port or free_port()
    folder = Path(tempfile.mkdtemp(prefix="relais-redis-"))
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    with kept(command, folder, lambda: listens(port)):
        yield f"redis://127.0.0.1:{port}/0"
