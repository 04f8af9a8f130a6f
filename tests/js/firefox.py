"""The live page in a second browser: `python -m pytest tests/js/firefox.py`, where Firefox is installed.

Not part of the suite, which asks for one browser only. Firefox is driven by its own protocol (WebDriver BiDi
over a WebSocket), since Playwright drives no Firefox but one of its own making.
"""

import asyncio
import json
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from forum.app import Relais
from forum.posts.actions import revise_post
from realtime import log
from tests.cast import PASSWORD, Cast, give_password
from tests.factories import a_question, a_reply, seen

SIGN_IN = """(password) => {
  const form = document.querySelector("main [name=login]").form;
  form.elements.login.value = "alice";
  form.elements.password.value = password;
  form.requestSubmit();
}"""


class Firefox:
    """One window. `faults` holds what its console says of errors."""

    def __init__(self, socket: ClientConnection) -> None:
        self.faults: list[str] = []
        self.window = ""
        self._socket, self._ids = socket, count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def listen(self) -> None:
        """Hand answers to who waits for them."""
        async for text in self._socket:
            message = json.loads(text)
            if "id" in message:
                self._waiting.pop(message["id"]).set_result(message)
            elif message["params"].get("level") == "error":
                self.faults.append(str(message["params"].get("text")))

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A command of the protocol."""
        id = next(self._ids)
        self._waiting[id] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": id, "method": method, "params": params}))
        answer = await asyncio.wait_for(self._waiting[id], 30)
        assert answer["type"] == "success", answer
        result: dict[str, Any] = answer["result"]
        return result

    async def goto(self, address: str) -> None:
        """Open a page."""
        await self.call("browsingContext.navigate", context=self.window, url=address, wait="complete")

    async def evaluate(self, expression: str) -> Any:
        """A script's value."""
        target = {"context": self.window}
        found = await self.call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert found["type"] == "success", found
        return found["result"].get("value")

    async def until(self, expression: str) -> None:
        """Wait for a fact of the page."""
        async with asyncio.timeout(15):
            while not await self.evaluate(expression):
                await asyncio.sleep(0.05)

    async def reads(self, words: str) -> None:
        """Wait until a post says this."""
        await self.until(f"document.querySelector('.stream').textContent.includes({json.dumps(words)})")


@pytest.fixture
async def firefox(tmp_path: Path) -> AsyncIterator[Firefox]:
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    assert program, "Firefox is not installed (Debian: firefox-esr)"
    options = ("--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(tmp_path))
    process = await asyncio.create_subprocess_exec(program, *options, stdout=DEVNULL, stderr=PIPE)
    assert process.stderr is not None
    address = None
    while address is None:
        said = await asyncio.wait_for(process.stderr.readline(), 30)
        address = re.search(rb"WebDriver BiDi listening on (ws://\S+)", said)
    async with connect(address[1].decode() + "/session", max_size=None, proxy=None) as socket:
        browser = Firefox(socket)
        listening = asyncio.create_task(browser.listen())
        await browser.call("session.new", capabilities={})
        await browser.call("session.subscribe", events=["log.entryAdded"])
        browser.window = (await browser.call("browsingContext.getTree"))["contexts"][0]["context"]
        yield browser
        listening.cancel()
    process.terminate()
    await process.communicate()


async def test_the_live_page_in_firefox(site: str, app: Relais, cast: Cast, firefox: Firefox) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="A first answer.")
    await give_password("alice")
    await firefox.goto(f"{site}/session/new")
    await firefox.evaluate(f"({SIGN_IN})({json.dumps(PASSWORD)})")
    await firefox.until("document.querySelector('[data-sign-out]') !== null")
    await firefox.goto(f"{site}/t/{topic.slug}/{topic.id}")
    channel = f"document.querySelector('live-channel[name=\"topic:{topic.id}\"]')"
    await firefox.until(f"{channel}.hasAttribute('connected')")
    await firefox.evaluate("""void (() => {
      const field = document.querySelector("textarea[name=raw]");
      field.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
      field.value = "Half a sentence";
    })()""")
    await firefox.until("localStorage.length === 1")

    await a_reply(cast, topic, raw="Pushed.")
    await firefox.reads("Pushed.")

    await firefox.evaluate("""void (() => {
      window.link = document.querySelector("li[data-number='2'] a[data-quote]");
      link.focus();
    })()""")
    bob = await cast.bob()
    await revise_post(bob, await seen(bob, reply), "Edited.", reason="", version=1)
    await firefox.reads("Edited.")
    assert await firefox.evaluate("document.activeElement === link && link.isConnected")

    app.hub.end(app.hub.connections, 3001, "shutdown")
    await a_reply(cast, topic, raw="Recovered.")
    await firefox.reads("Recovered.")

    before = await firefox.evaluate(f"{channel}.getAttribute('epoch')")
    await log.renew_epoch()
    await firefox.until(f"{channel}.getAttribute('epoch') !== '{before}'")
    await a_reply(cast, topic, raw="After a refresh.")
    await firefox.reads("After a refresh.")

    await firefox.goto(f"{site}/categories")
    await a_reply(cast, topic, raw="While elsewhere.")
    await firefox.call("browsingContext.traverseHistory", context=firefox.window, delta=-1)
    await firefox.reads("While elsewhere.")
    assert await firefox.evaluate("document.querySelector('textarea[name=raw]').value") == "Half a sentence"

    app.hub.end(app.hub.connections, 3500, "invalid token")
    await firefox.until("!document.querySelector('[data-sign-in]').hidden")
    assert not firefox.faults
