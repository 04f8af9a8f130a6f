"""Several processes behind one listening socket: started, replaced when they die, stopped together.

Each worker is a fresh program (not a fork, which would copy threads and connections), so replacing them
one by one (SIGHUP) takes a new version in without refusing anybody. A worker and its parent hold the two
ends of a line: the worker says on it that it is ready; its end tells either that the other is gone.
"""

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from threading import Event
from typing import Any

from realtime.server import GRACE_SECONDS, SPREAD_SECONDS, LiveServer

START_SECONDS = 60.0
STOP_SECONDS = SPREAD_SECONDS + GRACE_SECONDS + 5
LOOK_SECONDS = 0.2
REST_SECONDS = 1.0

logger = logging.getLogger("realtime.workers")


class Worker:
    """One process.

    Args:
        command: the program and its arguments; `--inherit LISTENER LINE` (file descriptors) is added.
        listener: the socket on which all workers accept.
    """

    def __init__(self, command: Sequence[str], listener: socket.socket) -> None:
        self._line, theirs = socket.socketpair()
        self._line.setblocking(False)
        self.began = time.monotonic()
        self.ready = False
        # The same modules as its parent's, wherever the parent found them.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        descriptors = (listener.fileno(), theirs.fileno())
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603
                [*command, "--inherit", *map(str, descriptors)], pass_fds=descriptors, env=environment
            )

    def alive(self) -> bool:
        """Whether it runs; notes whether it has said that it is ready."""
        if not self.ready:
            try:
                self.ready = bool(self._line.recv(16))
            except BlockingIOError:
                self.ready = False
        return self.process.poll() is None

    def tell(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.process.poll() is None:
            self.process.send_signal(number)

    def end(self) -> None:
        """Wait until it has ended; one that does not is killed."""
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            logger.error("worker does not stop: killed", extra={"pid": self.process.pid})
            self.process.kill()
            self.process.wait()
        self._line.close()


class Workers:
    """The parent: keeps so many workers running until SIGTERM or SIGINT.

    Args:
        command: what a worker runs.
        listener: the socket on which they all accept.
        count: how many.
    """

    def __init__(self, command: Sequence[str], listener: socket.socket, count: int) -> None:
        self._command, self._listener, self._count = command, listener, count
        self._stop, self._renew = Event(), Event()
        self._workers: list[Worker] = []

    def run(self) -> None:
        """Serve until told to stop.

        Raises:
            ChildProcessError: a worker of the first ones ended before it was ready.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        signal.signal(signal.SIGHUP, lambda *_: self._renew.set())
        try:
            self._workers = [self._start() for _n in range(self._count)]
            if not all(map(self._wait_for, self._workers)) and not self._stop.is_set():
                raise ChildProcessError("a worker ended before it was ready: its words are above")
            logger.info("workers are ready", extra={"pids": [worker.process.pid for worker in self._workers]})
            while not self._stop.wait(LOOK_SECONDS):
                self._look_after()
        finally:
            self._end(self._workers)

    def _start(self) -> Worker:
        return Worker(self._command, self._listener)

    def _wait_for(self, worker: Worker) -> bool:
        """True once it is ready; False if it ends before, takes too long, or everything is to stop."""
        late = worker.began + START_SECONDS
        while worker.alive() and not worker.ready and not self._stop.is_set() and time.monotonic() < late:
            self._stop.wait(LOOK_SECONDS)
        return worker.ready

    def _look_after(self) -> None:
        self._workers = [worker if worker.alive() else self._replaced(worker) for worker in self._workers]
        if self._renew.is_set():
            self._renew.clear()
            self._renew_all()

    def _replaced(self, dead: Worker) -> Worker:
        logger.error(
            "worker ended: replaced", extra={"pid": dead.process.pid, "code": dead.process.returncode}
        )
        dead.end()
        if time.monotonic() - dead.began < REST_SECONDS:
            self._stop.wait(REST_SECONDS)
        return self._start()

    def _renew_all(self) -> None:
        """One by one: the new worker serves before the old one goes; if it cannot start, nothing changes."""
        for place, old in enumerate(self._workers):
            new = self._start()
            if not self._wait_for(new):
                logger.error("a new worker does not start: the others stay as they are")
                self._end([new])
                return
            self._workers[place] = new
            self._end([old])

    def _end(self, workers: Sequence[Worker]) -> None:
        for worker in workers:
            worker.tell(signal.SIGTERM)
        for worker in workers:
            worker.end()


class WorkerServer(LiveServer):
    """The server inside a worker: says that it is ready, and stops when its parent is gone."""

    def __init__(self, *arguments: Any, line: socket.socket, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line = line

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._line.send(b"ready")
        asyncio.get_running_loop().add_reader(self._line, self._parent_is_gone)

    def _parent_is_gone(self) -> None:
        asyncio.get_running_loop().remove_reader(self._line)
        self.should_exit = True
