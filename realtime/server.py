"""The server's process: uvicorn with what live connections need."""

import asyncio
import gc
import random
import resource
import socket
from functools import partial
from typing import Any

import uvicorn

from realtime.hub import Hub
from realtime.protocol import codes
from realtime.protocol.session import MAX_FRAME
from realtime.socket import LiveSocket
from realtime.upgrade import Http

DEAD_PEER_MS = 45_000
SPREAD_SECONDS = 5.0
GRACE_SECONDS = 10
BACKLOG = 2048
MAX_FILES = 65_536
# Of `gc.set_threshold`: objects made and not freed between two looks, and how many looks of each kind.
SELDOM = (20_000, 20, 20)


def config(app: Any, hub: Hub | None = None, **options: Any) -> uvicorn.Config:
    """uvicorn's configuration: no compression of sockets, small frames, its own pings off.

    Args:
        hub: whose clients every socket of the process is (`socket.py`); None leaves sockets to the app.
    """
    return uvicorn.Config(
        app,
        http=Http if hub else "httptools",
        ws=partial(LiveSocket, hub) if hub else "websockets-sansio",  # type: ignore[arg-type]
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
        access_log=False,
        server_header=False,
        # Who may speak for an address is the host's to say (`Policies.address_of`), not every program here.
        proxy_headers=False,
        **options,
    )


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket whose peers are given up after 45 s without acknowledgement, full buffer or not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends without delay (TCP_NODELAY) only where it is: otherwise
    # each answer in two pieces waits 40 ms for the other side's acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_PEER_MS)
    listener.bind((host, port))
    # From here on whoever knocks waits, instead of being refused, until the server is ready.
    listener.listen(BACKLOG)
    listener.set_inheritable(True)
    return listener


def allow_many_files() -> None:
    """Let this process hold as many sockets as the system allows it: the usual 1,024 is a small crowd."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def look_for_garbage_seldom() -> None:
    """Let Python look less often for what could be freed.

    A crowd that comes in makes thousands of objects that stay, and the usual thresholds have them looked
    through again and again: a tenth of what letting it in costs. What waits meanwhile is a few megabytes.
    """
    gc.set_threshold(*SELDOM)


class LiveServer(uvicorn.Server):
    """Says goodbye with the protocol's own code (3001), spread over some seconds, before uvicorn closes.

    Args:
        hub: whose connections are closed.
    """

    def __init__(self, settings: uvicorn.Config, hub: Hub, spread: float = SPREAD_SECONDS) -> None:
        super().__init__(settings)
        self.hub = hub
        self.spread = spread

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the live connections little by little, then everything else."""
        for server in self.servers:
            server.close()
        connections = list(self.hub.sockets)
        random.shuffle(connections)
        pause = self.spread / len(connections) if len(connections) > 10 else 0.0
        for connection in connections:
            connection.end(*codes.SHUTDOWN)
            await asyncio.sleep(0 if self.force_exit else pause)
        await super().shutdown(sockets)
