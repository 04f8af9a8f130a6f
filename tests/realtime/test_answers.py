"""What is asked together is answered together, in order, and nothing overtakes an answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from realtime.connection import Connection
from realtime.policies import Handshake
from realtime.protocol.messages import Message
from tests.realtime.test_rights import Club, Line
from tests.waiting import until

HELLO = '{"id":1,"connect":{"token":"alice"}}\n{"id":2,"subscribe":{"channel":"club:1"}}\n{"id":3,"ping":{}}'


class Counted(Line):
    """Notes what comes by one write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[int] = []

    def send(self, *messages: Message) -> bool:
        self.writes.append(len(messages))
        return super().send(*messages)


@pytest.fixture
async def club(db: None) -> AsyncIterator[Club]:
    club = Club()
    await club.hub.start()
    yield club
    club.hub.end(club.hub.sockets, 3001, "shutdown")
    await club.hub.stop()


def arrive(club: Club) -> tuple[Connection, Counted]:
    line = Counted()
    return Connection(club.hub, line, Handshake({}, "127.0.0.1", True)), line  # type: ignore[arg-type]


async def test_answers_keep_the_order_of_what_was_asked(club: Club) -> None:
    alice, line = arrive(club)
    alice.receive(HELLO)
    await until(lambda: len(line.heard) == 3)
    assert [answer["id"] for answer in line.heard] == [1, 2, 3]


async def test_what_is_answered_in_one_turn_is_one_write(club: Club) -> None:
    alice, line = arrive(club)
    alice.receive(HELLO.split("\n")[0])
    await until(lambda: len(line.heard) == 1)
    asked = [f'{{"id":{n},"unsubscribe":{{"channel":"club:1"}}}}' for n in range(2, 6)]
    alice.receive("\n".join(asked))
    await until(lambda: len(line.heard) == 5)
    assert line.writes == [1, 4]


async def test_an_end_comes_after_what_was_answered_before_it(club: Club) -> None:
    alice, line = arrive(club)
    alice.receive(HELLO.split("\n")[0])
    await until(lambda: len(line.heard) == 1)
    alice.answer(Message('{"id":2,"ping":{}}'))
    alice.end(3001, "shutdown")
    assert [answer["id"] for answer in line.heard] == [1, 2]
    await asyncio.sleep(0)
    assert len(line.heard) == 2


async def test_nothing_that_is_told_overtakes_an_answer(club: Club) -> None:
    alice, line = arrive(club)
    alice.receive(HELLO.split("\n")[0])
    await until(lambda: len(line.heard) == 1)
    alice.answer(Message('{"id":2,"subscribe":{}}'))
    alice.send(Message('{"push":{"channel":"club:1","pub":{"offset":1}}}'))
    assert [next(iter(message)) for message in line.heard] == ["id", "id", "push"]
