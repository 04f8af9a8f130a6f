"""Pages whose console is read: a script that fails, or breaks the page's own policy, fails the test."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, ConsoleMessage

from tests.js.line import Line

# What the browser itself says of a refused form or of a cut network.
EXPECTED = ("Failed to load resource:", "WebSocket connection to")


@pytest.fixture
async def context(context: BrowserContext) -> AsyncIterator[BrowserContext]:
    """The test's browser context; it must stay silent."""
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            faults.append(message.text)

    context.on("console", listen)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context
    assert not faults


@pytest.fixture
async def line(context: BrowserContext) -> Line:
    """The line of this context's pages, in the test's hand."""
    line = Line()
    await context.route_web_socket("**/connection/websocket", line.carry)
    return line
