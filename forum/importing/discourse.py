"""`relais import discourse FOLDER`: a community moves in, topic by topic, and can be begun again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from msgspec import Struct, field

from forum.importing.categories import Row, category_rows, ensure_category
from forum.importing.convert import ReadyTopic, know_members, make_ready
from forum.importing.report import Report, peak_megabytes
from forum.importing.store import ensure_members, finish, member_names, store, stored_topics, totals
from forum.importing.survey import Survey, survey

Say = Callable[[str], None]
PROCESSES = 2
AHEAD = 64
SAY_EVERY = 500


class _Places(Struct):
    """What topics lean on: what is said of categories, and the numbers here of categories and members."""

    rows: dict[int, Row]
    categories: dict[int, int]
    members: dict[str, int] = field(default_factory=dict)


async def import_folder(source: Path, say: Say) -> Report:
    """Bring in every topic of a folder that is not here yet.

    Each topic is one transaction; run again after an interruption, it goes on where it stopped. Open pages
    are told nothing: an import is silent.

    Args:
        source: a folder with Discourse's `/t/{id}.json` answers, at any depth.
        say: told of the progress, a line at a time.
    """
    started, report = time.monotonic(), Report(source)
    found, here = await asyncio.to_thread(survey, source), await stored_topics()
    rows, refused = category_rows(source)
    todo = [paths for number, paths in found.topics.items() if number not in here]
    report.begin(found, already=len(found.topics) - len(todo))
    for path, reason in refused:
        report.refuse((path,), reason)
    say(f"{len(found.topics)} topics found, {report.already} already here.")
    await _take_in_all(todo, found, _Places(rows, report.categories), report, say)
    await finish()
    report.here, report.seconds = await totals(), time.monotonic() - started
    report.megabytes = peak_megabytes(PROCESSES)
    return report


async def _take_in_all(
    todo: list[list[Path]], found: Survey, places: _Places, report: Report, say: Say
) -> None:
    members = {**found.members, **await member_names()}
    async for ready in _ready_topics(todo, members):
        await _take_in(ready, places, report)
        if (report.topics + len(report.failed)) % SAY_EVERY == 0:
            say(f"{report.topics} topics, {report.posts} posts …")


async def _take_in(ready: ReadyTopic, places: _Places, report: Report) -> None:
    """Store a topic, or note why it is refused."""
    topic = ready.topic
    if topic is None:
        report.refuse(ready.files, ready.refused)
        return
    category_id = await ensure_category(topic.category_id, places.rows, places.categories)
    await ensure_members((post.author for post in topic.posts), places.members)
    if await store(ready, category_id, places.members):
        report.add(ready, topic)


async def _ready_topics(todo: list[list[Path]], members: dict[str, str]) -> AsyncIterator[ReadyTopic]:
    """Topics converted by other processes, in order, some of them ahead of the writing."""
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(PROCESSES, get_context("spawn"), know_members, (members,))
    with pool:
        waiting: list[asyncio.Future[ReadyTopic]] = []
        try:
            for paths in todo:
                waiting.append(loop.run_in_executor(pool, make_ready, paths))
                if len(waiting) >= AHEAD:
                    yield await waiting.pop(0)
            while waiting:
                yield await waiting.pop(0)
        finally:
            for future in waiting:
                future.cancel()
