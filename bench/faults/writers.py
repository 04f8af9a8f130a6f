"""Writers: they post, keep what they were answered, and try again with the same key until they are."""

import asyncio
import random
from collections.abc import Sequence
from time import monotonic

from bench.faults.calls import Answer, Caller, Unanswered
from bench.faults.journal import Journal

OP_SECONDS = 180.0
AGAIN_SECONDS = 0.05
ECHOES = 0.02
WORDS = "Chez nous, la cantine sert soixante repas ; voici comment nous faisons. "


class Writer:
    """One of them.

    Args:
        name: in the journal, and in its ops.
        headers: how the site knows it.
        topics: it replies in one of these, at random.
        pause: seconds between two writes, on average.
        size: characters of a reply, about.
        heed: whether it waits as long as `Retry-After` says.
        echoes: the share of acknowledged writes that are sent once more, as a retry that crossed its answer.
    """

    def __init__(
        self,
        name: str,
        address: str,
        headers: dict[str, str],
        topics: Sequence[int],
        journal: Journal,
        pause: float = 0.05,
        size: int = 60,
        heed: bool = False,
        echoes: float = ECHOES,
    ) -> None:
        self.name, self.topics, self.journal = name, topics, journal
        self.pause, self.size, self.heed, self.echoes = pause, size, heed, echoes
        self.caller = Caller(address, headers)
        self.acknowledged = self.refusals = 0
        self.last_refusal = "nothing"
        self.stopping = False
        self.op = ""
        self._random = random.Random(name)

    @property
    def flying(self) -> bool:
        """Whether a write of its is on the wire at this moment."""
        return self.caller.on_wire

    async def run(self) -> None:
        """Write until told to stop, and until the last write is acknowledged."""
        try:
            number = 0
            while not self.stopping:
                number += 1
                await self._write_once(f"{self.name}-{number}")
                await asyncio.sleep(self._random.uniform(0, 2 * self.pause))
        finally:
            self.caller.close()

    async def _write_once(self, op: str) -> None:
        topic = self._random.choice(self.topics)
        await self._write(op, topic)
        if self._random.random() < self.echoes:
            await self._write(op, topic)

    async def _write(self, op: str, topic: int) -> None:
        self.op = op
        raw = WORDS * (self.size // len(WORDS)) + f"Suite de {self.name}. op:{op}"
        fields = {"topic_id": topic, "raw": raw}
        await self.journal.keep("sent", self.name, op=op, topic=topic)
        given_up = monotonic() + OP_SECONDS
        while not await self._try(op, fields):
            if monotonic() > given_up:
                raise TimeoutError(f"op {op} was not acknowledged within {OP_SECONDS:g} s")
            await self.journal.keep("again", self.name, op=op)

    async def _try(self, op: str, fields: dict[str, object]) -> bool:
        """Send it once; whether it is acknowledged."""
        began = monotonic()
        try:
            answer = await self.caller.request(
                "POST", "/posts.json", fields, headers=f"Idempotency-Key: {op}\r\n"
            )
        except Unanswered as error:
            self.journal.note("unanswered", self.name, op=op, error=str(error))
            await asyncio.sleep(self._random.uniform(0, 2 * AGAIN_SECONDS))
            return False
        if answer.status == 200:
            post = answer.json()
            self.acknowledged += 1
            await self.journal.keep(
                "acknowledged", self.name, op=op, post=post["id"], number=post["post_number"],
                seconds=monotonic() - began,
            )  # fmt: skip
            return True
        await self._refused(op, answer, monotonic() - began)
        return False

    async def _refused(self, op: str, answer: Answer, seconds: float) -> None:
        self.refusals += 1
        self.last_refusal = f"{answer.status} {answer.body.decode(errors='replace')[:60]}"
        wait = answer.headers.get("retry-after", "")
        self.journal.note(
            "refused", self.name, op=op, status=answer.status, seconds=seconds, retry_after=wait,
            words=answer.body.decode(errors="replace")[:200],
        )  # fmt: skip
        await asyncio.sleep(float(wait) if wait and self.heed else self._random.uniform(0, 4 * AGAIN_SECONDS))
