"""The end of an experiment for listeners: every chance to catch up, then the note that they had it."""

from collections.abc import Callable, Collection, Sequence
from time import monotonic

from bench.faults.journal import Journal
from bench.faults.listeners import Listener
from bench.faults.stored import read_heads
from bench.faults.waiting import until

# As long as anybody still comes nearer, they are on their way and not stuck: this machine may be slow.
STUCK_SECONDS = 20.0
MOST_SECONDS = 300.0


async def come_to_rest(
    listeners: Sequence[Listener],
    url: str,
    journal: Journal,
    barred: Collection[tuple[str, str]] = (),
) -> None:
    """Wait until they stand where their channels do, or come no nearer, and note it either way.

    Args:
        barred: (listener, channel) of those that have nothing to wait for.
    """
    heads = await read_heads(url)

    def there(listener: Listener) -> bool:
        return listener.forbidden or (
            listener.settled
            and all(
                at.offset >= heads.get(channel, 0) if (at := listener.positions.get(channel)) else False
                for channel in (*listener.channels, *listener.server_side)
                if (listener.name, channel) not in barred
            )
        )

    await _until_there_or_stuck(listeners, lambda: all(map(there, listeners)))
    for listener in listeners:
        for channel in (*listener.channels, *listener.server_side):
            if (listener.name, channel) not in barred:
                journal.note("rest", listener.name, channel=channel)


async def _until_there_or_stuck(listeners: Sequence[Listener], all_there: Callable[[], bool]) -> None:
    began = monotonic()
    while monotonic() - began < MOST_SECONDS:
        standing = [dict(listener.positions) for listener in listeners]
        try:
            await until(all_there, STUCK_SECONDS)
            return
        except TimeoutError:
            if [listener.positions for listener in listeners] == standing:
                return
