"""Accepting answers."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.answers.actions import accept_answer, unaccept_answer
from forum.posts.queries import post_visible_to
from forum.web import done, form_of, id_of, number_in, viewer_of


async def create(request: Request) -> Response:
    """Accept (`value` 1) a post as an answer, or take the mark away (0)."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/p/{id_of(request)}", "")
    post = await post_visible_to(viewer, id_of(request))
    place = f"/t/{post.topic_slug}/{post.topic_id}/{post.number}"
    accepted = number_in(form, "value", 1) == 1
    await (accept_answer if accepted else unaccept_answer)(viewer, post)
    return done(request, place, post_id=post.id, accepted=accepted)


routes = [Route("/posts/{id:int}/accepted", create, methods=["POST"])]
