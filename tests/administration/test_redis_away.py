"""A site whose Redis is away says so, on the page and in the metrics."""

import pytest
from httpx2 import AsyncClient
from msgspec.structs import replace

from forum.accounts.sessions import open_session
from forum.app import Relais, create_app
from forum.config import Config
from tests.administration.test_live_page import figure
from tests.cast import Cast
from tests.people import at
from tests.waiting import until

NOBODY = "redis://127.0.0.1:1"


@pytest.fixture
def app(config: Config) -> Relais:
    """The site, told of a Redis that is not there."""
    return create_app(replace(config, redis_url=NOBODY))


async def test_it_is_seen_that_redis_is_away(site: str, cast: Cast, client: AsyncClient) -> None:
    ada = at(site)
    ada.client.cookies["relais"] = await open_session(cast.ids["ada"], "", "")

    async def away() -> bool:
        return figure((await ada.get("/admin/live")).text, "between") == "Redis is away"

    await until(away)
    assert "looks into the log every second" in (await ada.get("/admin/live")).text
    told = (await client.get("/metrics")).text
    assert [line[-4:] for line in told.splitlines() if line.startswith("relais_redis_up{")] == [" 0.0"]
