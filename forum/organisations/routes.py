"""The directory of organisations, and the page of each."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.comparables.queries import comparables_of
from forum.errors import NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.organisations import own_routes
from forum.organisations.activity import TALK, counts_for, kind_names, topics_for, words_of_kind
from forum.organisations.members import colleagues_in, is_verified_in
from forum.organisations.models import OrganisationKind
from forum.organisations.pages import (
    ComparableLine,
    DirectoryPage,
    KindLink,
    OrganisationLine,
    OrganisationPage,
    OrganisationTopicsPage,
    band_name,
)
from forum.organisations.parts import parts_for
from forum.organisations.queries import (
    Found,
    Wanted,
    departments,
    find_organisations,
    group_of,
    organisation_at,
)
from forum.organisations.shapes import organisation_shape
from forum.organisations.words import BANDS, band_words, kind_words
from forum.topics.queries import LIST_SIZE
from forum.web import JsonResponse, number_in, page, site_of, viewer_of


async def index(request: Request) -> Response:
    """The directory: all of it, or what is looked for (`q`, `kind`, `department`, `population`)."""
    channels = await channels_of(viewer_of(request), [])
    wanted = wanted_in(request)
    found = await find_organisations(wanted)
    subject = DirectoryPage(
        lines=[OrganisationLine(organisation) for organisation in found.organisations],
        wanted=wanted,
        kinds=[(kind.value, kind_words(kind)) for kind in OrganisationKind],
        bands=[(band_name(band), band_words(band)) for band in BANDS],
        departments=await departments(),
        next_path=_next(request, found, "/o"),
        channels=channels,
    )
    return page(request, "organisations/index.html", subject)


def wanted_in(request: Request) -> Wanted:
    """What the address looks for; a filter that there is not is passed over."""
    asked = {name: text.replace("\x00", "").strip() for name, text in request.query_params.items()}
    kind, bands = asked.get("kind", ""), {band_name(band): band for band in BANDS}
    return Wanted(
        words=asked.get("q", "")[:200],
        kind=kind if kind in set(OrganisationKind) else "",
        department=asked.get("department", "")[:3],
        band=bands.get(asked.get("population", "")),
        after=asked.get("after", ""),
    )


def _next(request: Request, found: Found, path: str) -> str | None:
    if not found.after:
        return None
    query = {name: text for name, text in request.query_params.items() if text} | {"after": found.after}
    return f"{path}?{urlencode(query)}"


async def index_json(request: Request) -> Response:
    """The directory for programs."""
    found = await find_organisations(wanted_in(request))
    return JsonResponse(
        {
            "organisations": [organisation_shape(organisation) for organisation in found.organisations],
            "load_more_organisations": _next(request, found, "/o.json"),
        }
    )


async def show(request: Request) -> Response:
    """An organisation; the address of one that was merged leads to where it has gone."""
    channels = await channels_of(viewer_of(request), [])
    organisation = await organisation_at(request.path_params["slug"])
    if organisation.slug != request.path_params["slug"]:
        return RedirectResponse(organisation.path, 301)
    viewer = viewer_of(request)
    subject = OrganisationPage(
        organisation=organisation,
        group=await group_of(organisation),
        colleagues=await colleagues_in(organisation.id),
        vouches=await is_verified_in(viewer, organisation.id),
        comparables=[
            ComparableLine(near.organisation, near.closeness.km, near.closeness.reason)
            for near in await comparables_of(organisation.id)
        ],
        channels=channels,
        parts=await parts_for(site_of(request).templates, viewer, organisation),
        flash=_("Thank you: your word counts.") if "vouched" in request.query_params else None,
    )
    return page(request, "organisations/show.html", subject)


async def topics(request: Request) -> Response:
    """All topics of one kind (`kind`) that were opened for an organisation, thirty at a time (`before`)."""
    viewer, organisation = viewer_of(request), await organisation_at(request.path_params["slug"])
    channels = await channels_of(viewer, [])
    wish, names = request.query_params.get("kind", TALK), kind_names()
    if organisation.slug != request.path_params["slug"]:
        return RedirectResponse(f"{organisation.path}/topics?{urlencode({'kind': wish})}", 301)
    if wish not in names:
        raise NotFound
    before = number_in(request.query_params, "before") if "before" in request.query_params else None
    found = await topics_for(viewer, organisation.id, wish, before)
    path, there = f"{organisation.path}/topics", await counts_for(viewer, organisation.id)
    subject = OrganisationTopicsPage(
        organisation=organisation,
        words=words_of_kind(wish),
        topics=found,
        kinds=[
            KindLink(words_of_kind(name), f"{path}?kind={name}", name == wish)
            for name in names
            if name in there
        ],
        next_path=f"{path}?kind={wish}&before={found[-1].id}" if len(found) == LIST_SIZE else None,
        channels=channels,
    )
    return page(request, "organisations/topics.html", subject)


async def show_json(request: Request) -> Response:
    """An organisation for programs, with how many topics of each kind the viewer may see of it."""
    organisation = await organisation_at(request.path_params["slug"])
    topics = await counts_for(viewer_of(request), organisation.id)
    return JsonResponse({"organisation": organisation_shape(organisation) | {"topics": topics}})


async def comparables_json(request: Request) -> Response:
    """The comparable organisations for programs, the nearest first."""
    organisation = await organisation_at(request.path_params["slug"])
    near = [
        organisation_shape(found.organisation)
        | {
            "closeness": round(found.closeness.value, 3),
            "distance_km": None if found.closeness.km is None else round(found.closeness.km, 1),
            "reason": found.closeness.reason,
        }
        for found in await comparables_of(organisation.id)
    ]
    return JsonResponse({"comparables": near})


routes = [
    Route("/o", index, methods=["GET"]),
    Route("/o.json", index_json, methods=["GET"]),
    Route("/o/{slug}/comparables.json", comparables_json, methods=["GET"]),
    Route("/o/{slug}/topics", topics, methods=["GET"]),
    Route("/o/{slug}.json", show_json, methods=["GET"]),
    Route("/o/{slug}", show, methods=["GET"]),
    *own_routes.routes,
]
