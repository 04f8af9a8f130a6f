"""`python -m bench DATA [pages] [writes] [push]`: measures on a copy of a site's data folder."""

import asyncio
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import orjson

from bench.servers import Server, bare, relais
from bench.wire import Http, cpu_ms, listen, until_all_have
from forum.accounts.sessions import open_session
from forum.api.keys import create_key
from forum.database import close_database, open_database
from realtime.server import allow_many_files
from realtime.sql import sql

ROUNDS = 3
READERS = int(os.environ.get("READERS", "1000"))
REQUESTS = 4000


async def main(data: str, wanted: list[str]) -> None:
    """Run the benches on a copy of the folder, and say what was found."""
    with tempfile.TemporaryDirectory() as folder:
        copy = str(Path(folder) / "data")
        shutil.copytree(data, copy)
        facts = await prepare(copy)
        say(
            f"{facts['topics']} topics, {facts['posts']} posts; "
            f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores"
        )
        for bench in (pages, writes, push):
            if not wanted or bench.__name__ in wanted:
                await bench(copy, folder, facts)


def say(line: str) -> None:
    """A line of the report, at once."""
    print(line, flush=True)


async def prepare(data: str) -> dict[str, object]:
    """Topics with a full first page, a key and a session, on the copy."""
    await open_database(f"sqlite://{data}/relais.sqlite3")
    try:
        rows = await sql("SELECT slug, id FROM topics WHERE posts_count >= 20 ORDER BY id LIMIT 1000")
        counts = await sql("SELECT (SELECT COUNT(*) FROM topics) AS t, (SELECT COUNT(*) FROM posts) AS p")
        member = await sql("SELECT id, username FROM users WHERE deactivated_at IS NULL ORDER BY id LIMIT 1")
        return {
            "paths": [f"/t/{row['slug']}/{row['id']}" for row in rows],
            "topic": rows[0]["id"],
            "topics": counts[0]["t"],
            "posts": counts[0]["p"],
            "key": await create_key(None, unlimited=True),
            "username": member[0]["username"],
            "cookie": f"Cookie: relais={await open_session(member[0]['id'], '', '')}\r\n",
        }
    finally:
        await close_database()


async def pages(data: str, folder: str, facts: dict[str, object]) -> None:
    """The topic page of 20 posts: server CPU, beside a bare answer of the same bytes."""
    paths = list(facts["paths"])  # type: ignore[call-overload]
    async with relais(data) as site:
        http = await Http.open(site)
        _status, body = await http.request("GET", paths[0])
        async with bare(body, folder) as yardstick:
            for who, headers in (("anonymous", ""), ("signed in", str(facts["cookie"]))):
                cold = await cpu_ms(site, paths, headers)
                rounds = [await _pair(site, yardstick, paths, headers) for _n in range(ROUNDS)]
                mine, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
                say(
                    f"pages, {who}: {mine:.2f} ms CPU over {len(paths)} topics (first time {cold:.2f}), "
                    f"bare {floor:.3f} ms, ratio {mine / floor:.1f}; {len(body)} bytes"
                )


async def _pair(site: Server, yardstick: Server, paths: list[str], headers: str) -> tuple[float, float]:
    asked = (paths * (REQUESTS // len(paths) + 1))[:REQUESTS]
    return await cpu_ms(site, asked, headers), await cpu_ms(yardstick, ["/page"] * REQUESTS)


async def writes(data: str, folder: str, facts: dict[str, object]) -> None:
    """Replies acknowledged on disk, eight writers, beside plain commits of the same disk."""
    async with relais(data) as site:
        times: list[float] = []
        spent, end = site.cpu_seconds(), time.perf_counter() + 8
        await asyncio.gather(*(_writer(site, facts, n, end, times) for n in range(8)))
        cpu = 1000 * (site.cpu_seconds() - spent) / len(times)
        commits = _commits(folder)
        say(
            f"writes: {len(times) / 8:.0f} replies/s with eight writers, "
            f"p50 {statistics.median(times):.1f} ms, "
            f"p99 {sorted(times)[int(len(times) * 0.99)]:.1f} ms, {cpu:.2f} ms CPU; "
            f"sqlite3 FULL {commits:.0f} commits/s; ratio {len(times) / 8 / commits:.2f}"
        )


async def _writer(site: Server, facts: dict[str, object], n: int, end: float, times: list[float]) -> None:
    http = await Http.open(site)
    headers = (
        f"Api-Key: {facts['key']}\r\nApi-Username: {facts['username']}\r\nContent-Type: application/json\r\n"
    )
    while time.perf_counter() < end:
        started = time.perf_counter()
        body = orjson.dumps({"topic_id": facts["topic"], "raw": f"A reply of writer {n} to measure with."})
        status, answer = await http.request("POST", "/posts.json", headers, body)
        assert status == 200, answer
        times.append(1000 * (time.perf_counter() - started))


def _commits(folder: str) -> float:
    with sqlite3.connect(f"{folder}/yardstick.sqlite3", isolation_level=None) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE t (x TEXT)")
        started = time.perf_counter()
        for n in range(2000):
            database.execute("INSERT INTO t VALUES (?)", (f"{n} " * 50,))
        return 2000 / (time.perf_counter() - started)


async def push(data: str, folder: str, facts: dict[str, object]) -> None:
    """A reply to a thousand other readers, beside a bare broadcast of the same bytes."""
    hello: list[dict[str, object]] = [
        {"id": 1, "connect": {}},
        {"id": 2, "subscribe": {"channel": f"topic:{facts['topic']}"}},
    ]
    async with relais(data) as site:
        before = site.resident_kb()
        readers = [await listen(site, "/connection/websocket", hello) for _n in range(READERS)]
        memory = (site.resident_kb() - before) / READERS
        mine, size = await _push_rounds(site, facts, readers)
    async with bare(b"x" * size, folder) as yardstick:
        readers = [await listen(yardstick, "/", []) for _n in range(READERS)]
        http, times = await Http.open(yardstick), []
        for _n in range(ROUNDS * 2):
            started = time.perf_counter()
            sent = asyncio.create_task(http.request("POST", "/broadcast"))
            times.append(await until_all_have(readers, started))
            await sent
    floor = statistics.median(times)
    say(
        f"push: a reply reaches {READERS} readers in {mine:.0f} ms (from the request, acknowledged on disk), "
        f"bare broadcast of {size} bytes {floor:.0f} ms, ratio {mine / floor:.1f}; "
        f"{memory:.1f} KB a connection"
    )


async def _push_rounds(
    site: Server, facts: dict[str, object], readers: list[asyncio.StreamReader]
) -> tuple[float, int]:
    http, times, size = await Http.open(site), [], 0
    headers = (
        f"Api-Key: {facts['key']}\r\nApi-Username: {facts['username']}\r\nContent-Type: application/json\r\n"
    )
    for n in range(ROUNDS * 2):
        body = orjson.dumps({"topic_id": facts["topic"], "raw": f"Reply {n} for everyone to see."})
        started = time.perf_counter()
        sent = asyncio.create_task(http.request("POST", "/posts.json", headers, body))
        times.append(await until_all_have(readers, started))
        status, answer = await sent
        assert status == 200, answer
        size = len(answer) + 1200
    return statistics.median(times), size


allow_many_files()
asyncio.run(main(sys.argv[1], sys.argv[2:]))
