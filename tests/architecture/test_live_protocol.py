"""docs/live-protocol.md says what is true: channels, kinds, codes, limits; and its bot runs as it stands."""

import asyncio
import os
import re
import sys
from pathlib import Path

from forum.api.keys import create_key
from forum.app import Relais
from forum.channels import DOORMEN
from forum.live import SURFACES, append, prepend, presented, remove, replace, set_text
from forum.live_policies import KEPT_FOR
from realtime.policies import Limits
from realtime.protocol import codes, messages, session
from realtime.socket import HIGH_WATER
from tests.architecture.test_kinds import STORIES, events, set_stage
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.waiting import until

PAGE = (Path(__file__).parent.parent.parent / "docs" / "live-protocol.md").read_text()
NAME = re.compile(r"`([^`]+)`")
BOT_LINES = 20


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    found = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert found, f"there is no table of {heading}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()]


def test_every_channel_is_told() -> None:
    assert {NAME.findall(row[0])[0].partition(":")[0] for row in table("Channel")} == set(DOORMEN)


def test_every_kind_is_told_with_the_channels_where_it_appears() -> None:
    told = {
        (NAME.findall(row[0])[0], namespace) for row in table("Kind") for namespace in NAME.findall(row[2])
    }
    assert {(kind, SURFACES[namespace]) for kind, namespace in told} == presented()
    for kind, surface in presented():
        for namespace in (name for name in SURFACES if SURFACES[name] == surface):
            assert (kind, namespace) in told, f"{kind} on {namespace}"


async def test_every_kind_has_the_ids_that_are_told(cast: Cast) -> None:
    for story in STORIES.values():
        await story(await set_stage(cast))
    happened: dict[str, set[str]] = {}
    for event in await events():
        happened.setdefault(event.kind, set()).update(event.data)
    told = {NAME.findall(row[0])[0]: set(NAME.findall(row[1])) for row in table("Kind")}
    assert told == happened


def test_every_operation_is_told_with_its_fields() -> None:
    told = {NAME.findall(row[0])[0]: set(NAME.findall(row[1])) for row in table("`op`")}
    made = [append("x", ""), prepend("x", ""), replace("x", ""), remove("x"), set_text("x", "")]
    for patch in made:
        assert set(patch) - {"op"} <= told[patch["op"]]
    assert set(told) == {patch["op"] for patch in made}


def test_every_code_is_told_with_its_reason() -> None:
    known = {value[:2] for value in vars(codes).values() if isinstance(value, tuple)}
    told = {
        heading: {(int(code), reason) for code, reason, _when in table(heading)}
        for heading in ("Error", "Unsubscribe", "Close")
    }
    assert told["Error"] == {code for code in known if code[0] < 2000}
    assert told["Unsubscribe"] == {code for code in known if 2000 <= code[0] < 3000}
    assert told["Close"] == {code for code in known if code[0] >= 3000}


def test_every_limit_is_told_with_its_number(app: Relais) -> None:
    limits = Limits()
    assert {row[0]: row[1] for row in table("What")} == {
        "channels on one connection": f"{limits.subscriptions}",
        "connections of one member, on all workers": f"{limits.connections_per_user}",
        "connections from one address, on all workers": f"{limits.connections_per_address:,}",
        "commands in a second, on one connection": f"{limits.commands_per_second}",
        "one message from a client": f"{session.MAX_FRAME // 1024} KiB",
        "a channel's name": f"{messages.MAX_CHANNEL_NAME} characters",
        "missed events that a subscription brings back": f"{limits.recovered}",
        "publications in one answer of `history`": f"{limits.history}",
        "time between opening and `connect`": f"{session.STALE_SECONDS} s",
        "time between a ping and its answer": f"{session.PONG_SECONDS} s",
        "what may wait unread for one client": f"{HIGH_WATER // 1024} KiB",
        "events in the log": f"{KEPT_FOR.days} days",
    }
    assert f"says\n`{{}}` every {session.PING_SECONDS} s" in PAGE
    assert f"{session.FLOOD_FACTOR * limits.commands_per_second} commands in a row refused" in PAGE
    assert app.hub.policies.limits == limits, "the forum has the limits that are told"


def test_every_call_is_told(app: Relais) -> None:
    assert {NAME.findall(row[0])[0] for row in table("`rpc` method")} == set(app.hub.policies.rpc)


def bot() -> str:
    """The bot as the page has it."""
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def test_the_bot_has_twenty_lines() -> None:
    assert len([line for line in bot().splitlines() if line.strip()]) <= BOT_LINES


async def test_the_bot_prints_what_happens(site: str, app: Relais, cast: Cast, tmp_path: Path) -> None:
    topic, key = await a_question(cast), await create_key(None)
    code = bot()
    for there, here in (
        ("wss://relais.example.fr", site.replace("http", "ws")),
        ("THE API KEY", key),
        ("aline", "bob"),
    ):
        assert there in code
        code = code.replace(there, here)
    (tmp_path / "bot.py").write_text(code)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(tmp_path / "bot.py"), stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "no_proxy": "127.0.0.1"},
    )  # fmt: skip
    try:
        await until(lambda: "latest" in app.hub.channels, 15)
        offset = app.hub.channels["latest"].cursor
        await a_reply(cast, topic)
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 10)).decode()
    finally:
        process.terminate()
        await process.wait()
    assert line == f"{offset + 1} post.created {topic.id}\n"
