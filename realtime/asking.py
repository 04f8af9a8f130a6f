"""What a change of rights does here: connections and subscriptions that are no longer allowed end."""

from typing import TYPE_CHECKING

from realtime import log
from realtime.connection import Connection
from realtime.delivery import unsubscribe
from realtime.policies import MayHear
from realtime.protocol import codes

if TYPE_CHECKING:
    from realtime.hub import Hub


async def right_changed(hub: "Hub", event: log.Event) -> None:
    """Apply one change of rights to whoever it concerns on this worker."""
    match event.kind, event.data:
        case "session.ended", {"session": session}:
            mine = (c for c in hub.connections if c.who.session == session)
            hub.end(mine, *codes.INVALID_TOKEN)
        case "user.stopped", {"user": user}:
            hub.end(hub.connections_of(str(user)), *codes.FORCED)
        case "user.changed", {"user": user}:
            for connection in hub.connections_of(str(user)):
                await _ask_again(hub, connection)
        case "channel.changed", {"name": name}:
            await _ask_about(hub, str(name))
        case _:
            await _ask_about_everything(hub)


async def _ask_again(hub: "Hub", connection: Connection) -> None:
    """Ask who somebody is now, and about each channel that they hear; who is about to join one asks then."""
    await _renew(hub, connection)
    for name in [name for name, subscription in connection.subscriptions.items() if subscription]:
        _keep_if(hub, connection, name, await hub.namespace(name).audience(name))


async def _renew(hub: "Hub", connection: Connection) -> None:
    identity = await hub.policies.renew(connection.who)
    if identity is None:
        connection.end(*codes.FORCED)
    else:
        connection.identity = identity


async def _ask_about(hub: "Hub", name: str) -> None:
    """Ask once who may hear a channel; those who may not, leave."""
    channel = hub.channels.get(name)
    if channel is not None:
        may_hear = await hub.namespace(name).audience(name)
        for subscription in list(channel.subscriptions()):
            _keep_if(hub, subscription.listener, name, may_hear)


async def _ask_about_everything(hub: "Hub") -> None:
    for name in list(hub.channels):
        await _ask_about(hub, name)


async def ask_everyone(hub: "Hub") -> None:
    """Some changes may have been missed: ask who everyone is, and what they may hear."""
    for connection in list(hub.connections):
        await _renew(hub, connection)
    await _ask_about_everything(hub)


def _keep_if(hub: "Hub", connection: Connection, name: str, may_hear: MayHear | None) -> None:
    if connection.subscriptions.get(name) and (may_hear is None or not may_hear(connection.who)):
        unsubscribe(hub, connection, name, *codes.UNSUBSCRIBED)
