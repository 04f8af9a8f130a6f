"""Asking for a field of a sheet, in one click."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.errors import NotFound
from forum.kinds.queries import details_of
from forum.sheets.actions import ask_field
from forum.sheets.kind import SHEET
from forum.templating import topic_path
from forum.topics.queries import topic_visible_to
from forum.web import done, form_of, id_of, site_of, viewer_of


async def ask(request: Request) -> Response:
    """Ask for the field named `field`."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{id_of(request)}", "")
    topic = await topic_visible_to(viewer, id_of(request))
    details = await details_of(topic.kind, topic.id)
    if details is None or details.kind is not SHEET:
        raise NotFound
    await site_of(request).limits.spend("vote", viewer.member_id)
    await ask_field(viewer, topic, details, form.get("field", ""))
    return done(request, f"{topic_path(topic)}#complete")


routes = [Route("/t/{id:int}/field-requests", ask, methods=["POST"])]
