"""What tests of the log need: facts told, their numbers, and whether a channel is whole."""

from datetime import datetime

from realtime import log
from realtime.sql import sql


async def tell(channel: str, count: int = 1, at: datetime | None = None) -> None:
    """Tell so many facts in a channel, all at once; as if the clock had said `at`.

    They are of a kind that no page shows, so that a site has nothing to read for them.
    """
    async with log.transaction() as record:
        for n in range(count):
            record(channel, "told", n=n)
    if at is not None:
        last = (await log.head(channel)).offset
        await sql(
            "UPDATE live_events SET created_at = {2} WHERE channel = {0} AND number > {1}",
            channel,
            last - count,
            at,
        )


async def numbers(channel: str) -> list[int]:
    """The numbers of the events that are kept."""
    return [event.offset for event in await log.after(channel, 0, 100_000)]


async def kept(channel: str) -> list[int]:
    """The same, having seen that they are all that the channel says it has."""
    head, found = await log.head(channel), await numbers(channel)
    assert found == list(range(head.trimmed_to + 1, head.offset + 1)), f"{channel} has a hole: {found}"
    return found
