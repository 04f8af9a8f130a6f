"""The base of the relevance set, written through the product's own actions."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forum.answers.actions import accept_answer
from forum.categories.actions import create_category
from forum.posts.actions import reply_to_topic
from forum.posts.queries import post_visible_to
from forum.search.indexing import index_all_pending
from forum.topics.actions import open_topic
from forum.topics.queries import topic_visible_to
from tests.cast import Cast

DATA = Path(__file__).parent / "data"
SETS = ("fr", "en", "fresh.fr", "fresh.en")
# Written blind; words alone find seven of ten of them, with the others beside them.
UNSEEN = ("third.fr", "third.en", "fourth.fr", "fifth.fr", "fifth.en")


@dataclass(frozen=True, slots=True)
class Pair:
    """What somebody types, and the subjects that answer it; `held` for the half that nobody tunes by."""

    sort: str
    typed: str
    answers: tuple[str, ...]
    held: bool


def pairs(language: str) -> list[Pair]:
    """The pairs of a language, in their order."""
    lines = (DATA / f"pairs.{language}.txt").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if line and line[0] != "#"]
    return [Pair(row[0], row[1], tuple(row[2].split()), n % 2 == 1) for n, row in enumerate(rows)]


def _subjects(language: str) -> Iterator[tuple[list[str], str, str]]:
    head: list[str] = []
    raw = answer = ""
    for line in [*(DATA / f"corpus.{language}.txt").read_text(encoding="utf-8").splitlines(), "end | | |"]:
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("  "):
            raw = line.strip()
        elif line.startswith(">"):
            answer = line[1:].strip()
        else:
            if head:
                yield head, raw, answer
            head, raw, answer = [cell.strip() for cell in line.split("|")], "", ""


async def fill(cast: Cast, *languages: str) -> dict[str, int]:
    """Write the subjects and index them; the number of each topic by its key."""
    alice, themes, made = await cast.alice(), dict[str, int](), dict[str, int]()
    for language in languages:
        for (key, theme, kind, title), raw, answer in _subjects(language):
            if theme not in themes:
                themes[theme] = (await create_category(theme.title())).id
                alice = await cast.alice()
            question = "discussion" if kind in ("discussion", "sheet") else "question"
            new = await open_topic(alice, themes[theme], question, title, raw)
            made[key] = new.topic_id
            if answer:
                topic = await topic_visible_to(alice, new.topic_id)
                reply = await reply_to_topic(await cast.bob(), topic, answer)
                await accept_answer(alice, await post_visible_to(alice, reply.id))
    await index_all_pending()
    return made
