"""A post office that sends to a server of the test's own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from msgspec.structs import replace

from forum.clock import set_clock
from forum.config import Config
from forum.mail.office import open_office
from forum.templating import templates_in
from tests.servers.smtp import PostBox, running_smtp


@pytest.fixture
async def box(db: None, config: Config) -> AsyncIterator[PostBox]:
    """The mail server, and an office that knows it."""
    async with running_smtp() as found:
        open_office(replace(config, smtp_url=found.url), templates_in(config.time_zone))
        yield found


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """A test sets the time; afterwards it is right again."""
    yield
    set_clock(None)
