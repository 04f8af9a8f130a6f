"""The official Python SDK at two processes that share PostgreSQL and Redis."""

from collections.abc import AsyncIterator

import pytest

from tests.realtime.open_site import OpenSite, two_workers
from tests.realtime.sdk_contract import *  # noqa: F403
from tests.servers.databases import Databases

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
async def running_example(databases: Databases, redis_url: str) -> AsyncIterator[OpenSite]:
    """Two workers for all the tests: the first address is the one's, the second the other's."""
    async with databases.fresh() as url, two_workers(url, redis_url) as site:
        yield site
