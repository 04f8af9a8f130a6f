"""The two servers that are compared, as processes of their own: Relais, and a bare raw ASGI on uvicorn."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, perf_counter, sleep

from bench.faults.processes import ROOT, end_with_parent, free_port, resident_kb
from bench.servers import BARE, Server

START_SECONDS = 60.0


@dataclass(slots=True)
class Running:
    """A server."""

    process: subprocess.Popen[bytes]
    port: int
    http: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.http = HTTPConnection("127.0.0.1", self.port, timeout=60)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_ms(self) -> float:
        """What it has spent since its start: a figure that others on the machine disturb less."""
        return 1000 * Server(self.address, self.process.pid).cpu_seconds()

    def kilobytes(self) -> int:
        """Its memory."""
        return resident_kb(self.process.pid)

    def stop(self) -> None:
        """Put an end to it."""
        self.http.close()
        self.process.kill()
        self.process.wait()


def start_relais(data: Path, port: int) -> Running:
    """Relais on a data folder."""
    environment = {**os.environ, "RELAIS_DATA": str(data), "RELAIS_ENV": os.devnull, "RELAIS_LOG": "warning"}
    with data.with_suffix(".log").open("ab") as log:
        return _start(["-m", "bench.load.serve", str(port)], port, environment, log.fileno(), "/readyz")


@contextmanager
def relais(data: Path) -> Iterator[Running]:
    """The same, until the end of the block."""
    server = start_relais(data, free_port())
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def bare(body: bytes, folder: Path) -> Iterator[Running]:
    """A raw ASGI application that takes every socket, and broadcasts these bytes to all of them."""
    path, port = folder / "body", free_port()
    path.write_bytes(body)
    program = BARE.replace('listening_socket("127.0.0.1", 0)', f'listening_socket("127.0.0.1", {port})')
    many = "from realtime.server import allow_many_files\nallow_many_files()\n"
    server = _start(["-c", many + program, str(path)], port, dict(os.environ), subprocess.DEVNULL, "/page")
    try:
        yield server
    finally:
        server.stop()


def _start(arguments: list[str], port: int, environment: dict[str, str], output: int, path: str) -> Running:
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=output, stderr=output,
        preexec_fn=end_with_parent,
    )  # fmt: skip
    server, end = Running(process, port), monotonic() + START_SECONDS
    while not _answers(port, path):
        if process.poll() is not None or monotonic() > end:
            server.stop()
            raise RuntimeError(f"{arguments} did not start")
        sleep(0.02)
    return server


def _answers(port: int, path: str) -> bool:
    caller = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        caller.request("GET", path)
        return caller.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        caller.close()


def clock() -> float:
    """Seconds, on the clock of the crowd."""
    return perf_counter()
