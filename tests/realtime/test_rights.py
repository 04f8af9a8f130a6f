"""What a change of rights does while people are connected, at the library's own door."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from realtime import log, rights
from realtime.connection import Connection
from realtime.hub import Hub
from realtime.policies import Handshake, Identity, Namespace, Policies
from realtime.protocol.messages import Message
from tests.waiting import until

Heard = list[dict[str, Any]]


class Line:
    """The way to a client that reads everything at once."""

    def __init__(self) -> None:
        self.heard: Heard = []
        self.closed: tuple[int, str] | None = None

    def send(self, *messages: Message) -> bool:
        import json

        self.heard += [json.loads(line) for message in messages for line in message.text.split("\n")]
        return True

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def read(self, wanted: bool) -> None: ...

    def publications(self) -> list[int]:
        return [push["push"]["pub"]["offset"] for push in self.heard if "pub" in push.get("push", {})]

    def unsubscribed(self) -> list[int]:
        return [p["push"]["unsubscribe"]["code"] for p in self.heard if "unsubscribe" in p.get("push", {})]

    def errors(self) -> list[int]:
        return [answer["error"]["code"] for answer in self.heard if "error" in answer]


class Club:
    """A host whose members may hear the club's channel, as long as they are members."""

    def __init__(self) -> None:
        self.members = {"alice", "bob"}
        self.stopped: set[str] = set()
        self.slow: Callable[[], Any] | None = None
        self.asked = 0
        club = Namespace(self._audience, self._encode)
        policies = Policies(self._authenticate, {"club": club}, renew=self._renew)
        self.hub = Hub(policies)

    async def _authenticate(self, handshake: Handshake, token: str, data: Any) -> Identity:
        return Identity(token, session=f"session of {token}", data={"member": token in self.members})

    async def _renew(self, identity: Identity) -> Identity | None:
        if identity.user in self.stopped:
            return None
        return Identity(
            identity.user, session=identity.session, data={"member": identity.user in self.members}
        )

    async def _audience(self, channel: str) -> Callable[[Identity], bool]:
        self.asked += 1
        return lambda identity: bool(identity.data["member"])

    async def _encode(self, event: log.Event, variant: Any) -> bytes:
        if self.slow:
            await self.slow()
        return b"{}"

    async def arrives(self, who: str, *, subscribe: bool = True) -> Line:
        """Somebody connects, and listens to the club."""
        line = Line()
        connection = Connection(self.hub, line, Handshake({}, "127.0.0.1", True))  # type: ignore[arg-type]
        connection.receive(f'{{"id":1,"connect":{{"token":"{who}"}}}}')
        if subscribe:
            connection.receive('{"id":2,"subscribe":{"channel":"club:1"}}')
        await until(lambda: len(line.heard) >= 1 + subscribe)
        return line

    async def writes(self, change: Callable[[log.Record], None] = lambda record: None) -> None:
        """Something is said in the club, in the transaction of a change of rights or alone."""
        async with log.transaction() as record:
            change(record)
            record("club:1", "said")


@pytest.fixture
async def club(db: None) -> AsyncIterator[Club]:
    club = Club()
    await club.hub.start()
    yield club
    club.hub.end(club.hub.sockets, 3001, "shutdown")
    await club.hub.stop()


async def test_who_leaves_the_club_hears_nothing_of_what_is_said_from_then_on(club: Club) -> None:
    alice, bob = await club.arrives("alice"), await club.arrives("bob")
    await club.writes()
    await until(lambda: bob.publications() == [1])
    club.members.discard("bob")
    await club.writes(lambda record: rights.user_changed(record, "bob"))
    await club.writes()
    await until(lambda: alice.publications() == [1, 2, 3])
    assert bob.publications() == [1]
    assert bob.unsubscribed() == [2000]
    assert bob.closed is None, "the rest of what Bob hears goes on"


async def test_what_is_being_encoded_when_a_right_is_lost_is_not_sent(club: Club) -> None:
    """Encoding reads the present state: by then it may hold what fewer people may know."""
    alice, bob = await club.arrives("alice"), await club.arrives("bob")
    encoding, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        encoding.set()
        await go_on.wait()

    club.slow = slowly
    await club.writes()
    await encoding.wait()
    club.members.discard("bob")
    async with log.transaction() as record:
        rights.user_changed(record, "bob")
    go_on.set()
    await until(lambda: alice.publications() == [1])
    assert bob.publications() == []


async def test_a_recovery_that_was_on_its_way_when_a_right_was_lost_brings_nothing(club: Club) -> None:
    await club.writes()
    await club.writes()
    bob = await club.arrives("bob", subscribe=False)
    encoding, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        encoding.set()
        await go_on.wait()

    club.slow = slowly
    (connection,) = club.hub.connections
    epoch = (await log.positions(["club:1"]))["club:1"].epoch
    connection.receive(
        f'{{"id":3,"subscribe":{{"channel":"club:1","recover":true,"offset":1,"epoch":"{epoch}"}}}}'
    )
    await encoding.wait()
    club.members.discard("bob")
    async with log.transaction() as record:
        rights.user_changed(record, "bob")
    go_on.set()
    await until(lambda: bob.errors() == [103])
    assert not [answer for answer in bob.heard if "publications" in str(answer)]


async def test_a_channel_with_another_audience_is_asked_about_once_for_everybody(club: Club) -> None:
    people = [await club.arrives("alice") for _n in range(20)]
    asked = club.asked
    async with log.transaction() as record:
        rights.channel_changed(record, "club:1")
    await club.writes()
    await until(lambda: all(person.publications() == [1] for person in people))
    assert club.asked == asked + 1


async def test_an_ended_session_and_a_stopped_account_are_told_not_to_come_back(club: Club) -> None:
    alice, bob, carol = [await club.arrives(who, subscribe=False) for who in ("alice", "bob", "carol")]
    club.stopped.add("bob")
    async with log.transaction() as record:
        rights.session_ended(record, "session of alice")
        rights.user_stopped(record, "bob")
    await until(lambda: bool(alice.closed and bob.closed))
    assert alice.closed == (3500, "invalid token")
    assert bob.closed == (3503, "force disconnect")
    assert carol.closed is None


async def test_everyone_is_asked_again_when_rules_change_or_some_change_may_have_been_missed(
    club: Club,
) -> None:
    alice, bob = await club.arrives("alice"), await club.arrives("bob")
    club.members.discard("bob")
    async with log.transaction() as record:
        rights.everything_changed(record)
    await club.writes()
    await until(lambda: alice.publications() == [1])
    assert bob.unsubscribed() == [], "the rules are asked about, not who Bob is"
    await log.renew_epoch()
    await until(lambda: bob.unsubscribed() == [2000] or bob.unsubscribed() == [2500])
    bob_again = await club.arrives("bob")
    assert bob_again.errors() == [103]


async def test_changes_of_rights_are_heard_by_no_client(club: Club) -> None:
    alice = await club.arrives("alice", subscribe=False)
    (connection,) = club.hub.connections
    for method in ("subscribe", "history", "presence", "publish"):
        connection.receive(f'{{"id":5,"{method}":{{"channel":"$rights"}}}}')
        connection.receive(f'{{"id":5,"{method}":{{"channel":"nothing:1"}}}}')
    await until(lambda: len(alice.errors()) == 8)
    assert alice.errors() == [103] * 8


async def test_settling_applies_what_was_committed_before_the_call(club: Club) -> None:
    """A read that had begun before is not enough, however many wait for it."""
    applied: list[str] = []

    async def apply(event: log.Event) -> None:
        await asyncio.sleep(0)
        applied.append(str(event.data["user"]))

    follower = rights.Follower(apply, start_over=lambda: asyncio.sleep(0))
    await follower.start()

    async def change_and_settle(n: int) -> None:
        async with log.transaction() as record:
            rights.user_changed(record, str(n))
        await follower.settle()
        assert str(n) in applied

    await asyncio.gather(*(change_and_settle(n) for n in range(30)))
    assert sorted(applied, key=int) == [str(n) for n in range(30)]
    assert len(applied) == len(set(applied))
