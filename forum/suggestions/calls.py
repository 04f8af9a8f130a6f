"""What a composer asks for over its live connection, while one writes."""

from typing import Any

from forum.calls import Answers, locale_of, number_in, text_in, viewer_of, wish_of, within
from forum.i18n import speaking
from forum.limits import Limits
from forum.suggestions.queries import Draft, similar
from realtime.policies import Identity

MAX_TITLE, MAX_RAW = 400, 2_000
SHOWN = ("kind", "id", "url", "title", "why", "organisation")


def similar_within(limits: Limits) -> Answers:
    """The call, as often as somebody who types needs it: looking for what is close costs more than a page."""
    return within(limits, "similar", tell_similar)


async def tell_similar(who: Identity, data: Any) -> dict[str, Any]:
    """`{title, raw, category_id, seq}`: what is close to it, with its `seq`; what is odd counts as none."""
    wish = wish_of(data)
    draft = Draft(
        text_in(wish, "title", MAX_TITLE), text_in(wish, "raw", MAX_RAW), number_in(wish, "category_id")
    )
    with speaking(locale_of(who)):
        items = await similar(await viewer_of(who), draft)
    shown = [{name: getattr(item, name) for name in SHOWN} for item in items]
    return {"seq": number_in(wish, "seq"), "items": shown}
