"""The channels that a page listens to, and where each stood *before* the page's rows were read."""

from collections.abc import Sequence

from forum.accounts.viewer import Viewer
from forum.channels import user_channel
from forum.web import LiveChannel
from realtime import log


async def channels_of(viewer: Viewer, names: Sequence[str]) -> tuple[LiveChannel, ...]:
    """Those channels, and the member's own, each with its position. Call it before any other read."""
    own = [user_channel(viewer.id)] if viewer.id is not None else []
    positions = await log.positions([*names, *own])
    return tuple(
        LiveChannel(name, positions[name].offset, positions[name].epoch, name in own)
        for name in [*names, *own]
    )
