"""What many ask for in one turn of the loop is read together, and each has an answer of their own."""

import asyncio
from collections.abc import Sequence

import pytest

from realtime import together
from realtime.together import Together


class Library:
    """Knows how long words are, and notes which were asked for together."""

    def __init__(self) -> None:
        self.reads: list[tuple[str, ...]] = []
        self.away = False
        self.lengths = Together(self.read)

    async def read(self, words: Sequence[str]) -> dict[str, int]:
        self.reads.append(tuple(words))
        await asyncio.sleep(0)
        if self.away:
            raise OSError("the database is away")
        return {word: len(word) for word in words if word != "unknown"}


async def test_who_asks_in_one_turn_is_read_for_together() -> None:
    library = Library()
    asked = [library.lengths.get(word) for word in ("one", "three", "one")]
    assert await asyncio.gather(*asked) == [3, 5, 3]
    assert library.reads == [("one", "three")]


async def test_who_asks_while_others_are_read_for_has_a_later_reading() -> None:
    library = Library()
    first = asyncio.create_task(library.lengths.get("one"))
    while not library.reads:
        await asyncio.sleep(0)
    assert await library.lengths.get("one") == 3
    assert await first == 3
    assert library.reads == [("one",), ("one",)]


async def test_a_crowd_is_read_for_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 2)
    library = Library()
    assert await asyncio.gather(*map(library.lengths.get, ("a", "bb", "ccc"))) == [1, 2, 3]
    assert library.reads == [("a", "bb"), ("ccc",)]


async def test_a_failure_is_everybodys_and_is_not_kept() -> None:
    library = Library()
    library.away = True
    answers = await asyncio.gather(*map(library.lengths.get, ("a", "bb")), return_exceptions=True)
    assert [type(answer) for answer in answers] == [OSError, OSError]
    library.away = False
    assert await library.lengths.get("a") == 1
    with pytest.raises(KeyError):
        await library.lengths.get("unknown")


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    library = Library()
    gone = asyncio.create_task(library.lengths.get("one"))
    there = asyncio.create_task(library.lengths.get("one"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await there == 3
    assert gone.cancelled() or gone.cancelling()
