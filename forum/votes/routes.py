"""Voting."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.posts.queries import post_visible_to
from forum.votes.actions import set_vote
from forum.web import done, form_of, id_of, number_in, site_of, viewer_of


async def create(request: Request) -> Response:
    """Set the viewer's vote on a post (`value` +1, −1 or 0)."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/p/{id_of(request)}", "")
    post = await post_visible_to(viewer, id_of(request))
    place = f"/t/{post.topic_slug}/{post.topic_id}/{post.number}"
    await site_of(request).limits.spend("vote", viewer.member_id)
    value = number_in(form, "value")
    score = await set_vote(viewer, post, value)
    return done(request, place, post_id=post.id, score=score, vote=value)


routes = [Route("/posts/{id:int}/vote", create, methods=["POST"])]
