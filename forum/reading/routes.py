"""Following a topic or a theme, and having read it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.errors import Invalid
from forum.reading.actions import clear_pin, read_up_to, set_notification_level, set_theme_level
from forum.reading.themes import theme_visible_to
from forum.templating import category_path, topic_path
from forum.topics.queries import topic_visible_to
from forum.topics.refused import theme_again, topic_again
from forum.web import done, form_of, id_of, number_in, viewer_of


async def set_level(request: Request) -> Response:
    """Follow a topic more or less closely."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{id_of(request)}", "")
    topic = await topic_visible_to(viewer, id_of(request))
    try:
        level = await set_notification_level(viewer, topic, number_in(form, "level"))
    except Invalid as fault:
        return await topic_again(request, topic.id, fault)
    return done(request, topic_path(topic), level=int(level))


async def set_level_of_theme(request: Request) -> Response:
    """Follow a theme more or less closely."""
    viewer, form = viewer_of(request), await form_of(request)
    theme = theme_visible_to(viewer, id_of(request))
    if not viewer.signed_in:
        return await expired(request, category_path(theme), "")
    try:
        level = await set_theme_level(viewer, theme, number_in(form, "level"))
    except Invalid as fault:
        return await theme_again(request, theme, fault)
    return done(request, category_path(theme), level=int(level))


async def unpin(request: Request) -> Response:
    """Unpin a topic for oneself (`value` 1), or have it pinned again (0)."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{id_of(request)}", "")
    topic = await topic_visible_to(viewer, id_of(request))
    await clear_pin(viewer, topic, number_in(form, "value") == 1)
    return done(request, topic_path(topic))


async def timings(request: Request) -> Response:
    """What the browser has shown long enough to be read."""
    viewer, form = viewer_of(request), await form_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    await read_up_to(viewer, topic, number_in(form, "up_to"))
    return Response(status_code=204)


routes = [
    Route("/c/{id:int}/notification-level", set_level_of_theme, methods=["POST"]),
    Route("/t/{id:int}/notification-level", set_level, methods=["POST"]),
    Route("/t/{id:int}/clear-pin", unpin, methods=["POST"]),
    Route("/t/{id:int}/timings", timings, methods=["POST"]),
]
