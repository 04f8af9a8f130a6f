"""What every test may ask for: a database, servers, a running site, a browser.

RELAIS_TEST_DATABASE chooses where tests that use a database run: `sqlite` (unless told otherwise),
`postgres` or `both`. Browser tests look at what a person sees and run on the first of these only.
"""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from httpx2 import AsyncClient
from playwright.async_api import expect
from tortoise.backends.base.executor import EXECUTOR_CACHE

from forum.app import Relais, create_app
from forum.clock import set_clock
from forum.config import Config, read_config
from forum.database import close_database, migrate, open_database
from tests.cast import Cast, gather_cast
from tests.people import everyone_leaves
from tests.servers.chromium import find_chromium, launch_arguments
from tests.servers.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.servers.postgres import running_postgres
from tests.servers.redis import running_redis
from tests.servers.site import running_site

CHOICES = {"sqlite": ["sqlite"], "postgres": ["postgres"], "both": ["sqlite", "postgres"]}
BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}
SERVER_FIXTURES = {"postgres_url", "redis_url"}

# What topics mean takes a tenth of a second of processor a topic: its own tests turn it on.
os.environ.setdefault("RELAIS_MEANING", "off")

expect.set_options(timeout=20_000)  # milliseconds: a page on a busy machine


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that uses a database once on each chosen engine."""
    if "databases" not in metafunc.fixturenames:
        return
    engines = CHOICES[os.environ.get("RELAIS_TEST_DATABASE") or "sqlite"]
    if metafunc.definition.get_closest_marker("postgres"):
        engines = ["postgres"]
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


def pytest_collection_finish() -> None:
    """What has loaded stays, as in a server: looking through it again and again takes a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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
    if request.param == "sqlite":
        found: Databases = SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    else:
        found = PostgresDatabases(request.getfixturevalue("postgres_url"))
    EXECUTOR_CACHE.clear()  # Tortoise remembers the text of its statements, and not for which engine
    await found.prepare(migrate)
    return found


@pytest.fixture(autouse=True)
def right_time() -> Iterator[None]:
    """A test may set the clock; the next one finds it right again."""
    yield
    set_clock(None)


@pytest.fixture
async def database_url(databases: Databases) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database, this test's own."""
    async with databases.fresh() as url:
        yield url


@pytest.fixture
async def empty_url(databases: Databases) -> AsyncIterator[str]:
    """The URL of a database without tables, this test's own."""
    async with databases.empty() as url:
        yield url


@pytest.fixture
async def opened_database(database_url: str) -> AsyncIterator[None]:
    """The process's database, opened on a fresh one."""
    await open_database(database_url)
    yield
    await close_database()


@pytest.fixture
def db(request: pytest.FixtureRequest, database_url: str) -> None:
    """A fresh open database: the site's own if the test asks for a site, as a process opens only one."""
    request.getfixturevalue("site" if "site" in request.fixturenames else "opened_database")


@pytest.fixture
async def cast(db: None) -> Cast:
    """Alice, Bob, Eve, Mod and Ada, with an open and a private theme."""
    return await gather_cast()


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """The configuration of a new site, deaf to the environment of whoever runs the tests."""
    environment = {"RELAIS_DATA": str(tmp_path), "RELAIS_DATABASE_URL": database_url, "RELAIS_MEANING": "off"}
    return read_config({**environment, "RELAIS_ENV": os.devnull})


@pytest.fixture
def app(config: Config) -> Relais:
    """The application that `site` serves."""
    return create_app(config)


@pytest.fixture
async def site(app: Relais) -> AsyncIterator[str]:
    """The address of a real running site, such as http://127.0.0.1:41234."""
    async with running_site(app) as address:
        yield address
        await everyone_leaves()


@pytest.fixture
async def client(site: str) -> AsyncIterator[AsyncClient]:
    """A visitor's HTTP client on the running site. It needs no certificates, which take 30 ms to read."""
    async with AsyncClient(base_url=site, verify=False) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Drive this machine's Chromium; what the command line asks for (--headed) stays."""
    headed = browser_type_launch_args.get("headless") is False
    assert find_chromium(whole=headed), "Chromium is not installed: python -m tests.servers"
    return {**browser_type_launch_args, **launch_arguments(whole=headed)}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test has a site of its own (the plugin's fixture of this name is deprecated by pytest 9)."""
