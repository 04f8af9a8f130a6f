"""Processes of our own, by their number; they end with us, however we end."""

import asyncio
import ctypes
import os
import random
import signal
import socket
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PR_SET_PDEATHSIG = 1
# Below the ports that systems hand out (from 32768 on): while a server is down, a client that knocks at
# one of those could be given that very port, and talk to itself.
PORTS = range(20_000, 32_000)

_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In a new process: be killed when the parent is gone. Linux only, as these experiments are."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


async def python(*arguments: str, **options: Any) -> asyncio.subprocess.Process:
    """Start a Python of ours at the project's root."""
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, preexec_fn=end_with_parent, **options
    )


async def put_an_end(process: asyncio.subprocess.Process | None) -> None:
    """Kill it if it still runs, also when it is stopped, and wait."""
    if process is not None:
        if process.returncode is None:
            process.kill()
        await process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 for a server that comes and goes."""
    for port in random.sample(PORTS, 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port")


def children(pid: int) -> set[int]:
    """The numbers of a process's children."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return {int(child) for child in path.read_text().split()} if path.exists() else set()


def resident_kb(pid: int) -> int:
    """A process's memory."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def runs(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def machine() -> str:
    """What the figures were measured on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), "unknown processor",
    )  # fmt: skip
    memory = int(Path("/proc/meminfo").read_text().split()[1]) // 1_000_000
    version = ".".join(map(str, sys.version_info[:2]))
    return f"{os.cpu_count()} cores ({model}), {memory} GB, Linux {os.uname().release}, Python {version}"
