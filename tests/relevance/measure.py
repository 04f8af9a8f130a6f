"""Recall and rank of the pairs, for the search as it is and with an ingredient taken away."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from forum.accounts.viewer import Viewer
from forum.search.asked import Asked
from forum.search.concepts import understand
from forum.search.queries import ranked_topics
from forum.search.thesaurus import Thesaurus
from forum.suggestions.queries import Draft, similar
from tests.relevance.base import Pair


@dataclass(frozen=True, slots=True)
class Measure:
    """How well the pairs were answered: within the first five, and by the mean of 1/rank."""

    recall: float
    mrr: float
    missed: tuple[Pair, ...]


async def measure(
    viewer: Viewer, numbers: dict[str, int], asked: Sequence[Pair], known: Thesaurus, *, spelling: bool = True
) -> Measure:
    """Ask the search each question as this viewer."""

    async def search(typed: str) -> list[int]:
        wanted = await understand(viewer, typed, known, spelling=spelling)
        ranked = await ranked_topics(viewer, Asked(text=typed, words=typed), wanted)
        return [one.topic_id for one in ranked]

    return await _measure(search, numbers, asked)


async def measure_suggestions(viewer: Viewer, numbers: dict[str, int], asked: Sequence[Pair]) -> Measure:
    """Write each question as a title, and look at what is shown beside it."""

    async def suggest(typed: str) -> list[int]:
        shown = await similar(viewer, Draft(typed, "", None))
        return [one.id for one in shown if one.kind != "organisation"]

    return await _measure(suggest, numbers, asked)


async def _measure(
    ask: Callable[[str], Awaitable[list[int]]], numbers: dict[str, int], asked: Sequence[Pair]
) -> Measure:
    found, reciprocal, missed = 0, 0.0, []
    for pair in asked:
        order = await ask(pair.typed)
        rank = min(
            (order.index(numbers[key]) + 1 for key in pair.answers if numbers[key] in order), default=0
        )
        found += 0 < rank <= 5
        reciprocal += 1 / rank if rank else 0.0
        if not 0 < rank <= 5:
            missed.append(pair)
    return Measure(found / len(asked), reciprocal / len(asked), tuple(missed))
