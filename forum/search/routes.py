"""The search: a page, and its twins for programs and for what is shown while one types."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.live_positions import channels_of
from forum.search.asked import MAX_QUESTION, ORDERS, PLACES, STATES, Asked, read_question
from forum.search.pages import SearchPage
from forum.search.queries import Results, search
from forum.search.shapes import found
from forum.security import client_network
from forum.synonyms.permissions import may_edit_synonyms
from forum.topics.index import visible_themes
from forum.web import JsonResponse, page, page_number, site_of, viewer_of

# What the form offers, beside the theme.
FORM = {"status": STATES, "in": PLACES, "order": ORDERS}


async def show(request: Request) -> Response:
    """`?q=`, with the form's `category`, `status`, `in` and `order` beside it; `?page=` goes on."""
    viewer, asked = viewer_of(request), _asked(request)
    results = await _search(request, asked)
    number = page_number(request)
    more = f"/search?{urlencode({'q': asked.text, 'page': number + 1})}" if results.more else None
    subject = SearchPage(
        results,
        tuple(visible_themes(viewer)),
        category=asked.category,
        status=next(iter(asked.states), ""),
        where=next(iter(asked.places), ""),
        order=asked.order,
        next_path=more,
        edits_synonyms=may_edit_synonyms(viewer),
        channels=await channels_of(viewer, []),
    )
    return page(request, "search/show.html", subject)


async def show_json(request: Request) -> Response:
    """The same for programs: `?q=` or `?term=`."""
    asked = _asked(request)
    return JsonResponse(found(viewer_of(request), await _search(request, asked)))


async def _search(request: Request, asked: Asked) -> Results:
    viewer, site = viewer_of(request), site_of(request)
    if not asked.empty:
        who = viewer.id or client_network(request, site.config)
        await site.limits.spend("search", who)
    return await search(viewer, asked, page_number(request))


def _asked(request: Request) -> Asked:
    """The question, with what was chosen in the form written into it as its filters."""
    query = request.query_params
    text = (query.get("q") or query.get("term") or "")[:MAX_QUESTION]
    chosen = [f"{name}:{query[name]}" for name, known in FORM.items() if query.get(name) in known]
    if query.get("category", "").isdigit():
        chosen.append(f"category:{query['category']}")
    return read_question(" ".join([text, *chosen]))


routes = [
    Route("/search", show, methods=["GET"]),
    Route("/search.json", show_json, methods=["GET"]),
    Route("/search/query", show_json, methods=["GET"]),
    Route("/search/query.json", show_json, methods=["GET"]),
]
