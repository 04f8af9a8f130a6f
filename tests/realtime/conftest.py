"""What tests of the library may ask for."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.realtime.open_site import OpenSite, here
from tests.servers.databases import Databases

pytest.register_assert_rewrite("tests.realtime.sdk_contract", "tests.realtime.relais_contract")

numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["below ASGI", "over ASGI"])
async def running_example(request: pytest.FixtureRequest, databases: Databases) -> AsyncIterator[OpenSite]:
    """The open example, served for all the tests of a module, once by each shell."""
    async with databases.fresh() as url, here(url, below_asgi=request.param == "below ASGI") as site:
        yield site


@pytest.fixture
def open_site(running_example: OpenSite) -> OpenSite:
    """The running example, with channels that no other test has used."""
    number = next(numbers)
    return replace(running_example, talk=f"talk-{number}", small=f"smallhistory:talk-{number}")
