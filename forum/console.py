"""Commands: other processes than the server, typed by whoever keeps the machine."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from forum.config import Config
from forum.i18n import current_locale, use_locale

if TYPE_CHECKING:
    from forum.accounts.viewer import Viewer

Result = TypeVar("Result")


def in_database(config: Config, work: Callable[[], Awaitable[Result]]) -> Result:
    """Run a coroutine with the database open, and close it whatever happens."""
    from forum.database import close_database, open_database

    async def run() -> Result:
        await open_database(config.database_url)
        try:
            return await work()
        finally:
            await close_database()

    use_locale(config.default_locale)
    return asyncio.run(run())


async def the_keeper() -> "Viewer":
    """Whoever keeps the machine, for the actions' rules: no member, and may do everything."""
    from forum.accounts.viewer import Viewer
    from forum.categories.queries import site_version, themes

    now = await themes(await site_version())
    all_of_it = now.rights(frozenset(), all_seeing=True)
    return Viewer(None, "", "", True, False, current_locale(), all_of_it, now)
