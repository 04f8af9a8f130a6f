"""The official Python SDK at Relais itself, at one process."""

import pytest

from forum.app import Relais
from realtime.protocol import codes
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.realtime.relais_contract import *  # noqa: F403
from tests.realtime.sdk_person import Person
from tests.waiting import until


@pytest.fixture
def forum_address(site: str) -> str:
    """The test's own site."""
    return site


async def test_told_to_come_back_it_does_and_misses_nothing(site: str, app: Relais, cast: Cast) -> None:
    topic = await a_question(cast)
    async with Person(site) as visitor:
        _subscription, ears = await visitor.listens(f"topic:{topic.id}")
        app.hub.end(list(app.hub.connections), *codes.SHUTDOWN)
        reply = await a_reply(cast, topic)
        await until(lambda: [data["post_id"] for data in ears.heard] == [reply.id])
        assert len(visitor.ears.connected) == 2
