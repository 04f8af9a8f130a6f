"""A server of the tests' own that speaks S3: on a free port, keeping nothing."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from httpx2 import Client

from tests.servers.keeper import free_port, kept, listens


@contextmanager
def running_s3() -> Iterator[str]:
    """Start a server on a free port of 127.0.0.1; the `RELAIS_UPLOADS_URL` of a bucket in it."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    folder = Path(tempfile.mkdtemp(prefix="relais-s3-"))
    with kept(command, folder, lambda: listens(port)):
        with Client() as client:
            client.put(f"http://127.0.0.1:{port}/relais").raise_for_status()
        yield f"s3://key:s%2Fcret@127.0.0.1:{port}/relais/of/members?scheme=http"
