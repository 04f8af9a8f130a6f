"""A site with a mail server, and a clock that can be put forward."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta

import pytest

from forum.clock import now, set_clock
from tests.credentials.test_credentials import everything_sent
from tests.rights.conftest import room
from tests.signups.conftest import app, box
from tests.web.test_logs import log

__all__ = ["app", "box", "log", "room"]


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Put the forum's clock forward: `later(seconds=30)`. It stands still from then on."""

    def put_forward(**by: float) -> None:
        moment = now() + timedelta(**by)
        set_clock(lambda: moment)

    yield put_forward
    set_clock(None)


@pytest.fixture
async def mails_leave(site: str, later: Callable[..., None]) -> AsyncIterator[None]:
    """The site is not stopped while it still tells owners what was done."""
    yield
    await everything_sent()
