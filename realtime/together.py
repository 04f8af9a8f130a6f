"""What many ask for in one turn of the loop, read by one statement.

After a restart thousands come back within seconds, each with a question of their own (where is my channel?).
One by one, what they wait for is the journeys, not the answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")

# Asked for by one read; whoever comes after has the next one.
MOST = 128


class Together(Generic[Key, Answer]):
    """Gathers questions until the loop's next turn.

    Args:
        read: the answers to some of them, by key. It begins after all of these were asked.
    """

    def __init__(self, read: Callable[[Sequence[Key]], Awaitable[Mapping[Key, Answer]]]) -> None:
        self._read = read
        self._asked: dict[Key, asyncio.Future[Answer]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def get(self, key: Key) -> Answer:
        """One answer.

        Raises:
            KeyError: the reading found none. Or what the reading raises.
        """
        answer = self._asked.get(key)
        if answer is None:
            if not self._asked:
                asyncio.get_running_loop().call_soon(self._begin)
            answer = self._asked[key] = asyncio.get_running_loop().create_future()
            if len(self._asked) >= MOST:
                self._begin()
        return await asyncio.shield(answer)

    def _begin(self) -> None:
        asked, self._asked = self._asked, {}
        if asked:
            reading = asyncio.ensure_future(self._answer(asked))
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)

    async def _answer(self, asked: "dict[Key, asyncio.Future[Answer]]") -> None:
        try:
            found = await self._read(tuple(asked))
        except BaseException as error:
            for answer in asked.values():
                answer.set_exception(error)
                # There may be nobody left who waits.
                answer.exception()
            if not isinstance(error, Exception):
                raise
            return
        for key, answer in asked.items():
            if key in found:
                answer.set_result(found[key])
            else:
                answer.set_exception(KeyError(key))
                answer.exception()
