"""Everybody comes back at once after a restart, each from where they were, beside bare handshakes."""

from pathlib import Path

import orjson

from bench.load import wishes
from bench.load.crowd import Crowd
from bench.load.lines import Line
from bench.load.people import People, gather
from bench.load.posting import answered, post
from bench.load.servers import Running, bare, relais, start_relais

BUDGET = 0.5
TOPICS = 50
MISSED = 2


def resume(folder: Path, sockets: int = 5000) -> list[Line]:
    """Distinct members, who listen to a topic and to their own channel, and missed two replies."""
    people = gather(folder / "site", sockets, TOPICS)
    with relais(folder / "site") as server:
        epoch, offset = _position(server, people)
        _write(server, people)
    server = start_relais(folder / "site", server.port)
    try:
        since = {"recover": True, "epoch": epoch, "offset": offset}
        mine = _come_back(server, people, sockets, since)
    finally:
        server.stop()
    with bare(b"", folder) as yardstick:
        crowd = Crowd(yardstick.port)
        floor = sockets / crowd.open([wishes.BARE] * sockets)
        crowd.close()
    return [
        Line(
            f"{sockets:,} members resume after a restart, two channels each, {MISSED} events missed",
            f"{mine:.0f}/s", f"bare handshakes: {floor:.0f}/s", f"{mine / floor:.2f}", f"≥ {BUDGET}",
            kept=mine >= BUDGET * floor,
        )
    ]  # fmt: skip


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


def _come_back(server: Running, people: People, sockets: int, since: dict[str, object]) -> float:
    """Resumes a second; each is checked to have brought what was missed."""
    crowd = Crowd(server.port)
    hellos = [wishes.member(people, n, server.port, people.topics[n % TOPICS], since) for n in range(sockets)]
    seconds = crowd.open(hellos)
    assert crowd.recovered == sockets, f"{crowd.recovered} of {sockets} recovered"
    crowd.close()
    return sockets / seconds
