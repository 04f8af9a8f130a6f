"""What people type in other words is answered within the first five."""

import pytest

from forum.search.synonyms import current_thesaurus
from tests.cast import Cast
from tests.relevance.base import SETS, fill, pairs
from tests.relevance.measure import measure, measure_suggestions


@pytest.mark.timeout(600)  # some two hundred topics are written first
async def test_other_words_find_what_answers_them(cast: Cast) -> None:
    numbers = await fill(cast, *SETS)
    visitor, known = await cast.visitor(), await current_thesaurus()
    for name in SETS:
        for held in (False, True):
            half = [pair for pair in pairs(name) if pair.held is held]
            got = await measure(visitor, numbers, half, known)
            assert got.recall >= 0.85, (name, held, got.recall)
            shown = await measure_suggestions(visitor, numbers, half)
            assert shown.recall >= 0.8, (name, held, shown.recall)
