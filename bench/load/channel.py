"""A channel that everybody listens to: when the last of them has a reply, beside a bare broadcast."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import count as count_from
from pathlib import Path
from statistics import median
from time import sleep

from bench.load import wishes
from bench.load.crowd import Crowd
from bench.load.lines import Line
from bench.load.people import People, gather
from bench.load.posting import answered, post
from bench.load.servers import Running, bare, clock, relais

BUDGET = 1.5
ROUNDS = 15
WAIT_SECONDS = 30.0


def channel(folder: Path, crowds: tuple[int, ...] = (1000, 5000)) -> list[Line]:
    """Distinct members, each signed in, on one topic; a reply of another member."""
    people = gather(folder / "site", max(crowds), 1)
    return [_compare(folder, people, count) for count in crowds]


@dataclass(frozen=True, slots=True)
class Reached:
    """Medians of several rounds: milliseconds until the first and the last have it, and the server's CPU."""

    first: float
    last: float
    cpu: float


def _compare(folder: Path, people: People, count: int) -> Line:
    with relais(folder / "site") as server:
        _all_indexed(folder / "site")
        mine, message = _replies(server, people, count)
    with bare(message, folder) as yardstick:
        floor = _broadcasts(yardstick, count)
    ratio, cpu = mine.last / floor.last, mine.cpu / floor.cpu
    return Line(
        f"a reply reaches the last of {count:,} distinct members, from its request (stored on disk)",
        f"{mine.last:.0f} ms (the first {mine.first:.0f} ms), CPU {mine.cpu:.0f} ms",
        f"bare broadcast of {len(message):,} bytes: {floor.last:.0f} ms, CPU {floor.cpu:.0f} ms",
        f"{ratio:.2f}; CPU {cpu:.2f}",
        f"≤ {BUDGET}",
        kept=ratio <= BUDGET,
    )


def _all_indexed(data: Path) -> None:
    """Wait until the search knows the members who were made a moment ago: no site has thousands in one."""
    with closing(sqlite3.connect(data / "relais.sqlite3")) as database:
        while database.execute("SELECT 1 FROM search_pending LIMIT 1").fetchone():
            sleep(0.2)


def _replies(server: Running, people: People, count: int) -> tuple[Reached, bytes]:
    """A member's replies; and what each other one gets."""
    topic = people.topics[0]
    crowd = Crowd(server.port, wanted=b'"push":{"channel":"topic:')
    crowd.open([wishes.member(people, n, server.port, topic) for n in range(count)])
    numbers = count_from(0)

    def reply() -> None:
        post(server, people, topic, next(numbers))

    reached = _rounds(server, crowd, reply, lambda: answered(server))
    crowd.close()
    return reached, crowd.last_message


def _broadcasts(server: Running, count: int) -> Reached:
    crowd = Crowd(server.port)
    crowd.open([wishes.BARE] * count)
    http = server.http
    reached = _rounds(
        server, crowd, lambda: http.request("POST", "/broadcast"), lambda: http.getresponse().read()
    )
    crowd.close()
    return reached


def _rounds(server: Running, crowd: Crowd, send: Callable[[], None], end: Callable[[], object]) -> Reached:
    firsts, lasts, before = [], [], server.cpu_ms()
    for _n in range(ROUNDS):
        crowd.heard.clear()
        began = clock()
        send()
        lasts.append(_until_all_have(crowd, len(crowd.ears), began))
        firsts.append(1000 * (crowd.heard[0][0] - began))
        end()
    return Reached(median(firsts), median(lasts), (server.cpu_ms() - before) / ROUNDS)


def _until_all_have(crowd: Crowd, count: int, began: float) -> float:
    """Milliseconds until the last of them.

    Raises:
        AssertionError: some never get it.
    """
    assert crowd.listen(WAIT_SECONDS, lambda: len(crowd.heard) >= count), f"{len(crowd.heard)} of {count}"
    return 1000 * (crowd.heard[-1][0] - began)
