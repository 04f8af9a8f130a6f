"""What every test may ask for: a database, servers, a running site, a browser.

RELAIS_TEST_DATABASE chooses where tests that use a database run: `sqlite` (unless told otherwise),
`postgres` or `both`. Browser tests look at what a person sees and run on the first of these only.
"""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.servers.chromium import find_chromium, launch_arguments
from tests.servers.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.servers.postgres import running_postgres
from tests.servers.redis import running_redis

CHOICES = {"sqlite": ["sqlite"], "postgres": ["postgres"], "both": ["sqlite", "postgres"]}
BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}
SERVER_FIXTURES = {"postgres_url", "redis_url"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses a database once on each chosen engine."""
    if "databases" not in metafunc.fixturenames:
        return
    engines = CHOICES[os.environ.get("RELAIS_TEST_DATABASE") or "sqlite"]
    if BROWSER_FIXTURES & set(metafunc.fixturenames):
        engines = engines[:1]
    marks = {"sqlite": [], "postgres": [pytest.mark.servers]}
    metafunc.parametrize("databases", [pytest.param(e, marks=marks[e]) for e in engines], indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser or servers, so that `-m` can leave it out."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if asked & BROWSER_FIXTURES:
            item.add_marker("browser")
        if asked & SERVER_FIXTURES:
            item.add_marker("servers")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The administrator's URL of a PostgreSQL cluster of this test run."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis of this test run."""
    with running_redis() as url:
        yield url


@pytest.fixture(scope="session")
async def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Fresh databases of the engine named by the parameter."""
    from forum.database import migrate

    if request.param == "sqlite":
        found: Databases = SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    else:
        found = PostgresDatabases(request.getfixturevalue("postgres_url"))
    await found.prepare(migrate)
    return found


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database, this test's own."""
    async with databases.fresh() as url:
        yield url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Drive this machine's Chromium; what the command line asks for (--headed) stays."""
    assert find_chromium(), "Chromium is not installed: python -m tests.servers"
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test has a site of its own (the plugin's fixture of this name is deprecated by pytest 9)."""
