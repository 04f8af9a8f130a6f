"""Posts and topics deleted: one's own at once, somebody else's with a reason that its author reads."""

from collections.abc import Awaitable, Callable

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.errors import Conflict, Invalid, require
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.posts.actions import delete_post
from forum.posts.queries import post_visible_to
from forum.reviewables.actions import remove_post, remove_topic
from forum.reviewables.permissions import may_remove_post, may_remove_topic
from forum.templating import post_path, topic_path
from forum.topics.actions import delete_topic
from forum.topics.queries import topic_visible_to
from forum.web import LiveChannel, done, form_of, id_of, page, viewer_of, wants_json


class RemovalPage(Struct, frozen=True):
    """What is to be deleted, the reason as it was typed, and what is wrong with it."""

    title: str
    address: str
    back: str
    reason: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


async def ask_about_post(request: Request) -> Response:
    """The form to delete a reply of somebody else's."""
    viewer = viewer_of(request)
    post = await post_visible_to(viewer, id_of(request))
    require(may_remove_post(viewer, post))
    return await _page(request, _("Delete post no. %(n)s") % {"n": post.number}, post_path(post))


async def destroy_post(request: Request) -> Response:
    """Delete a reply; one's own at once."""
    viewer = viewer_of(request)
    post = await post_visible_to(viewer, id_of(request))
    if viewer.id == post.author_id:
        await delete_post(viewer, post)
        return done(request, post_path(post))
    title = _("Delete post no. %(n)s") % {"n": post.number}
    return await _remove(
        request, title, post_path(post), post_path(post), lambda reason: remove_post(viewer, post, reason)
    )


async def ask_about_topic(request: Request) -> Response:
    """The form to delete a topic of somebody else's."""
    viewer = viewer_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    require(may_remove_topic(viewer, topic))
    return await _page(request, _("Delete “%(title)s”") % {"title": topic.title}, topic_path(topic))


async def destroy_topic(request: Request) -> Response:
    """Delete a topic; one's own at once."""
    viewer = viewer_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    if viewer.id == topic.author_id:
        await delete_topic(viewer, topic)
        return done(request, "/")
    title = _("Delete “%(title)s”") % {"title": topic.title}
    return await _remove(
        request, title, topic_path(topic), "/", lambda reason: remove_topic(viewer, topic, reason)
    )


async def _remove(
    request: Request, title: str, back: str, after: str, remove: Callable[[str], Awaitable[None]]
) -> Response:
    reason = (await form_of(request)).get("reason", "")
    try:
        await remove(reason)
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"form": fault.message}
        return await _page(request, title, back, reason, errors, fault.status)
    return done(request, after)


async def _page(
    request: Request,
    title: str,
    back: str,
    reason: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    channels = await channels_of(viewer_of(request), [])
    subject = RemovalPage(title, request.url.path, back, reason, errors or {}, channels)
    return page(request, "removals/new.html", subject, status)


routes = [
    Route("/posts/{id:int}/deletion", ask_about_post, methods=["GET"]),
    Route("/posts/{id:int}/deletion", destroy_post, methods=["POST"]),
    Route("/t/{id:int}/deletion", ask_about_topic, methods=["GET"]),
    Route("/t/{id:int}/deletion", destroy_topic, methods=["POST"]),
]
