"""What people type in other words is answered within the first five."""

from forum.search.synonyms import current_thesaurus
from tests.cast import Cast
from tests.relevance.base import fill, pairs
from tests.relevance.measure import measure


async def test_other_words_find_what_answers_them(cast: Cast) -> None:
    numbers = await fill(cast, "fr", "en")
    visitor, known = await cast.visitor(), await current_thesaurus()
    for language in ("fr", "en"):
        asked = pairs(language)
        for held in (False, True):
            half = [pair for pair in asked if pair.held is held]
            got = await measure(visitor, numbers, half, known)
            assert got.recall >= 0.85, (language, held, got.recall)
