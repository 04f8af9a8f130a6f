"""The official Python SDK at `relais serve --workers 2`, on PostgreSQL and Redis."""

import signal

import pytest

from tests.cast import Cast
from tests.commands import test_workers
from tests.factories import a_question, a_reply
from tests.realtime.relais_contract import *  # noqa: F403
from tests.realtime.sdk_person import Person
from tests.waiting import until

pytestmark = pytest.mark.postgres
crew = test_workers.crew


@pytest.fixture
def forum_address(crew: test_workers.Crew) -> str:
    """Both workers listen here."""
    return crew.address


async def test_while_the_workers_are_replaced_nothing_is_missed(crew: test_workers.Crew, cast: Cast) -> None:
    topic, before = await a_question(cast), crew.workers()
    people = [Person(crew.address) for _n in range(6)]
    for person in people:
        await person.__aenter__()
    ears = [(await person.listens(f"topic:{topic.id}"))[1] for person in people]
    crew.process.send_signal(signal.SIGHUP)
    replies = []

    async def replaced() -> bool:
        replies.append((await a_reply(cast, topic)).id)
        return len(crew.workers()) == 2 and not crew.workers() & before

    await until(replaced, 60)
    for person, heard in zip(people, ears, strict=True):
        await until(lambda heard=heard: len(heard.heard) == len(replies), 10)
        assert [data["post_id"] for data in heard.heard] == replies
        assert person.ears.ends.count(3001) >= 1
        await person.client.disconnect()
