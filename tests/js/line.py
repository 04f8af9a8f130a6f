"""The line between pages and the site, in the test's hand: listened to, spoken on, bent, cut."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import WebSocketRoute

from tests.waiting import until

Message = dict[str, Any]


class Line:
    """Everything passes as it is, unless a test says otherwise.

    Attributes:
        calls: how often a page has called.
        cut_off: how often it was cut off at once, and has been told so.
        sent: what pages have sent, in order; `{}` is the answer to a ping.
        answer: called with each command; what it gives is the answer, and the site never sees the command.
        bend: called with each message for the page; the page gets the messages that it gives.
        dead: whoever calls is cut off at once.
    """

    def __init__(self) -> None:
        self.calls = self.cut_off = 0
        self.sent: list[Message] = []
        self.answer: Callable[[Message], Message | None] = lambda command: None
        self.bend: Callable[[Message], list[Message]] = lambda message: [message]
        self.dead = False
        self._ends: tuple[WebSocketRoute, WebSocketRoute] | None = None

    async def carry(self, page: WebSocketRoute) -> None:
        """A page calls."""
        self.calls += 1
        if self.dead:
            await page.close(code=4000)
            self.cut_off += 1
            return
        site = page.connect_to_server()
        self._ends = page, site
        page.on_message(lambda text: self._up(page, site, str(text)))
        site.on_message(lambda text: [page.send(json.dumps(one)) for m in read(text) for one in self.bend(m)])

    def _up(self, page: WebSocketRoute, site: WebSocketRoute, text: str) -> None:
        for command in read(text):
            self.sent.append(command)
            answer = self.answer(command)
            if answer is None:
                site.send(json.dumps(command))
            else:
                page.send(json.dumps({"id": command["id"], **answer}))

    def say(self, *messages: Message) -> None:
        """Say something to the page as if the site did, in one frame."""
        assert self._ends is not None
        self._ends[0].send("\n".join(json.dumps(message) for message in messages))

    async def lose(self, action: Coroutine[Any, Any, Any]) -> None:
        """Do something of which the site tells the page, and let none of it arrive."""
        lost: list[Message] = []
        self.bend = lambda message: lost.append(message) or []  # type: ignore[func-returns-value]
        await action
        await until(lambda: any("pub" in message.get("push", {}) for message in lost))
        self.bend = lambda message: [message]

    async def hang_up(self, code: int) -> None:
        """Close as the site would, with this code."""
        assert self._ends is not None
        page, site = self._ends
        await page.close(code=code)
        await site.close(code=1000)

    def commands(self, method: str) -> list[Message]:
        """What pages have asked with this method."""
        return [command[method] for command in self.sent if method in command]


def read(text: str | bytes) -> list[Message]:
    """The messages of a frame."""
    return [json.loads(line) for line in str(text).split("\n") if line]
