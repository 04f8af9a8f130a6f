"""What topics mean, known by the real model in its process."""

from collections.abc import AsyncIterator

import pytest

from forum.meanings.indexing import index_meanings
from forum.meanings.queries import Meanings, use_meanings
from forum.search.indexing import index_all_pending
from tests.cast import Cast


class Knowing:
    """The site that knows meanings, and how far it has read."""

    def __init__(self, meanings: Meanings) -> None:
        self.meanings, self._last = meanings, 0

    async def read(self) -> None:
        """Words, then meanings of all that has changed."""
        await index_all_pending()
        while last := await index_meanings(self.meanings, self._last):
            self._last = last


@pytest.fixture
async def knowing(cast: Cast) -> AsyncIterator[Knowing]:
    """A site whose search knows what is meant."""
    meanings = Meanings()
    use_meanings(meanings)
    yield Knowing(meanings)
    use_meanings(None)
    await meanings.stop()
