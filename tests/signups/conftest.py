"""A site whose mails go to a server of the test's own."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from forum.app import Relais, create_app
from forum.config import Config
from tests.servers.smtp import PostBox, running_smtp


@pytest.fixture
async def box(config: Config) -> AsyncIterator[PostBox]:
    """The mail server."""
    async with running_smtp() as found:
        yield found


@pytest.fixture
def app(config: Config, box: PostBox) -> Relais:
    """The site, that knows it."""
    return create_app(replace(config, smtp_url=box.url))
