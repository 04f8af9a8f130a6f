"""Run one server for exactly as long as the process that asked for it lives.

A test run can be killed at any moment, and would then leave a PostgreSQL behind. So the server is the
child of a keeper, which reads a pipe that the test run holds open: when the pipe ends, because the run
closed it or died, the keeper stops the server and removes its folder.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

PATIENCE = 30  # seconds, for a start or a stop on a busy machine


@contextmanager
def kept(command: list[str], folder: Path, ready: Callable[[], bool], user: str = "") -> Iterator[None]:
    """Run `command` in `folder` once `ready()`; stop it and remove the folder at the end.

    `user`: the account to run it as, when this process is root and the server refuses root.
    Raises RuntimeError with the server's own words when it ends early or is not ready in 30 seconds.
    """
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(folder), user, *command],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the test run; the keeper must outlive it a little
    )
    try:
        _wait_until_ready(keeper, ready)
        yield
    finally:
        keeper.communicate(timeout=2 * PATIENCE)


def _wait_until_ready(keeper: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE
    while not ready():
        if keeper.poll() is not None or monotonic() > deadline:
            raise RuntimeError(f"{keeper.args!r} did not start: {keeper.communicate()[1].decode()}")
        sleep(0.01)


def free_port() -> int:
    """A TCP port of 127.0.0.1 on which nobody listens at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this port of 127.0.0.1."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def keep(folder: Path, user: str, command: list[str]) -> None:
    """Run `command` until standard input ends or it ends itself; then remove `folder`, telling its log."""
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, **as_user(user))
    Thread(target=_stop_when_input_ends, args=[server], daemon=True).start()
    server.wait()
    last_words = log.read_bytes()[-4000:]
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(BrokenPipeError):  # whoever asked may be dead
        os.write(sys.stderr.fileno(), last_words)


def as_user(user: str) -> dict[str, Any]:
    """`subprocess` arguments that drop root for this account; none for an empty name."""
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def _stop_when_input_ends(server: subprocess.Popen[bytes]) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown; Redis stops too
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()


if __name__ == "__main__":
    keep(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
