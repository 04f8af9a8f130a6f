"""`relais import discourse FOLDER`: a community moves in, topic by topic, and can be begun again."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from forum.importing.convert import KEPT_ENOUGH, ReadyTopic, make_ready
from forum.importing.files import category_names, topic_files
from forum.importing.store import ensure_category, ensure_members, finish, store, stored_topics

Say = Callable[[str], None]
PROCESSES = 2
AHEAD = 64
SAY_EVERY = 500


@dataclass(slots=True)
class Report:
    """What came in, what did not, and how well."""

    files: int = 0
    topics: int = 0
    already: int = 0
    posts: int = 0
    small_actions: int = 0
    likes: int = 0
    accepted: int = 0
    tags: int = 0
    members: set[str] = field(default_factory=set)
    categories: int = 0
    whole: int = 0
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)

    def add(self, ready: ReadyTopic) -> None:
        """Count a topic that has been stored."""
        topic = ready.topic
        assert topic is not None, "a refused file is not counted here"
        self.topics += 1
        self.posts += len(topic.posts)
        self.small_actions += sum(post.post_type == 3 for post in topic.posts)
        self.likes += sum(post.likes for post in topic.posts)
        self.accepted += sum(post.accepted for post in topic.posts)
        self.tags += topic.tags
        self.members |= {post.author.username.lower() for post in topic.posts}
        self.whole += sum(post.kept >= KEPT_ENOUGH for post in ready.posts)

    def text(self) -> str:
        """The report, for the terminal."""
        share = 100 * self.whole / self.posts if self.posts else 100.0
        lines = [
            f"{self.files} files read: {self.topics} topics came in, {self.already} were here already, "
            f"{len(self.failed)} refused.",
            f"{self.posts} posts ({self.small_actions} small actions among them) by {len(self.members)} "
            f"members in {self.categories} categories; {self.likes} likes, {self.accepted} accepted answers; "
            f"{self.tags} tags left out.",
            f"{share:.2f} % of the posts keep at least 95 % of their visible words.",
            f"{self.posts / self.seconds:.0f} posts a second, {_peak_megabytes():.0f} MB at the most."
            if self.seconds and self.posts
            else "Nothing new.",
        ]
        return "\n".join([*lines, *(f"refused: {line}" for line in self.failed)])


async def import_folder(source: Path, say: Say) -> Report:
    """Bring in every topic of a folder that is not here yet.

    Each topic is one transaction; run again after an interruption, it goes on where it stopped.
    """
    started, report = time.monotonic(), Report()
    files, known, here = topic_files(source), category_names(source), await stored_topics()
    todo = [paths for number, paths in files.items() if number not in here]
    report.files, report.already = sum(map(len, files.values())), len(files) - len(todo)
    say(f"{len(files)} topics found, {report.already} already here.")
    categories: dict[int, int] = {}
    members: dict[str, int] = {}
    async for ready in _ready_topics(todo):
        await _take_in(ready, report, known, categories, members)
        if (report.topics + len(report.failed)) % SAY_EVERY == 0:
            say(f"{report.topics} topics, {report.posts} posts …")
    if report.topics:
        await finish()
    report.categories, report.seconds = len(categories), time.monotonic() - started
    return report


async def _take_in(
    ready: ReadyTopic,
    report: Report,
    known: dict[int, dict[str, object]],
    categories: dict[int, int],
    members: dict[str, int],
) -> None:
    """Store a topic, or note why it is refused."""
    topic = ready.topic
    if topic is None:
        report.failed.append(f"{', '.join(ready.files)}: {ready.refused}")
        return
    category_id = await ensure_category(topic.category_id, known, categories)
    await ensure_members((post.author for post in topic.posts), members)
    await store(ready, category_id, members)
    report.add(ready)


async def _ready_topics(todo: list[list[Path]]) -> AsyncIterator[ReadyTopic]:
    """Topics converted by other processes, in order, some of them ahead of the writing."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
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


def _peak_megabytes() -> float:
    """The most memory of this process plus that of its largest child."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + PROCESSES * child) / 1024
