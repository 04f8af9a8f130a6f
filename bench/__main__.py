"""`python -m bench DATA [pages] [writes] [push] [composing]`: measures on a copy of a site's data folder."""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import orjson

from bench.composing import composing
from bench.pages import pages
from bench.report import say
from bench.servers import Server, bare, relais
from bench.site import Facts, prepare
from bench.wire import Http, listen, until_all_have
from bench.writes import writes
from realtime.server import allow_many_files

ROUNDS = 3
READERS = int(os.environ.get("READERS", "1000"))


async def push(data: str, folder: str, facts: Facts) -> None:
    """A reply to a thousand other readers, beside a bare broadcast of the same bytes."""
    hello: list[dict[str, object]] = [
        {"id": 1, "connect": {}},
        {"id": 2, "subscribe": {"channel": f"topic:{facts.topic}"}},
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


async def _push_rounds(site: Server, facts: Facts, readers: list[asyncio.StreamReader]) -> tuple[float, int]:
    http, times, size = await Http.open(site), [], 0
    headers = facts.program()
    for n in range(ROUNDS * 2):
        body = orjson.dumps({"topic_id": facts.topic, "raw": f"Reply {n} for everyone to see."})
        started = time.perf_counter()
        sent = asyncio.create_task(http.request("POST", "/posts.json", headers, body))
        times.append(await until_all_have(readers, started))
        status, answer = await sent
        assert status == 200, answer
        size = len(answer) + 1200
    return statistics.median(times), size


async def main(data: str, wanted: list[str]) -> None:
    """Run the benches on a copy of the folder, and say what was found."""
    with tempfile.TemporaryDirectory() as folder:
        copy = str(Path(folder) / "data")
        shutil.copytree(data, copy)
        facts = await prepare(copy)
        load = os.getloadavg()[0]
        say(f"{facts.topics} topics, {facts.posts} posts; load {load:.1f} of {os.cpu_count()} cores")
        for bench in (pages, writes, push, composing):
            if not wanted or bench.__name__ in wanted:
                await bench(copy, folder, facts)


if __name__ == "__main__":
    allow_many_files()
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
