"""Metrics for Prometheus: to this machine, or to a key of all users; to others there is no such address."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.api.keys import opens_everything
from forum.errors import NotFound
from forum.metrics.queries import site_state
from forum.security import from_this_machine
from forum.web import site_of

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def show(request: Request) -> Response:
    """The figures of all workers, whichever answers; the others' are five seconds old at the most."""
    if not (from_this_machine(request.scope, request.headers) or await _has_key(request)):
        raise NotFound
    from forum.metrics.exposition import exposition  # its library is for those sites that are measured

    body = exposition(site_of(request).hub.counts.all(), await site_state())
    return Response(body, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})


async def _has_key(request: Request) -> bool:
    """`Api-Key: …`, or as Prometheus sends it by itself: `Authorization: Bearer …`."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    key = request.headers.get("api-key") or (token if scheme.lower() == "bearer" else "")
    return bool(key) and await opens_everything(key)


routes = [Route("/metrics", show, methods=["GET"])]
