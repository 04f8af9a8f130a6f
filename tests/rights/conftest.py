"""Rooms of people who listen: at one process, or at a site of two workers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.commands import test_workers
from tests.rights.ears import Room

crew = test_workers.crew


@pytest.fixture
async def room(site: str) -> AsyncIterator[Room]:
    """Those who listen at the test's site; they leave at its end."""
    async with AsyncExitStack() as stack:
        yield Room(site, stack)


@pytest.fixture
async def hall(crew: test_workers.Crew) -> AsyncIterator[Room]:
    """Those who listen at a site of two workers: each is at either."""
    async with AsyncExitStack() as stack:
        yield Room(crew.address, stack)
