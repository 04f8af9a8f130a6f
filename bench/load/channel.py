"""A channel that everybody listens to: when the last of them has a reply, beside a bare broadcast."""

from pathlib import Path
from statistics import median

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


def _compare(folder: Path, people: People, count: int) -> Line:
    with relais(folder / "site") as server:
        mine, message = _replies(server, people, count)
    with bare(message, folder) as yardstick:
        floor = _broadcasts(yardstick, count)
    return Line(
        f"a reply reaches the last of {count:,} distinct members, from its request (stored on disk)",
        f"{mine:.0f} ms", f"bare broadcast of the same {len(message):,} bytes: {floor:.0f} ms",
        f"{mine / floor:.2f}", f"≤ {BUDGET}", kept=mine <= BUDGET * floor,
    )  # fmt: skip


def _replies(server: Running, people: People, count: int) -> tuple[float, bytes]:
    """Milliseconds until the last has it, and what each gets."""
    topic = people.topics[0]
    crowd = Crowd(server.port, wanted=b'"push":{"channel":"topic:')
    crowd.open([wishes.member(people, n, server.port, topic) for n in range(count)])
    times = []
    for number in range(ROUNDS):
        crowd.heard.clear()
        began = clock()
        post(server, people, topic, number)
        times.append(_until_all_have(crowd, count, began))
        answered(server)
    message = crowd.last_message
    crowd.close()
    return median(times), message


def _broadcasts(server: Running, count: int) -> float:
    crowd = Crowd(server.port)
    crowd.open([wishes.BARE] * count)
    times = []
    for _number in range(ROUNDS):
        crowd.heard.clear()
        began = clock()
        server.http.request("POST", "/broadcast")
        times.append(_until_all_have(crowd, count, began))
        server.http.getresponse().read()
    crowd.close()
    return median(times)


def _until_all_have(crowd: Crowd, count: int, began: float) -> float:
    """Milliseconds until the last of them.

    Raises:
        AssertionError: some never get it.
    """
    assert crowd.listen(WAIT_SECONDS, lambda: len(crowd.heard) >= count), f"{len(crowd.heard)} of {count}"
    return 1000 * (crowd.heard[-1][0] - began)
