"""What was read stays true until something is committed: nobody need read it again before.

After a restart thousands come back within seconds and ask the same things. On SQLite it costs a few
microseconds to learn whether anything has been committed since, by whatever process (`sql.moment`); on
PostgreSQL it would cost a journey as long as the reading itself, so that each asks for itself there, unless
what is being read already will do (`Unchanged.join`).
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar

from realtime.sql import moment

Answer = TypeVar("Answer")


class Unchanged:
    """Answers of the database, kept while nothing is committed. Not for use within a transaction.

    Args:
        most: so many are kept; then all are forgotten.
    """

    def __init__(self, most: int = 2_000) -> None:
        self._most = most
        self._moment: object = None
        self._answers = Answers(None)
        self._under_way: dict[Hashable, asyncio.Future[Any]] = {}

    def now(self) -> "Answers":
        """Those that are true at this moment."""
        now = moment()
        if now != self._moment or len(self._answers) >= self._most:
            self._moment, self._answers = now, Answers(now)
        return self._answers

    async def get(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """One of them: what `ask()` gives now."""
        return await wait_for(self.now().ask(key, ask))

    def join(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> "asyncio.Future[Answer]":
        """One of them, to be waited for by `wait_for`: what is known at this moment, or is being asked.

        What is being asked may have been read shortly before this call. That is enough for what does not
        change, and for what is compared with the rights afterwards; never for the rights themselves.
        """
        answer = self._under_way.get(key)
        if answer is None or answer.done():
            answer = self._under_way[key] = self.now().ask(key, ask)
            answer.add_done_callback(lambda done: self._forget(key, done))
        return answer

    def _forget(self, key: Hashable, done: "asyncio.Future[Any]") -> None:
        if self._under_way.get(key) is done:
            del self._under_way[key]


class Answers(dict[Hashable, "asyncio.Future[Any]"]):
    """What was asked at one moment (`sql.moment`), by whoever came first."""

    def __init__(self, moment: object) -> None:
        super().__init__()
        self.moment = moment

    def ask(self, key: Hashable, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> "asyncio.Future[Answer]":
        """The answer under this key, to be waited for by `wait_for`; one that failed is asked for again.

        Args:
            ask: depends on the database and on the key only.
        """
        known = self.get(key)
        if known is None or (known.done() and (known.cancelled() or known.exception() is not None)):
            known = self[key] = asyncio.ensure_future(ask())
            known.add_done_callback(_noted)
        return known


def _noted(answer: "asyncio.Future[Any]") -> None:
    """Its failure is told to whoever waits for it, if anybody still does."""
    if not answer.cancelled():
        answer.exception()


async def wait_for(answer: "asyncio.Future[Answer]") -> Answer:
    """An answer that others wait for as well: whoever gives up waiting leaves it to them."""
    return answer.result() if answer.done() else await asyncio.shield(answer)
