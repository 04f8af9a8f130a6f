"""What a hub counts: by label, a rate, durations; and each hub knows the others' figures."""

import pytest
from starlette.datastructures import Headers

from realtime.brokers.in_process import InProcessBroker
from realtime.connection import Connection
from realtime.counts import BOUNDS, Durations, Figures, Rate
from realtime.hub import Hub
from realtime.policies import Handshake, Identity, MayHear, Namespace, Policies
from realtime.protocol.messages import Message
from tests.waiting import until


class Mute:
    """A client that hears nothing."""

    def send(self, *messages: Message) -> bool:
        return True

    def close(self, code: int, reason: str) -> None:
        """Nobody is there."""

    def read(self, wanted: bool) -> None:
        """Nothing comes."""


async def _everyone(channel: str) -> MayHear | None:
    return lambda identity: True


async def _authenticate(handshake: Handshake, token: str, data: object) -> Identity:
    return Identity("7" if token else "", session=token if token == "session" else "")


def a_hub() -> Hub:
    namespaces = {"topic": Namespace(_everyone), "": Namespace(_everyone)}
    return Hub(Policies(_authenticate, namespaces), InProcessBroker("counts"))


async def a_client(hub: Hub, token: str, *channels: str) -> Connection:
    connection = Connection(hub, Mute(), Handshake(Headers(), "192.0.2.1", cookies_count=token == "session"))
    commands = [f'{{"id": 1, "connect": {{"token": "{token}"}}}}']
    commands += [f'{{"id": {n}, "subscribe": {{"channel": "{c}"}}}}' for n, c in enumerate(channels, 2)]
    connection.receive("\n".join(commands))
    await until(lambda: connection in hub.connections and all(_heard(connection, name) for name in channels))
    return connection


def _heard(connection: Connection, channel: str) -> bool:
    return connection.subscriptions.get(channel) is not None


def number(figures: Figures, name: str, label: str = "") -> float:
    return figures["numbers"][name].get(label, 0.0)


def test_a_rate_is_the_mean_of_the_last_seconds_that_are_complete() -> None:
    time = [100.0]
    rate = Rate(lambda: time[0])
    for _second in range(5):
        rate.add(20)
        assert rate.per_second() == 0
        time[0] += 1
    assert rate.per_second() == 20
    time[0] += 4.9
    assert rate.per_second() == 20
    time[0] += 0.1
    assert rate.per_second() == 0


def test_durations_count_how_many_took_no_longer_than_each_bound() -> None:
    durations = Durations()
    for seconds in (BOUNDS[0], BOUNDS[0] * 1.01, 60.0):
        durations.add(seconds, "/t")
    durations.add(0.0, "/u")
    (*counts, total), other = durations.told()["/t"], durations.told()["/u"]
    assert counts == [1, 2, 2, 2, 2, 2, 3]
    assert total == pytest.approx(60 + 2.01 * BOUNDS[0])
    assert other == [1] * (len(BOUNDS) + 1) + [0]


async def test_clients_are_counted_by_what_they_came_with_and_channels_by_namespace(db: None) -> None:
    hub = a_hub()
    await a_client(hub, "", "topic:1", "topic:2", "what a client types")
    await a_client(hub, "session", "topic:1")
    leaver = await a_client(hub, "key")
    figures = hub.counts.own()
    assert figures["numbers"]["connections"] == {"visitor": 1, "session": 1, "token": 1}
    assert figures["numbers"]["subscriptions"] == {"topic": 3, "": 1}
    leaver.end(3503, "force disconnect")
    leaver.lost()
    figures = hub.counts.own()
    assert number(figures, "connections", "token") == 0
    assert figures["numbers"]["ends_total"] == {"3503": 1}


async def test_a_socket_that_leaves_before_it_said_who_it_is_has_not_ended_a_connection(db: None) -> None:
    hub = a_hub()
    Connection(hub, Mute(), Handshake(Headers(), "192.0.2.1", cookies_count=False)).lost()
    assert hub.counts.own()["numbers"]["ends_total"] == {}
    assert number(hub.counts.own(), "sockets") == 0


async def test_any_hub_answers_for_all_until_one_leaves(db: None) -> None:
    here, there = a_hub(), a_hub()
    there.counts.sources.append(
        lambda: Figures(numbers={"answers_total": {"200": 3}}, durations={"request_seconds": {"/": [1.0]}})
    )
    await here.start()
    await there.start()
    await a_client(there, "", "topic:1")
    for hub in (here, there, there):
        hub.roster.beat()
    all_figures = here.counts.all()
    assert set(all_figures) == {here.roster.me, there.roster.me}
    told = all_figures[there.roster.me]
    assert number(told, "connections", "visitor") == 1
    assert number(told, "subscriptions", "topic") == 1
    assert number(told, "answers_total", "200") == 3
    assert told["durations"]["request_seconds"] == {"/": [1.0]}
    await there.stop()
    assert set(here.counts.all()) == {here.roster.me}
    await here.stop()
