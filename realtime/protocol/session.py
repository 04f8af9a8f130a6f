"""One client's side of the protocol, without sockets and without a clock: text in; effects out.

A shell hands in what it receives (`receive`) and the time (`tick`), and performs what `next_effect`
gives, one after the other: a message to send, an end, or a request for the host to answer. The order of
the answers is the order of the commands, whatever they wait for.

    session.receive(text)
    while effect := session.next_effect(now):
        ...  # Send, End, or a request: perform it, then go on
"""

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from realtime.protocol import codes, messages
from realtime.protocol.codes import Disconnect, ErrorReply
from realtime.protocol.messages import PING, Command, Message, Since

PING_SECONDS = 25
PONG_SECONDS = 10
# How long a socket may stay open without having said who it is.
STALE_SECONDS = 15
# A token that is not renewed in time is forgiven for so long: clocks differ.
EXPIRY_GRACE_SECONDS = 25
MAX_FRAME = 64 * 1024
REJECT_UNRECOVERED = 2
# Who goes on after so many refusals in a row is not in a hurry but a flood.
FLOOD_FACTOR = 10


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes out."""

    message: Message


@dataclass(frozen=True, slots=True)
class End:
    """The connection is to be closed."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Who is it? Answer with `Session.connected`, an error, or an end."""

    command: Command
    token: str
    data: Any
    positions: Mapping[str, Since | None]


@dataclass(frozen=True, slots=True)
class Subscribe:
    """A wish to hear a channel, from `since` on or from now."""

    command: Command
    channel: str
    since: Since | None
    reject_unrecovered: bool
    token: str


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """An end of hearing a channel."""

    command: Command
    channel: str


@dataclass(frozen=True, slots=True)
class Publish:
    """A wish to tell a channel something."""

    command: Command
    channel: str
    data: Any


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there; `stats`: only how many."""

    command: Command
    channel: str
    stats: bool


@dataclass(frozen=True, slots=True)
class History:
    """What a channel said; `limit` 0 asks for the position alone, −1 for everything."""

    command: Command
    channel: str
    limit: int
    since: Since | None
    reverse: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A method of the host's (`rpc`)."""

    command: Command
    method: str
    data: Any


@dataclass(frozen=True, slots=True)
class Refresh:
    """A newer token, before the connection expires."""

    command: Command
    token: str


@dataclass(frozen=True, slots=True)
class Note:
    """A message that asks no reply (`send`)."""

    data: Any


Request = Connect | Subscribe | Unsubscribe | Publish | Presence | History | Call | Refresh | Note
Effect = Send | End | Request


class Session:
    """The state of one client.

    Args:
        commands_per_second: what is more is answered by 111, and ends the connection when it goes on.
        now: seconds of a clock that only goes forward; the same in every other call.
    """

    __slots__ = (
        "_allowance",
        "_counted_at",
        "_lines",
        "_rate",
        "_refused",
        "ended",
        "expires_at",
        "heard_at",
        "known",
        "pinged_at",
    )  # fmt: skip

    def __init__(self, commands_per_second: int, now: float) -> None:
        self._lines: deque[str] | None = None
        self._rate = self._allowance = float(commands_per_second)
        self._refused = 0
        self._counted_at = self.heard_at = self.pinged_at = now
        self.known = self.ended = False
        self.expires_at: float | None = None

    def receive(self, text: str, now: float) -> None:
        """A text message has come; what it asks comes out of `next_effect`."""
        self.heard_at = now
        if len(text) > MAX_FRAME:
            text = "too large"
        lines = [line for line in text.split("\n") if line.strip()]
        self._lines = deque(lines) if self._lines is None else self._lines + deque(lines)

    @property
    def waiting(self) -> int:
        """How many lines have come that nobody has looked at."""
        return len(self._lines or ())

    def next_effect(self, now: float) -> Effect | None:
        """What is to be done next; None when everything received is done."""
        while self._lines and not self.ended:
            effect = self._effect(self._lines.popleft(), now)
            if effect is not None:
                return effect
        self._lines = None
        return None

    def _effect(self, line: str, now: float) -> Effect | None:
        try:
            command = messages.read_command(line)
            if command is None:
                self._count_pong(now)
                return None
            return self._of_command(command, now)
        except Disconnect as end:
            return self.end(end.code, end.reason)

    def _count_pong(self, now: float) -> None:
        with suppress(ErrorReply):
            self._spend(now)

    def _of_command(self, command: Command, now: float) -> Effect | None:
        if self.known != (command.method != "connect"):
            raise Disconnect(*codes.BAD_FRAME)
        try:
            self._spend(now)
            return _READERS[command.method](command)
        except ErrorReply as error:
            return Send(messages.error_reply(command, error)) if command.id else None

    def _spend(self, now: float) -> None:
        """A bucket that holds a second's worth of commands and fills as time goes by."""
        self._allowance = min(self._rate, self._allowance + (now - self._counted_at) * self._rate)
        self._counted_at = now
        if self._allowance >= 1:
            self._allowance -= 1
            self._refused = 0
            return
        self._refused += 1
        if self._refused > FLOOD_FACTOR * self._rate:
            raise Disconnect(*codes.FLOODING)
        raise ErrorReply(*codes.TOO_MANY_REQUESTS)

    def connected(self, expires_at: float | None = None) -> None:
        """The host knows who it is; until then every other command is out of place.

        Args:
            expires_at: when the token ends, in seconds of `now`'s clock; None for never.
        """
        self.known, self.expires_at = True, expires_at

    def tick(self, now: float) -> Effect | None:
        """Time goes by: a ping, or an end for a client that is silent, unknown or expired. Once a second."""
        if self.ended:
            return None
        if not self.known:
            return self.end(*codes.STALE) if now - self.pinged_at > STALE_SECONDS else None
        if self.expires_at is not None and now > self.expires_at + EXPIRY_GRACE_SECONDS:
            return self.end(*codes.EXPIRED)
        if self.pinged_at > self.heard_at:
            return self.end(*codes.NO_PONG) if now - self.pinged_at > PONG_SECONDS else None
        if now - max(self.pinged_at, self.heard_at) > PING_SECONDS:
            self.pinged_at = now
            return Send(PING)
        return None

    def end(self, code: int, reason: str) -> End:
        """The end: nothing that comes after it counts."""
        self.ended, self._lines = True, None
        return End(code, reason)


def _connect(command: Command) -> Effect:
    params = command.params
    wishes = params.get("subs") or {}
    if not isinstance(wishes, dict) or not all(isinstance(wish, dict) for wish in wishes.values()):
        raise ErrorReply(*codes.BAD_REQUEST)
    positions = {name: messages.read_recovery(wish) for name, wish in wishes.items()}
    return Connect(command, messages.read_text(params, "token"), params.get("data"), positions)


def _subscribe(command: Command) -> Effect:
    flag = command.params.get("flag") or 0
    reject = isinstance(flag, int) and bool(flag & REJECT_UNRECOVERED)
    since = messages.read_recovery(command.params)
    token = messages.read_text(command.params, "token")
    return Subscribe(command, messages.read_channel(command.params), since, reject, token)


def _unsubscribe(command: Command) -> Effect:
    return Unsubscribe(command, messages.read_channel(command.params))


def _publish(command: Command) -> Effect:
    return Publish(command, messages.read_channel(command.params), command.params.get("data"))


def _presence(command: Command) -> Effect:
    return Presence(command, messages.read_channel(command.params), command.method == "presence_stats")


def _history(command: Command) -> Effect:
    params = command.params
    limit, wish = params.get("limit") or 0, params.get("since")
    if type(limit) is not int or not isinstance(wish, dict | None):
        raise ErrorReply(*codes.BAD_REQUEST)
    since = None if wish is None else messages.read_since(wish)
    return History(command, messages.read_channel(params), limit, since, params.get("reverse") is True)


def _rpc(command: Command) -> Effect:
    return Call(command, messages.read_text(command.params, "method"), command.params.get("data"))


def _refresh(command: Command) -> Effect:
    return Refresh(command, messages.read_text(command.params, "token"))


def _send(command: Command) -> Effect:
    return Note(command.params.get("data"))


def _ping(command: Command) -> Effect:
    return Send(messages.reply(command, {}))


def _not_available(command: Command) -> Effect:
    raise ErrorReply(*codes.NOT_AVAILABLE)


_READERS = {
    "connect": _connect,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "publish": _publish,
    "presence": _presence,
    "presence_stats": _presence,
    "history": _history,
    "rpc": _rpc,
    "send": _send,
    "refresh": _refresh,
    "sub_refresh": _not_available,
    "ping": _ping,
}
