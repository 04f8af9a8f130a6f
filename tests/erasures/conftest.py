"""A clock that tests may set; afterwards it is right again."""

from collections.abc import Iterator

import pytest

from forum.clock import set_clock


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    yield
    set_clock(None)
