"""`python -m bench.search DATABASE_URL [topics] [meaning]`: what it costs to search, to suggest, to type.

The base is one of `bench.seed` with `--words 2000`, or with `--vocabulary` and then asked about its `topics`;
its index is built (`relais search rebuild`). With `meaning` the model answers too, by the vectors of
`bench.meanings`. CPU of the process, the database’s threads included: a machine that is shared makes it wait,
and counts that apart. The time by the clock stands beside it; the model's process is in that one only.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import forum.app  # noqa: F401 - where what can be found is listed
from bench.questions import Question, asked_of_topics, questions
from forum.accounts.queries import a_visitor
from forum.database import close_database, open_database
from forum.i18n import speaking
from forum.meanings.queries import Meanings, use_meanings
from forum.search.asked import read_question
from forum.search.glimpses import glimpses
from forum.search.queries import search
from forum.suggestions.queries import Draft, similar


async def main(url: str, about_topics: bool, by_meaning: bool) -> None:
    """Ask each question once of each, as a visitor."""
    await open_database(url)
    meanings = Meanings()
    if by_meaning:
        use_meanings(meanings)
        await _told(meanings)
    asked = await asked_of_topics() if about_topics else [Question(typed) for typed in questions()]
    with speaking("fr"):
        visitor = await a_visitor("fr")
        await _measure("search", asked, lambda one: search(visitor, read_question(one.typed)))
        await _measure("suggestions", asked, lambda one: similar(visitor, Draft(one.typed, one.text, 1)))
        await _measure("while typing", asked, lambda one: glimpses(visitor, one.typed[:8]))
    await meanings.stop()
    await close_database()


async def _told(meanings: Meanings) -> None:
    """Ask until the process knows all vectors; a site asks its first question once."""
    while not await meanings.nearest(await a_visitor("fr"), "registre"):
        await asyncio.sleep(0.1)


async def _measure(
    name: str, asked: Sequence[Question], ask: Callable[[Question], Awaitable[object]]
) -> None:
    spent: list[float] = []
    taken: list[float] = []
    for one in asked:
        before, began = time.process_time(), time.perf_counter()
        await ask(one)
        spent.append(1000 * (time.process_time() - before))
        taken.append(1000 * (time.perf_counter() - began))
    print(f"{name}: CPU {_spread(spent)}; by the clock {_spread(taken)}")


def _spread(times: list[float]) -> str:
    times.sort()
    return f"p50 {times[len(times) // 2]:.0f} ms, p95 {times[len(times) * 95 // 100]:.0f} ms"


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], "topics" in sys.argv[2:], "meaning" in sys.argv[2:]))
