"""The end of an experiment for listeners: every chance to catch up, then the note that they had it."""

from collections.abc import Collection, Sequence
from contextlib import suppress

from bench.faults.journal import Journal
from bench.faults.listeners import Listener
from bench.faults.stored import read_heads
from bench.faults.waiting import until

REST_SECONDS = 20.0


async def come_to_rest(
    listeners: Sequence[Listener],
    url: str,
    journal: Journal,
    barred: Collection[tuple[str, str]] = (),
) -> None:
    """Wait until they stand where their channels do, for so long at the most, and note it either way.

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

    with suppress(TimeoutError):
        await until(lambda: all(map(there, listeners)), REST_SECONDS)
    for listener in listeners:
        for channel in (*listener.channels, *listener.server_side):
            if (listener.name, channel) not in barred:
                journal.note("rest", listener.name, channel=channel)
