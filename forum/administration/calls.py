"""What an open administration page asks for over its live connection."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from forum.accounts.queries import viewer_of_id
from forum.administration.permissions import may_administer
from forum.administration.state import live_state
from forum.i18n import speaking
from forum.live import Variant, render
from realtime.hub import Hub
from realtime.policies import Identity
from realtime.protocol import codes
from realtime.protocol.codes import ErrorReply


async def tell_live_state(hub: Hub, zone: ZoneInfo, who: Identity) -> dict[str, Any]:
    """The page's figures as HTML, in the connection's language.

    Raises:
        ErrorReply: 104, as for a method that does not exist, for whoever is no administrator now.
    """
    locale, _patches = cast(Variant, who.variant)
    viewer = await viewer_of_id(int(who.user), locale) if who.user else None
    if viewer is None or not may_administer(viewer):
        raise ErrorReply(*codes.METHOD_NOT_FOUND)
    with speaking(locale):
        return {"html": render("administration/_live.html", state=await live_state(hub, zone))}
