"""Connections that do nothing: what each costs."""

from pathlib import Path

from bench.load import wishes
from bench.load.crowd import Crowd, Hello
from bench.load.lines import Line
from bench.load.people import gather
from bench.load.servers import Running, bare, relais

BUDGET = 1.1
TOPICS = 100
SETTLED_SECONDS = 2.0


def idle(folder: Path, sockets: int = 10_000) -> list[Line]:
    """Visitors who each listen to a topic, beside sockets of a bare application."""
    people = gather(folder / "site", 0, TOPICS)
    with relais(folder / "site") as server:
        hellos = [wishes.visitor(people.topics[n % TOPICS]) for n in range(sockets)]
        mine, dropped = kilobytes_each(server, hellos)
    with bare(b"", folder) as yardstick:
        floor, _ = kilobytes_each(yardstick, [wishes.BARE] * sockets)
    return [
        Line(
            f"memory of an idle connection, {sockets:,} of them, each subscribed to a topic",
            f"{mine:.1f} KB", f"bare uvicorn, raw ASGI: {floor:.1f} KB", f"{mine / floor:.2f}",
            f"≤ {BUDGET}", kept=mine <= BUDGET * floor and not dropped,
        )
    ]  # fmt: skip


def kilobytes_each(server: Running, hellos: list[Hello]) -> tuple[float, int]:
    """The memory that each takes once all are in, and how many were dropped."""
    crowd, before = Crowd(server.port), server.kilobytes()
    try:
        crowd.open(hellos)
        crowd.listen(SETTLED_SECONDS)
        return (server.kilobytes() - before) / len(hellos), crowd.dropped
    finally:
        crowd.close()
