"""What is near in meaning to a question, whatever its words."""

import asyncio
from collections.abc import Mapping

from forum.accounts.viewer import Viewer
from forum.meanings.process import Away, MeaningProcess
from forum.meanings.wishes import Keep, Nearest, nearness
from realtime.sql import sql

MOST = 100
# Beyond this a page answers by words alone, in seconds.
PATIENCE = 1.0
BATCH = 2_000
# Of a question: some fifty milliseconds of the model. A text says in its beginning what it is about.
OF_QUESTION = 100


class Meanings:
    """The process that knows meanings, and up to which row it has been told."""

    def __init__(self) -> None:
        self.process = MeaningProcess()
        self._told = self._life = 0
        self._telling = asyncio.Lock()

    async def nearest(self, viewer: Viewer, asked: str) -> Mapping[int, float]:
        """How near topics are to a question, of those in themes that the viewer sees; the nearest only.

        The caller still asks the tables what may be seen: a topic may have moved a moment ago.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self.process.start()
                if self.process.busy:
                    return {}
                await self._tell()
                found = await self.process.ask(Nearest(asked[:OF_QUESTION], sorted(viewer.rights.see), MOST))
        except (Away, TimeoutError):
            return {}
        return dict(nearness.decode(found))

    async def _tell(self) -> None:
        """Hand over what has changed since the last question."""
        async with self._telling:
            if self._life != self.process.life:
                self._told, self._life = 0, self.process.life
            while rows := await sql(
                f"""SELECT id, item_id, scope, vector FROM search_meanings WHERE id > {{0}}
                    ORDER BY id LIMIT {BATCH}""",
                self._told,
            ):
                kept = [(row["item_id"], row["scope"], _bytes(row["vector"])) for row in rows]
                await self.process.ask(Keep(kept))
                self._told = rows[-1]["id"]

    async def stop(self) -> None:
        """End the process."""
        await self.process.stop()


def _bytes(vector: bytes | memoryview | None) -> bytes | None:
    return None if vector is None else bytes(vector)


_current: Meanings | None = None


def use_meanings(meanings: Meanings | None) -> None:
    """Whom `nearest_in_meaning` asks from now on; None: nobody."""
    global _current
    _current = meanings


async def nearest_in_meaning(viewer: Viewer, asked: str) -> Mapping[int, float]:
    """How near topics are in meaning, from 0 on; nothing where meanings are not known."""
    return await _current.nearest(viewer, asked) if _current is not None and asked else {}
