"""The API's GETs of topics and posts: the pages' own queries, in Discourse's shapes."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts.viewer import Viewer
from forum.api import shapes
from forum.api.neutral import Shape
from forum.api.programs import number_of
from forum.api.queries import (
    CHUNK,
    Roles,
    accepted_of,
    ids_around,
    own_votes,
    participants_of,
    raws_of,
    roles_of,
    stream_of,
)
from forum.errors import NotFound
from forum.kinds.queries import details_of
from forum.moves.queries import place_now
from forum.posts.queries import PostCard, cards_by_id, post_card, post_visible_to
from forum.posts.queries import replies_to as cards_replying
from forum.posts.text import shown_source
from forum.reading.models import NotificationLevel
from forum.reading.queries import read_states
from forum.text import MAX_ID
from forum.topics.permissions import may_edit_topic, may_moderate, may_reply
from forum.topics.queries import TopicCard, current_topic_id, topic_visible_to
from forum.web import JsonResponse, id_of, viewer_of
from realtime.sql import at_once, sql

MAX_ASKED = 200


async def topic(request: Request) -> Response:
    """GET /t/{id}.json, /t/{slug}/{id}.json, /t/{id}/{n}.json: twenty posts, and the stream of all."""
    viewer = viewer_of(request)
    found = await _topic(viewer, id_of(request))
    posts = await _posts(request, found, await ids_around(found.id, _near(request)))
    view = shapes.topic_view(
        found,
        posts,
        await stream_of(found),
        await _mine(viewer, found),
        [shapes.accepted(row) for row in await accepted_of(found)],
    )
    details = await details_of(found.kind, found.id)
    if details is not None:
        view["details"] |= {"fields": dict(details.values), "state": details.state or None}
        view["details"] |= {"links": dict(details.links), **details.shape}
    participants = [shapes.participant(row) for row in await participants_of(found)]
    view["details"]["participants"], view["participant_count"] = participants, len(participants)
    return JsonResponse(view)


async def _topic(viewer: Viewer, topic_id: int) -> TopicCard:
    """The topic; a number from elsewhere leads to the imported one."""
    try:
        return await topic_visible_to(viewer, topic_id)
    except NotFound:
        current = await current_topic_id(topic_id)
        if current is None:
            raise
        return await topic_visible_to(viewer, current)


def _near(request: Request) -> int:
    """The post number that the program wants to read from: in the address, else `post_number`."""
    return request.path_params.get("number") or number_of(request.query_params, "post_number") or 1


async def _posts(request: Request, found: TopicCard, ids: list[int]) -> list[Shape]:
    """Those posts, without the deleted; with their text when `include_raw` asks for it."""
    cards = [card for card in await cards_by_id(found.id, ids) if not card.deleted]
    wants_raw = request.query_params.get("include_raw", "") in ("true", "1")
    raws = await raws_of(card.id for card in cards) if wants_raw else {}
    viewer, others = viewer_of(request), (card for card in cards if card.author.id != viewer_of(request).id)
    shown = {card.id: await shown_source(raws[card.id], found.id) for card in others if card.id in raws}
    return await shaped(viewer, found, cards, raws | shown)


async def shaped(
    viewer: Viewer, found: TopicCard, cards: list[PostCard], raws: dict[int, str]
) -> list[Shape]:
    """Posts of one topic for one viewer. Nobody votes on their own posts, and they know what they are."""
    others = [card for card in cards if card.author.id != viewer.id]
    votes = await own_votes(viewer, (card.id for card in others))
    roles = await roles_of(card.author.id for card in others)
    if viewer.id is not None:
        roles[viewer.id] = Roles(viewer.admin, viewer.moderator)
    return [
        shapes.post(
            card,
            viewer,
            found,
            raw=raws.get(card.id),
            vote=votes.get(card.id, 0),
            role=roles.get(card.author.id, Roles()),
        )
        for card in cards
    ]


async def _mine(viewer: Viewer, found: TopicCard) -> dict[str, Any]:
    states = await read_states(viewer, [(found.id, found.highest_post_number)])
    state = states.get(found.id)
    return {
        "last_read": state.last_read if state and not state.new else None,
        "level": state.level if state else int(NotificationLevel.NORMAL),
        "pin_cleared": bool(state and state.pin_cleared),
        "may_reply": may_reply(viewer, found),
        "may_edit": may_edit_topic(viewer, found),
        "may_moderate": may_moderate(viewer, found),
    }


async def topic_posts(request: Request) -> Response:
    """GET /t/{id}/posts.json?post_ids[]=, or the twenty around `post_number`."""
    viewer = viewer_of(request)
    found = await _topic(viewer, id_of(request))
    asked = request.query_params.getlist("post_ids[]")[:MAX_ASKED]
    ids = (
        [int(text) for text in asked if _is_id(text)] if asked else await ids_around(found.id, _near(request))
    )
    return JsonResponse({"post_stream": {"posts": await _posts(request, found, ids)}, "id": found.id})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


async def post(request: Request) -> Response:
    """GET /posts/{id}.json"""
    return JsonResponse(await post_shape(viewer_of(request), id_of(request)))


async def post_by_number(request: Request) -> Response:
    """GET /posts/by_number/{topic_id}/{number}.json"""
    viewer = viewer_of(request)
    found = await _topic(viewer, id_of(request))
    rows = await sql(
        "SELECT id FROM posts WHERE topic_id = {0} AND post_number = {1} AND deleted_at IS NULL"
        " AND post_type <> 3",
        found.id,
        min(request.path_params["number"], MAX_ID),
    )
    if rows:
        return JsonResponse(await post_shape(viewer, rows[0]["id"]))
    moved = await place_now(viewer, found.id, min(request.path_params["number"], MAX_ID))
    if moved is None:
        raise NotFound
    return JsonResponse(await post_shape(viewer, moved.post_id))


async def post_shape(viewer: Viewer, post_id: int) -> Shape:
    """One post with its text, as far as this viewer may see it.

    Raises:
        NotFound: there is none, it is deleted, or not for this viewer.
    """
    return await at_once(partial(_post_shape, viewer, post_id), brief=True)


async def _post_shape(viewer: Viewer, post_id: int) -> Shape:
    place = await post_visible_to(viewer, post_id)
    card: PostCard | None = await post_card(place.id)
    if card is None or card.deleted:
        raise NotFound
    found = await topic_visible_to(viewer, place.topic_id)
    own = viewer.id == place.author_id
    raw = place.source if own else await shown_source(place.source, place.topic_id)
    return (await shaped(viewer, found, [card], {card.id: raw}))[0]


async def replies(request: Request) -> Response:
    """GET /posts/{id}/replies.json"""
    viewer = viewer_of(request)
    place = await post_visible_to(viewer, id_of(request))
    card = await post_card(place.id)
    if card is None or card.deleted:
        raise NotFound
    found = await topic_visible_to(viewer, place.topic_id)
    return JsonResponse(await shaped(viewer, found, (await cards_replying(card))[:CHUNK], {}))


async def moved(request: Request) -> Response:
    """GET /t/external_id/{id}.json: 301 to the topic that was imported under this number."""
    current_id = await current_topic_id(id_of(request))
    if current_id is None:
        raise NotFound
    found = await topic_visible_to(viewer_of(request), current_id)
    return RedirectResponse(f"/t/{found.slug}/{found.id}.json", 301)
