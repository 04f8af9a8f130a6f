"""Steps of somebody who leaves: the office that jobs need, the time that passes, what is left on the disk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from forum.assets import Assets
from forum.clock import now, set_clock
from forum.config import Config
from forum.erasures.actions import ask_for_erasure
from forum.erasures.erasing import erase_accounts, leave_no_trace
from forum.mail.office import open_office
from forum.templating import Templates
from realtime.sql import dialect, sql
from tests.cast import PASSWORD, Cast, give_password

BASE = "https://relais.example.fr"


def an_office(config: Config) -> None:
    """What jobs are given when no site is running."""
    open_office(config, Templates(Assets(), config.time_zone))


def later(**time: float) -> None:
    """Let time pass."""
    then = now() + timedelta(**time)
    set_clock(lambda: then)


async def leaves(cast: Cast, name: str) -> None:
    """A member of the cast asks to be erased, and is, a week later."""
    await give_password(name)
    await ask_for_erasure(await cast.viewer(name), PASSWORD, name, BASE)
    later(days=7, seconds=1)
    await erase_accounts()
    await leave_no_trace()


async def what_is_left(config: Config) -> Iterator[tuple[str, bytes]]:
    """Every byte that the site keeps: each file of its data, of the database, or each row of PostgreSQL."""
    files = [path for path in config.data.rglob("*") if path.is_file()]
    if dialect() == "sqlite":
        database = Path(config.database_url.removeprefix("sqlite://"))
        files += database.parent.glob(f"{database.name}*")
    return iter([*((str(path), path.read_bytes()) for path in files), *(await _rows())])


async def _rows() -> list[tuple[str, bytes]]:
    if dialect() == "sqlite":
        return []
    tables = await sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = []
    for table in tables:
        name = table["tablename"]
        for row in await sql(f'SELECT t::text AS words FROM "{name}" t'):
            found.append((name, row["words"].encode()))
    return found
