"""« Demander à mes pairs »: whom it would reach, and the button."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.accounts.viewer import Viewer
from forum.api.list_shapes import moment
from forum.errors import Conflict, Forbidden, ForumError, TooMany, require
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.peers.actions import ask_peers
from forum.peers.pages import PeersPage
from forum.peers.permissions import is_own_question
from forum.peers.queries import standing_of
from forum.topics.queries import TopicCard, topic_visible_to
from forum.web import JsonResponse, done, id_of, page, viewer_of, wants_json


async def show(request: Request) -> Response:
    """How many organisations and people would be asked, or why it is not possible."""
    return await _page(request, await _own_question(viewer_of(request), id_of(request)))


async def _own_question(viewer: Viewer, topic_id: int) -> TopicCard:
    topic = await topic_visible_to(viewer, topic_id)
    require(is_own_question(viewer, topic), _("Only whoever asks an open question puts it to their peers."))
    return topic


async def _page(request: Request, topic: TopicCard, fault: ForumError | None = None) -> Response:
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    asked = "asked" in request.query_params
    subject = PeersPage(
        topic=topic,
        standing=await standing_of(viewer, topic),
        error=fault.message if fault else "",
        channels=channels,
        flash=_("Your peers are being told.") if asked else None,
    )
    return page(request, "peers/show.html", subject, fault.status if fault else 200)


async def show_json(request: Request) -> Response:
    """The same for programs."""
    viewer = viewer_of(request)
    standing = await standing_of(viewer, await _own_question(viewer, id_of(request)))
    peers, asked = standing.peers, standing.asked
    return JsonResponse(
        {
            "topic_id": id_of(request),
            "state": standing.state,
            "organisation_id": standing.speaks_for.organisation_id if standing.speaks_for else None,
            "organisations": asked.organisations if asked else peers.organisations if peers else 0,
            "people": asked.people if asked else len(peers.people) if peers else 0,
            "asked_at": moment(asked.at) if asked else None,
            "possible_at": moment(standing.possible_at) if standing.possible_at else None,
        }
    )


async def create(request: Request) -> Response:
    """Ask them."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{id_of(request)}/peers", "")
    topic = await _own_question(viewer, id_of(request))
    try:
        people = await ask_peers(viewer, topic)
    except (Conflict, Forbidden, TooMany) as fault:
        if wants_json(request):
            raise
        return await _page(request, await _own_question(viewer, topic.id), fault)
    return done(request, f"/t/{topic.id}/peers?asked", people=people)


routes = [
    Route("/t/{id:int}/peers.json", show_json, methods=["GET"]),
    Route("/t/{id:int}/peers", show, methods=["GET"]),
    Route("/t/{id:int}/peers", create, methods=["POST"]),
]
