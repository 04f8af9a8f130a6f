"""Questions in other words about subjects that nobody had in mind when the search was made."""

import pytest

from forum.search.synonyms import current_thesaurus
from tests.cast import Cast
from tests.meanings.conftest import Knowing
from tests.relevance.base import fill, pairs
from tests.relevance.measure import measure, measure_suggestions


@pytest.mark.timeout(600)  # sixty topics are written and read first
async def test_unseen_subjects_are_answered_within_the_first_five(cast: Cast, knowing: Knowing) -> None:
    numbers, asked = await fill(cast, "fourth.fr"), pairs("fourth.fr")
    await knowing.read()
    visitor = await cast.visitor()
    got = await measure(visitor, numbers, asked, await current_thesaurus())
    assert got.recall >= 0.85, got
    shown = await measure_suggestions(visitor, numbers, asked)
    assert shown.recall >= 0.85, shown
