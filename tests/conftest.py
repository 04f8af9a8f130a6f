"""What every test may ask for: servers, a browser."""

from collections.abc import Iterator

import pytest

from tests.servers.chromium import find_chromium, launch_arguments
from tests.servers.postgres import running_postgres
from tests.servers.redis import running_redis


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL cluster of this test run."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of this test run."""
    with running_redis() as url:
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Drive this machine's Chromium; what the command line asks for (--headed) stays."""
    assert find_chromium(), "Chromium is not installed: python -m tests.servers"
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test has a site of its own (the plugin's fixture of this name is deprecated by pytest 9)."""
