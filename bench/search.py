"""`python -m bench.search DATABASE_URL`: what a search, a suggestion and a list while typing cost a server.

The base is one of `bench.seed` with `--words 2000`, its index built (`relais search rebuild`). CPU of the
process, threads of the database included: a machine that is shared makes it wait, and counts that apart.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import forum.app  # noqa: F401 - where what can be found is listed
from bench.questions import questions
from forum.accounts.queries import a_visitor
from forum.database import close_database, open_database
from forum.i18n import speaking
from forum.search.asked import read_question
from forum.search.glimpses import glimpses
from forum.search.queries import search
from forum.suggestions.queries import Draft, similar


async def main(url: str) -> None:
    """Ask each question once of each, as a visitor."""
    await open_database(url)
    with speaking("fr"):
        visitor = await a_visitor("fr")
        await _measure("search", lambda typed: search(visitor, read_question(typed)))
        await _measure("suggestions", lambda typed: similar(visitor, Draft(typed, "", 1)))
        await _measure("while typing", lambda typed: glimpses(visitor, typed[:8]))
    await close_database()


async def _measure(name: str, ask: Callable[[str], Awaitable[object]]) -> None:
    spent: list[float] = []
    for typed in questions():
        before = time.process_time()
        await ask(typed)
        spent.append(1000 * (time.process_time() - before))
    spent.sort()
    print(f"{name}: CPU p50 {spent[len(spent) // 2]:.0f} ms, p95 {spent[len(spent) * 95 // 100]:.0f} ms")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
