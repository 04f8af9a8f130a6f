"""The page of a tag."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.tags.queries import tag_visible_to
from forum.templating import tag_path
from forum.topics.index import Wish, list_page
from forum.web import viewer_of


async def show(request: Request) -> Response:
    """The topics that carry a tag; another spelling of it leads to the usual one."""
    tag = await tag_visible_to(viewer_of(request), request.path_params["name"])
    if request.path_params["name"] != tag.slug:
        return RedirectResponse(tag_path(tag.name), 301)
    return await list_page(request, Wish("tag", tag=tag))


routes = [Route("/tag/{name}", show, methods=["GET"])]
