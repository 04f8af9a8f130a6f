"""Programs at the site's door, each with a key."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx2 import AsyncClient

from forum.api.keys import create_key


@asynccontextmanager
async def program_of(site: str, username: str, *, unlimited: bool = True) -> AsyncIterator[AsyncClient]:
    """A program with a key of one member; unlimited, unless the test is about limits."""
    headers = {"Api-Key": await create_key(username, unlimited=unlimited), "Api-Username": username}
    async with AsyncClient(base_url=site, headers=headers, timeout=30, verify=False) as client:
        yield client
