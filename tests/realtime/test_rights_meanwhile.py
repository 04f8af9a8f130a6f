"""A right that is lost while somebody is on the way in: not there yet to be told, and not let in either."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from realtime import log, rights
from realtime.connection import Connection
from realtime.hub import Hub
from realtime.policies import Handshake, Identity
from realtime.protocol import codes
from realtime.protocol.codes import Disconnect
from tests.realtime.test_rights import Club, Line
from tests.waiting import until


class Gate:
    """Something that takes as long as the test wants."""

    def __init__(self) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def pass_through(self) -> None:
        self.reached.set()
        await self.opened.wait()


class SlowClub(Club):
    """A club that looks people up, and only then tells who they are: the database has its own pace."""

    def __init__(self) -> None:
        super().__init__()
        self.door, self.office = Gate(), Gate()
        self.office.opened.set()

    async def _authenticate(self, handshake: Handshake, token: str, data: Any) -> Identity:
        if token in self.stopped:
            raise Disconnect(*codes.INVALID_TOKEN)
        identity = await super()._authenticate(handshake, token, data)
        await self.door.pass_through()
        return identity

    async def _renew(self, identity: Identity) -> Identity | None:
        await self.office.pass_through()
        return await super()._renew(identity)

    def knocks(self, who: str) -> tuple[Line, Connection]:
        """Somebody begins to connect."""
        line = Line()
        connection = Connection(self.hub, line, Handshake({}, "127.0.0.1", True))  # type: ignore[arg-type]
        connection.receive(f'{{"id":1,"connect":{{"token":"{who}"}}}}')
        return line, connection


@pytest.fixture
async def club(db: None) -> AsyncIterator[SlowClub]:
    club = SlowClub()
    await club.hub.start()
    yield club
    club.hub.end(club.hub.sockets, 3001, "shutdown")
    await club.hub.stop()


async def applied(club: Club, moves: int) -> None:
    """Wait until the hub has applied so many changes of rights."""
    await until(lambda: club.hub.rights.moves >= moves)


async def test_who_is_being_let_in_while_the_session_ends_does_not_stay(club: SlowClub) -> None:
    alice, _connection = club.knocks("alice")
    await club.door.reached.wait()
    club.stopped.add("alice")
    async with log.transaction() as record:
        rights.session_ended(record, "session of alice")
    await applied(club, 1)
    club.door.opened.set()
    await until(lambda: alice.closed is not None)
    assert alice.closed == (3500, "invalid token")
    assert alice.heard == []


async def test_who_is_being_let_in_while_leaving_the_club_hears_nothing_of_it(club: SlowClub) -> None:
    bob, connection = club.knocks("bob")
    await club.door.reached.wait()
    club.members.discard("bob")
    async with log.transaction() as record:
        rights.user_changed(record, "bob")
    await applied(club, 1)
    club.door.opened.set()
    await until(lambda: len(bob.heard) == 1)
    connection.receive('{"id":2,"subscribe":{"channel":"club:1"}}')
    await until(lambda: bob.errors() == [103])


@pytest.mark.parametrize("channel", ["club:1", "nothing:1"])
async def test_a_channel_asked_for_while_the_right_goes_answers_as_one_that_is_not_there(
    club: SlowClub, channel: str
) -> None:
    """Whether it is one that could be heard a moment ago or one that never was."""
    club.door.opened.set()
    carol, bob = [club.knocks(who) for who in ("carol", "bob")]
    await until(lambda: len(carol[0].heard) == len(bob[0].heard) == 1)
    club.office.opened.clear()
    async with log.transaction() as record:
        rights.user_changed(record, "carol")
        rights.user_changed(record, "bob")
    await club.office.reached.wait()
    club.members.discard("bob")
    bob[1].receive(f'{{"id":2,"subscribe":{{"channel":"{channel}"}}}}')
    await until(lambda: channel in bob[1].subscriptions)
    club.office.opened.set()
    await until(lambda: len(bob[0].heard) > 1)
    assert bob[0].heard[1:] == [{"id": 2, "error": {"code": 103, "message": "permission denied"}}]


@contextmanager
def out_of_earshot(hub: Hub) -> Iterator[None]:
    """What is written meanwhile, nobody tells this hub of: as when a command writes, or Redis is away."""
    assert hub._stop_listening is not None
    hub._stop_listening()
    yield
    hub._stop_listening = log.listen(hub._committed)


async def test_a_change_that_nobody_told_this_worker_of_takes_effect_within_a_second(club: SlowClub) -> None:
    club.door.opened.set()
    for n in range(3):  # from the second time on, just after this worker has looked
        alice, _connection = club.knocks("alice")
        await until(lambda: bool(alice.heard))  # noqa: B023
        began = time.monotonic()
        with out_of_earshot(club.hub):
            async with log.transaction() as record:
                rights.session_ended(record, "session of alice")
        await until(lambda: alice.closed is not None)  # noqa: B023
        assert time.monotonic() - began < 2, n
