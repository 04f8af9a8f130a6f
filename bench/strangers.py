"""`python -m bench.strangers [N]`: does the time of a sign-in tell whether there is a member of that name?

N wrong passwords (500 unless told) for a member and as many for nobody, in turn, and as many wishes for
another password, on a database of their own. The processor's time, which other programs hardly lengthen;
compared by ranks (Mann–Whitney): a p below 0.01 means that somebody who asks that often learns something.
"""

import asyncio
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bench.report import say
from forum.accounts.actions import create_user, member_with_password
from forum.accounts.passwords import hash_password
from forum.config import read_config
from forum.credentials.actions import ask_for_reset
from forum.database import close_database, migrate, open_database
from forum.errors import Invalid

MEMBER, NOBODY = "bob@example.org", "nil@example.org"
Ask = Callable[[str], Awaitable[object]]


async def _sign_in(login: str) -> None:
    with suppress(Invalid):
        await member_with_password(login, "a wrong password")


async def _forget(address: str) -> None:
    await ask_for_reset(address, "https://relais.example.org")


async def times(ask: Ask, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the processor for the member and for nobody, each first in turn."""
    found: dict[str, list[float]] = {MEMBER: [], NOBODY: []}
    for n in range(count):
        for who in (MEMBER, NOBODY) if n % 2 else (NOBODY, MEMBER):
            started = time.process_time()
            await ask(who)
            found[who].append(1000 * (time.process_time() - started))
    return found[MEMBER], found[NOBODY]


def chance(first: list[float], second: list[float]) -> float:
    """The p of Mann and Whitney, by the normal approximation: how likely chance alone differs as much."""
    ranked = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    rank = sum(n + 1 for n, (_value, which) in enumerate(ranked) if which == 0)
    a, b = len(first), len(second)
    u = rank - a * (a + 1) / 2
    z = (u - a * b / 2) / math.sqrt(a * b * (a + b + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


async def main(count: int) -> None:
    """Both, one line each."""
    with tempfile.TemporaryDirectory() as folder:
        config = read_config({"RELAIS_DATA": folder, "RELAIS_ENV": os.devnull})
        await migrate(config.database_url)
        await open_database(config.database_url)
        try:
            await create_user("bob", MEMBER, await hash_password("three clerks and a baton"), name="Bob")
            for name, ask in (("sign-in", _sign_in), ("another password", _forget)):
                await times(ask, 5)
                member, nobody = await times(ask, count)
                say(
                    f"{name}: {statistics.median(member):.2f} ms of the processor for a member, "
                    f"{statistics.median(nobody):.2f} ms for nobody, n = {count} each, "
                    f"p = {chance(member, nobody):.2f}"
                )
        finally:
            await close_database()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
