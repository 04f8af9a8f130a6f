"""The API's GETs of what lies behind a post: the posts that it answers, and its earlier texts."""

from starlette.requests import Request
from starlette.responses import Response

from forum.api import shapes
from forum.api.queries import ids_above
from forum.api.reading import shaped
from forum.errors import NotFound
from forum.posts.history import revisions_of
from forum.posts.queries import PostAt, cards_by_id, post_visible_to
from forum.topics.queries import topic_visible_to
from forum.web import JsonResponse, id_of, viewer_of


async def reply_history(request: Request) -> Response:
    """GET /posts/{id}/reply-history.json: what the post answers, and what that answers, the oldest first."""
    viewer, place = viewer_of(request), await _shown(request)
    found = await topic_visible_to(viewer, place.topic_id)
    cards = await cards_by_id(found.id, await ids_above(place.topic_id, place.id))
    return JsonResponse(await shaped(viewer, found, [card for card in cards if not card.deleted], {}))


async def revision(request: Request) -> Response:
    """GET /posts/{id}/revisions/{n}.json: what version n (2 the first edit) changed from the one before."""
    place = await _shown(request)
    revisions = {one.version: one for one in await revisions_of(place)}
    number = request.path_params["number"]
    if number < 2 or number not in revisions:
        raise NotFound
    return JsonResponse(shapes.revision(place, revisions[number], last=max(revisions)))


async def _shown(request: Request) -> PostAt:
    """The post of the address; a deleted one is in no answer of the API."""
    place = await post_visible_to(viewer_of(request), id_of(request))
    if place.deleted:
        raise NotFound
    return place
