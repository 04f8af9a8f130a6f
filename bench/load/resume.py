"""Everybody comes back at once after a restart, each from where they were, beside bare handshakes."""

from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.load import wishes
from bench.load.crowd import Crowd, Hello
from bench.load.lines import Line
from bench.load.people import People, gather
from bench.load.posting import answered, post
from bench.load.servers import Running, bare, relais, start_relais

BUDGET = 0.5
TOPICS = 50
MISSED = 2


@dataclass(frozen=True, slots=True)
class Rate:
    """Clients let in a second, and the milliseconds of the server's CPU for one."""

    rate: float
    cpu: float


def resume(folder: Path, sockets: int = 5000) -> list[Line]:
    """Distinct members, who listen to a topic and to their own channel, and missed two replies."""
    people = gather(folder / "site", sockets, TOPICS)
    with relais(folder / "site") as server:
        epoch, offset = _position(server, people)
        _write(server, people)
    server = start_relais(folder / "site", server.port)
    try:
        since = {"recover": True, "epoch": epoch, "offset": offset}
        hellos = [
            wishes.member(people, n, server.port, people.topics[n % TOPICS], since) for n in range(sockets)
        ]
        mine = _come_in(server, hellos, sockets)
    finally:
        server.stop()
    with bare(b"", folder) as yardstick:
        floor = _come_in(yardstick, [wishes.BARE] * sockets, 0)
    return [
        Line(
            f"{sockets:,} members resume after a restart, two channels each, {MISSED} events missed",
            f"{mine.rate:.0f}/s, CPU {mine.cpu:.2f} ms each",
            f"bare handshakes: {floor.rate:.0f}/s, CPU {floor.cpu:.2f} ms each",
            f"{mine.rate / floor.rate:.2f}; CPU {floor.cpu / mine.cpu:.2f}",
            f"≥ {BUDGET}",
            kept=mine.rate >= BUDGET * floor.rate,
        )
    ]


def _position(server: Running, people: People) -> tuple[str, int]:
    """Where the first topic's channel stands; each topic's stands there."""
    crowd = Crowd(server.port)
    crowd.open([wishes.member(people, 0, server.port, people.topics[0])])
    answer = orjson.loads(crowd.last_reply.split(b"\n")[-1])["subscribe"]
    crowd.close()
    return answer["epoch"], answer["offset"]


def _write(server: Running, people: People) -> None:
    for topic in people.topics:
        for number in range(MISSED):
            post(server, people, topic, number)
            answered(server)


def _come_in(server: Running, hellos: list[Hello], recovering: int) -> Rate:
    """Let them all in; so many must recover."""
    crowd, before = Crowd(server.port), server.cpu_ms()
    seconds = crowd.open(hellos)
    cpu = (server.cpu_ms() - before) / len(hellos)
    crowd.close()
    assert crowd.recovered == recovering, f"{crowd.recovered} of {recovering} recovered"
    return Rate(len(hellos) / seconds, cpu)
