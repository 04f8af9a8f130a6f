"""One client's connection: what it is told goes out at once, what it asks is done in order.

There is no task and no queue for a connection that is idle. A message is written now, or the client is
slow and is told to come back and recover. What it asks starts a task only if something must be waited for,
and that task ends with the last command.
"""

import asyncio
import time
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Protocol

from realtime.channel import Subscription
from realtime.policies import Handshake, Identity
from realtime.protocol import codes
from realtime.protocol.messages import Message
from realtime.protocol.session import Effect, End, Note, Send, Session

if TYPE_CHECKING:
    from realtime.hub import Hub

# More unread commands than this, and we stop reading the socket until they are done.
MAX_WAITING = 64
# Answers that go out together: so many, none of them longer than so much.
MOST_TOGETHER, LITTLE = 16, 4096


class Wire(Protocol):
    """The way to a client, as a shell provides it."""

    def send(self, *messages: Message) -> bool:
        """Write now; False when the client does not read fast enough: its buffer is full."""

    def close(self, code: int, reason: str) -> None:
        """Begin to close; a client that does not answer is dropped some seconds later."""

    def read(self, wanted: bool) -> None:
        """Go on or stop reading what the client says."""


class Connection:
    """A client. Made by a shell, served by the hub.

    Args:
        wire: the way to it.
        handshake: the request that opened it.
    """

    __slots__ = ("_answers", "_working", "client", "closing", "handshake", "held", "hub", "identity", "left",
                 "refusals", "session", "subscriptions", "wire")  # fmt: skip

    def __init__(self, hub: "Hub", wire: Wire, handshake: Handshake) -> None:
        self.hub, self.wire, self.handshake = hub, wire, handshake
        self.client = token_hex(8)
        self.identity: Identity | None = None
        self.subscriptions: dict[str, Subscription | None] = {}
        self.held: list[Message] | None = None
        self._answers: list[Message] | None = None
        self.session = Session(hub.policies.limits.commands_per_second, time.monotonic())
        self.closing = self.left = self._working = False
        self.refusals = 0
        hub.arrived(self)

    @property
    def who(self) -> Identity:
        """Who is connected, once that is known."""
        assert self.identity is not None, "only a connected client asks for anything"
        return self.identity

    @property
    def presence(self) -> dict[str, Any]:
        """The client as presence shows it."""
        info = {"user": self.who.user, "client": self.client}
        return info if self.who.info is None else {**info, "conn_info": self.who.info}

    def send(self, message: Message) -> bool:
        """Tell the client something now; one that does not keep up is dropped, and recovers."""
        if self.closing or self.left:
            return False
        if self.held is not None:
            self.held.append(message)
            return True
        self.say_answers()
        return self._write(message)

    def answer(self, message: Message) -> None:
        """Answer a command: what is asked together is answered together, when the loop has its next turn."""
        if self.closing or self.left:
            return
        if self._answers is None:
            self._answers = []
            asyncio.get_running_loop().call_soon(self.say_answers)
        self._answers.append(message)
        if len(self._answers) >= MOST_TOGETHER or len(message.text) > LITTLE:
            self.say_answers()

    def say_answers(self) -> None:
        """What has been answered goes out now."""
        answers, self._answers = self._answers, None
        if answers and not self.left:
            self._write(*answers)

    def _write(self, *messages: Message) -> bool:
        if self.closing:
            return False
        if self.wire.send(*messages):
            return True
        self.hub.counts.slow += 1
        self.end(*codes.SLOW)
        return False

    def release(self, first: Message) -> None:
        """Answer this, then what was held back until now."""
        held, self.held = self.held, None
        for message in (first, *(held or ())):
            self.answer(message)

    def end(self, code: int, reason: str) -> None:
        """Close with a code of the protocol."""
        self.say_answers()
        if not self.closing:
            self.hub.gone(self, code)
            self.wire.close(code, reason)

    def lost(self) -> None:
        """The client has gone; what it asked before that is still done, and answered to nobody."""
        self.left = True
        self._forget_if_done()

    def _forget_if_done(self) -> None:
        if self.left and not self._working and not self.closing:
            self.hub.gone(self, 0)

    def receive(self, text: str) -> None:
        """A text message has come."""
        if self.closing:
            return
        self.session.receive(text, time.monotonic())
        if self._working:
            self.wire.read(self.session.waiting <= MAX_WAITING)
        else:
            self._work()

    def receive_binary(self) -> None:
        """A binary message has come: not of this protocol."""
        self._do(self.session.end(*codes.BAD_FRAME))

    def tick(self, now: float) -> None:
        """A second has gone by."""
        if effect := self.session.tick(now):
            self._do(effect)

    def _work(self) -> None:
        """Do what was asked; what must be waited for goes on in a task, and so does all that follows it."""
        while effect := self._next():
            if not self._do(effect):
                self._working = True
                self.hub.spawn(self._work_on(effect))
                return

    async def _work_on(self, effect: Effect) -> None:
        following: Effect | None = effect
        while following and not self.closing:
            if not self._do(following):
                await self.hub.perform(self, following)
            following = self._next()
        self._working = False
        self._forget_if_done()
        if not self.closing:
            self.wire.read(True)

    def _next(self) -> Effect | None:
        return None if self.closing else self.session.next_effect(time.monotonic())

    def _do(self, effect: Effect) -> bool:
        """Do what can be done at once; False for what must be waited for."""
        match effect:
            case Send(message):
                self.send(message)
            case End(code, reason):
                self.end(code, reason)
            case Note():
                """A message without reply: nothing of ours listens to any."""
            case _:
                return False
        return True
