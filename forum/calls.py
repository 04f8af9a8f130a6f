"""What a page asks for over its live connection while one types: by whom, how often, in which language."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

from forum.accounts.queries import a_visitor, viewer_of_id
from forum.accounts.viewer import Viewer
from forum.limits import Limits
from forum.live import Variant
from forum.text import MAX_ID
from realtime.policies import Identity
from realtime.protocol import codes
from realtime.protocol.codes import ErrorReply

Answers = Callable[[Identity, Any], Awaitable[dict[str, Any]]]


def within(limits: Limits, rate: str, tell: Answers) -> Answers:
    """A call, as often as its rate allows to a member, or to an address of visitors; then error 111."""

    async def answer(who: Identity, data: Any) -> dict[str, Any]:
        if not await limits.allows(rate, who.user or who.address):
            raise ErrorReply(*codes.TOO_MANY_REQUESTS)
        return await tell(who, data)

    return answer


def locale_of(who: Identity) -> str:
    """The language of a connection, fixed when it was made."""
    locale, _patches = cast(Variant, who.variant)
    return locale


async def viewer_of(who: Identity) -> Viewer:
    """Who asks, with the rights of this moment; a visitor once the account is no more."""
    locale = locale_of(who)
    viewer = await viewer_of_id(int(who.user), locale) if who.user else None
    return viewer or await a_visitor(locale)


def wish_of(data: Any) -> Mapping[str, Any]:
    """What was sent; what is odd counts as nothing."""
    return data if isinstance(data, dict) else {}


def text_in(wish: Mapping[str, Any], name: str, most: int) -> str:
    """A text of a wish, cut where it is too long."""
    value = wish.get(name)
    return value[:most].replace("\x00", " ") if isinstance(value, str) else ""


def number_in(wish: Mapping[str, Any], name: str) -> int | None:
    """A number of a wish that an id may be."""
    value = wish.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ID else None
