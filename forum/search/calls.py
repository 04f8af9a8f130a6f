"""What a search field asks for over its page's live connection, while one types."""

from typing import Any

from msgspec.structs import asdict

from forum.calls import Answers, locale_of, number_in, text_in, viewer_of, wish_of, within
from forum.i18n import speaking
from forum.limits import Limits
from forum.search.asked import MAX_QUESTION
from forum.search.glimpses import glimpses
from realtime.policies import Identity


def found_within(limits: Limits) -> Answers:
    """The call, as often as somebody who types needs it."""
    return within(limits, "search_typing", tell_found)


async def tell_found(who: Identity, data: Any) -> dict[str, Any]:
    """`{q, seq}`: what is found so far, with its `seq`; what is odd counts as nothing typed."""
    wish = wish_of(data)
    with speaking(locale_of(who)):
        items = await glimpses(await viewer_of(who), text_in(wish, "q", MAX_QUESTION))
    return {"seq": number_in(wish, "seq"), "items": [asdict(item) for item in items]}
