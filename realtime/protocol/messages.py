"""Messages in JSON: lines in, commands out; results and pushes in, lines out.

Source: the public definition `centrifugal/protocol` (client.proto). Fields that we do not serve (`tf`,
`type`, `delta`, other bits of `flag`) are ignored, never refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from realtime.protocol.codes import BAD_FRAME, BAD_REQUEST, Disconnect, ErrorReply

MAX_CHANNEL_NAME = 255
REQUESTS = (
    "connect", "subscribe", "unsubscribe", "publish", "presence", "presence_stats", "history", "rpc",
    "send", "refresh", "sub_refresh", "ping",
)  # fmt: skip
KNOWN = frozenset(REQUESTS)


class Message:
    """Text on its way to clients: framed for a WebSocket once, then the same bytes for everyone."""

    __slots__ = ("_frame", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._frame: bytes | None = None

    @property
    def frame(self) -> bytes:
        """The text as one unmasked, unfragmented frame."""
        if self._frame is None:
            self._frame = _framed(self.text.encode())
        return self._frame


def _framed(payload: bytes) -> bytes:
    """RFC 6455, 5.2: final, text; the length in 7, 16 or 64 bits; no mask."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 1 << 16:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


PING = Message("{}")


@dataclass(frozen=True, slots=True)
class Command:
    """One request of a client. `id` is 0 for what asks no reply."""

    id: int
    method: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Since:
    """The position from which a client wants to go on."""

    offset: int
    epoch: str


def read_command(line: str) -> Command | None:
    """One line of a text message; None for a pong.

    Raises:
        Disconnect: 3501 for what is no command of this protocol.
    """
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Disconnect(*BAD_FRAME) from None
    if not isinstance(data, dict):
        raise Disconnect(*BAD_FRAME)
    if not data:
        return None
    id = data.get("id", 0)
    method = _method(data)
    params = {} if data.get(method) is None else data[method]
    if type(id) is not int or not 0 <= id < 2**32 or not method or not isinstance(params, dict):
        raise Disconnect(*BAD_FRAME)
    if id == 0 and method != "send":
        raise Disconnect(*BAD_FRAME)
    return Command(id, method, params)


def _method(data: dict[str, Any]) -> str:
    """What is asked, by its name; of several the first of ours, of none ""."""
    asked = data.keys() & KNOWN
    return asked.pop() if len(asked) == 1 else next((name for name in REQUESTS if name in asked), "")


def read_channel(params: dict[str, Any]) -> str:
    """The channel that a command names.

    Raises:
        ErrorReply: 107 for what cannot be a channel's name.
    """
    name = params.get("channel")
    # No database keeps a NUL in a text for sure.
    if not isinstance(name, str) or not 0 < len(name) <= MAX_CHANNEL_NAME or "\0" in name:
        raise ErrorReply(*BAD_REQUEST)
    return name


def read_text(params: dict[str, Any], name: str) -> str:
    """A text of that name, "" when there is none.

    Raises:
        ErrorReply: 107 for anything else.
    """
    value = params.get(name)
    if value is not None and not isinstance(value, str):
        raise ErrorReply(*BAD_REQUEST)
    return value or ""


def read_since(params: dict[str, Any]) -> Since:
    """A position, `{offset, epoch}`; from the beginning where it names none.

    Raises:
        ErrorReply: 107 for numbers that are none.
    """
    offset, epoch = params.get("offset") or 0, params.get("epoch") or ""
    if type(offset) is not int or not 0 <= offset < 2**63 or not isinstance(epoch, str):
        raise ErrorReply(*BAD_REQUEST)
    return Since(offset, epoch)


def read_recovery(params: dict[str, Any]) -> Since | None:
    """The position in a subscribe request; None when it does not ask for recovery.

    Raises:
        ErrorReply: 107 for numbers that are none.
    """
    return read_since(params) if params.get("recover") is True else None


def reply(command: Command, result: dict[str, Any]) -> Message:
    """The answer to a command."""
    return raw_reply(command, orjson.dumps(result).decode())


def raw_reply(command: Command, result: str) -> Message:
    """The answer to a command whose result is JSON already."""
    return Message(f'{{"id":{command.id},"{command.method}":{result}}}')


def error_reply(command: Command, error: ErrorReply) -> Message:
    """An error as the answer to a command."""
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.temporary:
        body["temporary"] = True
    return Message(orjson.dumps({"id": command.id, "error": body}).decode())


def push(channel: str, kind: str, body: str) -> Message:
    """A push about a channel; `body` is JSON already."""
    return Message(f'{{"push":{{"channel":{_json(channel)},"{kind}":{body}}}}}')


def publication(offset: int, data: bytes, info: str = "") -> str:
    """A publication as it stands in pushes, recoveries and histories; `data` and `info` are JSON already."""
    about = f',"info":{info}' if info else ""
    return f'{{"data":{data.decode()},"offset":{offset}{about}}}'


def json_list(values: Iterable[str]) -> str:
    """A list whose values are JSON already."""
    return "[" + ",".join(values) + "]"


def unsubscribe_push(channel: str, code: int, reason: str) -> Message:
    """The server ends a subscription."""
    return push(channel, "unsubscribe", _json({"code": code, "reason": reason}))


def with_fields(result: dict[str, Any], **fields: str) -> str:
    """A result as JSON, with more fields whose values are JSON already."""
    more = "".join(f',"{name}":{value}' for name, value in fields.items())
    return _json(result)[:-1] + (more if result else more[1:]) + "}"


def json_object(fields: dict[str, str]) -> str:
    """An object whose values are JSON already."""
    return "{" + ",".join(f"{_json(name)}:{value}" for name, value in fields.items()) + "}"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
