"""What a composer asks for over its live connection, while one writes."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from forum.accounts.queries import a_visitor, viewer_of_id
from forum.i18n import speaking
from forum.limits import Limits
from forum.live import Variant
from forum.suggestions.queries import Draft, similar
from forum.text import MAX_ID
from realtime.policies import Identity
from realtime.protocol import codes
from realtime.protocol.codes import ErrorReply

Answers = Callable[[Identity, Any], Awaitable[dict[str, Any]]]
MAX_TITLE, MAX_RAW = 400, 2_000
SHOWN = ("kind", "id", "url", "title", "why", "organisation")


def similar_within(limits: Limits) -> Answers:
    """The call, as often as somebody who types needs it: looking for what is close costs more than a page."""

    async def answer(who: Identity, data: Any) -> dict[str, Any]:
        if not await limits.allows("similar", who.user or who.address):
            raise ErrorReply(*codes.TOO_MANY_REQUESTS)
        return await tell_similar(who, data)

    return answer


async def tell_similar(who: Identity, data: Any) -> dict[str, Any]:
    """`{title, raw, category_id, seq}`: what is close to it, with its `seq`; what is odd counts as none."""
    wish = data if isinstance(data, dict) else {}
    locale, _patches = cast(Variant, who.variant)
    viewer = await viewer_of_id(int(who.user), locale) if who.user else None
    draft = Draft(_text(wish, "title", MAX_TITLE), _text(wish, "raw", MAX_RAW), _number(wish, "category_id"))
    with speaking(locale):
        items = await similar(viewer or await a_visitor(locale), draft)
    shown = [{name: getattr(item, name) for name in SHOWN} for item in items]
    return {"seq": _number(wish, "seq"), "items": shown}


def _text(wish: dict[str, Any], name: str, most: int) -> str:
    value = wish.get(name)
    return value[:most].replace("\x00", " ") if isinstance(value, str) else ""


def _number(wish: dict[str, Any], name: str) -> int | None:
    value = wish.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ID else None
