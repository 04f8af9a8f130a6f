"""What the log says of connections: who, from where, from which page, how it ended; never what was said.

One line each. A channel is named by its namespace alone; `request_id` is the `client` of the connect result.
"""

import logging
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers

from realtime.protocol.codes import ErrorReply

if TYPE_CHECKING:
    from realtime.connection import Connection

# A connection that goes on asking for what it is refused is not written about without end.
MOST_REFUSALS = 10
MAX_ORIGIN = 200

logger = logging.getLogger("realtime.connections")


def opened(connection: "Connection") -> None:
    """Somebody has said who they are."""
    if logger.isEnabledFor(logging.INFO):
        logger.info("connected", extra=_of(connection))


def ended(connection: "Connection", code: int, known: bool) -> None:
    """It is over: with this code of ours, or by itself (0).

    Args:
        known: whether it had been told who it was; otherwise an end of ours is a refusal.
    """
    if not logger.isEnabledFor(logging.INFO):
        return
    words = "disconnected" if known else "connection refused" if code else "left before connecting"
    logger.info(words, extra={**_of(connection), "code": code, "refusals": connection.refusals})


def refused(connection: "Connection", request: Any, error: ErrorReply) -> None:
    """The host answers a command by an error."""
    connection.refusals += 1
    if connection.refusals <= MOST_REFUSALS:
        namespace = connection.hub.policies.namespace_name(getattr(request, "channel", ""))
        more = {"command": request.command.method, "namespace": namespace or None, "code": error.code}
        logger.info("command refused", extra={**_of(connection), **more})


def turned_away(headers: Headers, address: str) -> None:
    """The page of another site asked for a connection."""
    logger.info("handshake refused", extra={"address": address, "origin": _origin(headers)})


def _of(connection: "Connection") -> dict[str, Any]:
    handshake, who = connection.handshake, connection.identity
    return {
        "request_id": connection.client,
        "user_id": (who.user if who else "") or None,
        "address": handshake.address,
        "origin": _origin(handshake.headers),
    }


def _origin(headers: Headers) -> str | None:
    origin = headers.get("origin")
    return origin[:MAX_ORIGIN] if origin else None
