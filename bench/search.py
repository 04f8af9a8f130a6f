"""`python -m bench.search DATABASE_URL`: what a search, a suggestion and a list while typing cost a server.

The base is one of `bench.seed` with `--words 2000`, its index built (`relais search rebuild`). CPU of the
process, threads of the database included: a machine that is shared makes it wait, and counts that apart.
"""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable

import forum.app  # noqa: F401 - where what can be found is listed
from bench.seed import invented
from forum.accounts.queries import a_visitor
from forum.database import close_database, open_database
from forum.i18n import speaking
from forum.search.asked import read_question
from forum.search.glimpses import glimpses
from forum.search.queries import search
from forum.suggestions.queries import Draft, similar

QUESTIONS = 200
WORDS = 2_000
USUAL = ("marché", "convention", "devis", "tableau des tournées", "registre")


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
    for typed in _questions():
        before = time.process_time()
        await ask(typed)
        spent.append(1000 * (time.process_time() - before))
    spent.sort()
    print(f"{name}: CPU p50 {spent[len(spent) // 2]:.0f} ms, p95 {spent[len(spent) * 95 // 100]:.0f} ms")


def _questions() -> list[str]:
    """One to three invented words, some with a usual one; always the same."""
    chance = random.Random(2)
    words, weights = [*map(invented, range(WORDS))], [1 / (n + 1) for n in range(WORDS)]
    drawn = (chance.choices(words, weights, k=chance.randint(1, 3)) for _n in range(QUESTIONS))
    return [" ".join([*some, *chance.sample(USUAL, chance.randint(0, 1))]) for some in drawn]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
