"""The Centrifuge client protocol v2 in JSON, without sockets: frames in, commands out, and back.

Source: the public definition `centrifugal/protocol` (client.proto) and the pages "client protocol",
"history and recovery" and "client protocol codes" of Centrifugo's documentation. Fields that we do
not serve (`tf`, `type`, `delta`, other bits of `flag`) are ignored, never refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

VERSION = "1.0.0"
PING_SECONDS = 25
PONG_SECONDS = 10
MAX_FRAME = 64 * 1024
MAX_CHANNEL_NAME = 255
REJECT_UNRECOVERED = 2
PING = "{}"

REQUESTS = (
    "connect", "subscribe", "unsubscribe", "publish", "presence", "presence_stats", "history", "rpc",
    "send", "refresh", "sub_refresh", "ping",
)  # fmt: skip


class ErrorReply(Exception):
    """A command is answered by an error; the connection stays."""

    def __init__(self, code: int, message: str, temporary: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.temporary = code, message, temporary


class Disconnect(Exception):
    """The connection ends, with this code and reason in the close frame."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


# The protocol's own codes, each in its own meaning.
INTERNAL = (100, "internal server error", True)
PERMISSION_DENIED = (103, "permission denied")
METHOD_NOT_FOUND = (104, "method not found")
ALREADY_SUBSCRIBED = (105, "already subscribed")
LIMIT_EXCEEDED = (106, "limit exceeded")
BAD_REQUEST = (107, "bad request")
NOT_AVAILABLE = (108, "not available")
TOO_MANY_REQUESTS = (111, "too many requests", True)
UNRECOVERABLE = (112, "unrecoverable position")

SHUTDOWN = (3001, "shutdown")
SLOW = (3008, "slow")
INSUFFICIENT_STATE = (3010, "insufficient state")
NO_PONG = (3012, "no pong")
INVALID_TOKEN = (3500, "invalid token")
BAD_FRAME = (3501, "bad request")
STALE = (3502, "stale")
FORCED = (3503, "force disconnect")
CONNECTION_LIMIT = (3504, "connection limit")

UNSUBSCRIBED = (2000, "server unsubscribe")


@dataclass(frozen=True, slots=True)
class Command:
    """One request of a client. `id` is 0 for what asks no reply."""

    id: int
    method: str
    params: dict[str, Any]


def read_frame(text: str) -> Iterator[Command | None]:
    """The commands of one text message, one JSON object a line; None stands for a pong.

    Raises:
        Disconnect: 3501 for what is no command of this protocol, or too large.
    """
    if len(text) > MAX_FRAME:
        raise Disconnect(*BAD_FRAME)
    for line in text.split("\n"):
        if line.strip():
            yield _read_command(line)


def _read_command(line: str) -> Command | None:
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Disconnect(*BAD_FRAME) from None
    if not isinstance(data, dict):
        raise Disconnect(*BAD_FRAME)
    if not data:
        return None
    id = data.get("id", 0)
    method = next((name for name in REQUESTS if name in data), "")
    params = {} if data.get(method) is None else data[method]
    if type(id) is not int or not 0 <= id < 2**32 or not method or not isinstance(params, dict):
        raise Disconnect(*BAD_FRAME)
    if id == 0 and method != "send":
        raise Disconnect(*BAD_FRAME)
    return Command(id, method, params)


def reply(command: Command, result: dict[str, Any]) -> str:
    """The answer to a command."""
    return orjson.dumps({"id": command.id, command.method: result}).decode()


def raw_reply(command: Command, result: bytes) -> str:
    """The answer to a command whose result is JSON already."""
    return f'{{"id":{command.id},"{command.method}":{result.decode()}}}'


def error_reply(command: Command, error: ErrorReply) -> str:
    """An error as the answer to a command."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.temporary:
        body["temporary"] = True
    return orjson.dumps({"id": command.id, "error": body}).decode()


def publication(channel: str, offset: int, data: bytes) -> str:
    """A publication pushed to the subscribers of a channel; `data` is JSON already."""
    name = orjson.dumps(channel).decode()
    return f'{{"push":{{"channel":{name},"pub":{publication_body(offset, data)}}}}}'


def publication_body(offset: int, data: bytes) -> str:
    """A publication as it stands in pushes, recoveries and histories."""
    return f'{{"data":{data.decode()},"offset":{offset}}}'


def unsubscribe_push(channel: str, code: int, reason: str) -> str:
    """The server ends a subscription."""
    body = {"push": {"channel": channel, "unsubscribe": {"code": code, "reason": reason}}}
    return orjson.dumps(body).decode()


@dataclass(frozen=True, slots=True)
class Since:
    """The position from which a client wants to go on."""

    offset: int
    epoch: str


def read_since(params: dict[str, Any]) -> Since | None:
    """The position in a subscribe request; None when it does not ask for recovery.

    Raises:
        ErrorReply: 107 for numbers that are none.
    """
    if not params.get("recover"):
        return None
    offset, epoch = params.get("offset", 0), params.get("epoch", "")
    if type(offset) is not int or not 0 <= offset < 2**63 or not isinstance(epoch, str):
        raise ErrorReply(*BAD_REQUEST)
    return Since(offset, epoch)
