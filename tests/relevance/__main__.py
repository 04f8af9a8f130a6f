"""How well the sets are answered, as it is and with an ingredient taken away: `python -m tests.relevance`.

With `--missed` also what is not answered within the first five, of the halves that one tunes by. With
`--meaning` by what is meant too, and the sets that were written blind (some minutes).
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import forum.app  # noqa: F401 -- what can be found and suggested registers itself there
from forum.accounts.viewer import Viewer
from forum.database import close_database, migrate, open_database
from forum.meanings.indexing import index_meanings
from forum.meanings.queries import Meanings, use_meanings
from forum.search.synonyms import current_thesaurus
from forum.search.thesaurus import Thesaurus
from tests.cast import gather_cast
from tests.relevance.base import SETS, UNSEEN, Pair, fill, pairs
from tests.relevance.measure import Measure, measure, measure_suggestions
from tests.servers.databases import SqliteDatabases

Numbers = dict[str, int]


async def report(*, missed: bool, meaning: bool) -> None:
    """Write the base into a database of its own, ask everything, print the figures."""
    with TemporaryDirectory() as folder:
        databases = SqliteDatabases(Path(folder))
        await databases.prepare(migrate)
        async with databases.fresh() as url:
            await open_database(url)
            try:
                cast = await gather_cast()
                sets = (*SETS, *UNSEEN) if meaning else SETS
                numbers = await fill(cast, *sets)
                async with _knowing(meaning):
                    await _print_all(await cast.visitor(), numbers, sets, missed)
            finally:
                await close_database()


@asynccontextmanager
async def _knowing(meaning: bool) -> AsyncIterator[None]:
    """What all of the topics mean, if it is to be known."""
    if not meaning:
        yield
        return
    meanings, last = Meanings(), 0
    use_meanings(meanings)
    while read := await index_meanings(meanings, last):
        last = read
    try:
        yield
    finally:
        use_meanings(None)
        await meanings.stop()


async def _print_all(visitor: Viewer, numbers: Numbers, sets: Sequence[str], missed: bool) -> None:
    known = await current_thesaurus()
    for name in sets:
        asked = pairs(name)
        for title, some in (
            ("odd", [p for p in asked if not p.held]),
            ("held back", [p for p in asked if p.held]),
        ):
            if some:
                await _print(visitor, numbers, f"{name}, {title}", some, known, missed and title == "odd")


async def _print(
    visitor: Viewer, numbers: Numbers, title: str, asked: Sequence[Pair], known: Thesaurus, missed: bool
) -> None:
    got = await measure(visitor, numbers, asked, known)
    print(f"{title} ({len(asked)})")
    print(_line("as it is", got))
    print(_line("while one writes", await measure_suggestions(visitor, numbers, asked)))
    print(_line("without spelling", await measure(visitor, numbers, asked, known, spelling=False)))
    print(_line("without synonyms", await measure(visitor, numbers, asked, Thesaurus())))
    print(_line("plain full text", await measure(visitor, numbers, asked, Thesaurus(), spelling=False)))
    for pair in got.missed if missed else ():
        print(f"    {pair.sort}: {pair.typed} -> {' '.join(pair.answers)}")


def _line(name: str, got: Measure) -> str:
    return f"  {name:18} recall@5 {got.recall:.3f}  MRR {got.mrr:.3f}"


if __name__ == "__main__":
    asyncio.run(report(missed="--missed" in sys.argv[1:], meaning="--meaning" in sys.argv[1:]))
