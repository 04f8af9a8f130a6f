"""Questions in other words about subjects that nobody had in mind when the search was made."""

import pytest

from forum.search.synonyms import current_thesaurus
from tests.cast import Cast
from tests.meanings.conftest import Knowing
from tests.relevance.base import fill, pairs
from tests.relevance.measure import measure, measure_suggestions


@pytest.mark.timeout(600)  # sixty to a hundred and twenty topics are written and read first
@pytest.mark.parametrize("sets", [("fourth.fr",), ("fifth.fr", "fifth.en")])
async def test_unseen_subjects_are_answered_within_the_first_five(
    cast: Cast, knowing: Knowing, sets: tuple[str, ...]
) -> None:
    numbers = await fill(cast, *sets)
    await knowing.read()
    visitor, known = await cast.visitor(), await current_thesaurus()
    for name in sets:
        asked = pairs(name)
        got = await measure(visitor, numbers, asked, known)
        shown = await measure_suggestions(visitor, numbers, asked)
        for one in (got, shown):
            assert one.recall >= 0.9, (name, one)
            assert one.mrr >= 0.8, (name, one)
