"""A text made to be slow costs half a second of a worker at the most, and nothing to the others."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from html import escape
from pathlib import Path

import pytest

from forum.markdown import BadText, Cooker, TooSlow, clean_text, cook, cook_many, excerpt, mentions, quotes
from forum.markdown.cooker import SECONDS
from forum.markdown.ordinary import is_ordinary
from forum.markdown.processes import Worker
from tests.markdown.bombs import BOMBS, HONEST, filled
from tests.markdown.parsed import assert_harmless

HANGS = 60.0  # a text that nobody stops
SLOWEST = BOMBS["code that takes seconds"]


@pytest.fixture(scope="module")
async def kitchen() -> AsyncIterator[Cooker]:
    async with Cooker() as cooker:
        yield cooker


@pytest.fixture
async def cooker(kitchen: Cooker) -> Cooker:
    """A cooker with a worker that waits, whatever the test before has done to it."""
    await kitchen.warm()
    return kitchen


# A worker's time is told in hundredths, and it is killed a moment after its time is over.
COUNTED = 0.05


def spent(worker: Worker) -> float:
    """Seconds of the processor that a worker has had."""
    times = Path(f"/proc/{worker._process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("name", BOMBS)
async def test_cve_2023_26302_each_is_cooked_or_refused_within_half_a_second(name, cooker):
    """And CVE-2023-26303, CVE-2021-29471. Of the processor: a busy machine makes nothing of it slower."""
    (worker,) = cooker._idle
    here, there = time.process_time(), spent(worker)
    cooked, told = None, asyncio.create_task(cooker.cook(BOMBS[name], {"bob": "Bob"}))
    with suppress(TooSlow):
        cooked = await asyncio.wait_for(told, HANGS)
    assert time.process_time() - here < SECONDS, "the server itself has hardly worked for it"
    assert not worker.alive or spent(worker) - there < SECONDS + COUNTED, "whoever is late is killed"
    assert cooked is None or assert_harmless(cooked)


@pytest.mark.parametrize("name", BOMBS)
def test_what_the_server_does_itself_with_each_is_quick(name):
    start = time.process_time()
    with suppress(BadText):
        clean_text(BOMBS[name])
    mentions(BOMBS[name])
    quotes(BOMBS[name])
    excerpt(escape(BOMBS[name]), 200)
    assert time.process_time() - start < 0.5


async def test_the_slowest_is_refused(cooker):
    with pytest.raises(TooSlow):
        await cook(SLOWEST)


async def test_a_text_that_would_become_megabytes_is_refused(cooker):
    with pytest.raises(TooSlow):
        await cook(BOMBS["references to a long title"])


async def test_an_honest_text_of_the_greatest_length_is_cooked(cooker):
    text = (HONEST * 80)[:32_000]
    page = assert_harmless(await cook(text, known={"bob": "Bob"}))
    assert len(page.all("table")) > 50


async def test_the_server_goes_on_while_twenty_are_cooked(cooker):
    bombs = [asyncio.create_task(cook(SLOWEST)) for _ in range(20)]
    gaps: list[float] = []
    ticker = asyncio.create_task(tick(gaps))
    small = "Merci, *c'est* noté : voir https://ville.fr et la suite."
    for _ in range(20):
        start = time.perf_counter()
        assert "<em>" in await cook(small)
        assert time.perf_counter() - start < SECONDS, "it has waited for a bomb"
        await asyncio.sleep(0.02)
    longer = await cook(HONEST, known={"bob": "Bob"})
    assert "<table>" in longer
    assert sum(not bomb.done() for bomb in bombs) >= 10
    with pytest.raises(TooSlow):
        await bombs[0]
    assert max(gaps) < SECONDS, "the loop has waited for a bomb"
    for task in (ticker, *bombs):
        task.cancel()
    await asyncio.gather(ticker, *bombs, return_exceptions=True)


async def tick(gaps: list[float]) -> None:
    before = time.perf_counter()
    while True:
        await asyncio.sleep(0.005)
        now = time.perf_counter()
        gaps.append(now - before)
        before = now


def test_a_letter_of_two_paragraphs_is_cooked_at_once():
    assert is_ordinary(
        "Bonjour @bob,\n\n" + "Nous avons délibéré en mars. " * 40 + "\n- [ici](/t/1)\n- *là*\n"
    )


@pytest.mark.parametrize("raw", ["a" * 2_001, "```\nx\n```", "|a|\n|-|", "[" * 300, "*a " * 200])
def test_a_text_that_may_cost_more_is_not(raw):
    assert not is_ordinary(raw)


def ordinary_texts() -> list[str]:
    """The hardest texts that still are ordinary: signs as many as may be, then words."""
    hard = []
    for bomb in BOMBS.values():
        for length in range(1_000, 20, -20):
            if is_ordinary(text := (bomb[:length] + filled("a(", 2_000))[:2_000]):
                hard.append(text)
                break
    return hard


def test_what_is_cooked_at_once_costs_no_more_than_some_everyday_letters():
    texts = ordinary_texts()
    assert len(texts) > 50
    letter = ("Bonjour @bob,\n\n" + "Nous avons *délibéré* en mars, voir https://ville.fr. " * 40)[:2_000]
    for text in texts:
        pairs = [(seconds_to_cook(text), seconds_to_cook(letter)) for _ in range(5)]
        hardest, everyday = map(min, zip(*pairs, strict=True))
        assert hardest < 4 * everyday, text


def seconds_to_cook(text: str) -> float:
    start = time.process_time()
    cook_many([(text, {"bob": "Bob"})])
    return time.process_time() - start
