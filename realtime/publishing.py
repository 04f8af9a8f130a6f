"""What clients and other programs publish themselves, where a namespace allows it."""

from typing import Any

import orjson

from realtime import log

PUBLICATION = "publication"


async def publish(channel: str, data: Any, info: Any = None) -> log.Position:
    """Tell a channel something: kept in its log, then delivered like everything else.

    Args:
        data: JSON values.
        info: who publishes, for `info` in the publication; None to say nothing.

    Returns:
        The publication's position.

    Raises:
        OperationalError: the database refuses.
    """
    fields = {"json": orjson.dumps(data).decode()}
    if info is not None:
        fields["info"] = orjson.dumps(info).decode()
    async with log.transaction() as record:
        record(channel, PUBLICATION, **fields)
    return (await log.positions([channel]))[channel]


def data_of(event: log.Event) -> bytes:
    """A publication's data as it was published; another event as its kind and ids."""
    if event.kind == PUBLICATION:
        return str(event.data["json"]).encode()
    return orjson.dumps({"kind": event.kind, **event.data})
