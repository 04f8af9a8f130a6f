"""« We did it too »: who took something up, and the form to say so for one's organisation."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.accounts.viewer import Viewer
from forum.channels import topic_channel
from forum.errors import Conflict, Forbidden, ForumError, Invalid
from forum.i18n import gettext as _
from forum.kinds.fields import typed_as
from forum.live_positions import channels_of
from forum.organisations.members import Membership, memberships_of
from forum.organisations.queries import organisation_at
from forum.reuses.actions import declare_reuse, not_verified, withdraw_reuse
from forum.reuses.fields import NAMES
from forum.reuses.pages import ReusesPage, TakenUpPage
from forum.reuses.permissions import may_change
from forum.reuses.queries import (
    LIST_SIZE,
    Item,
    ReuseCard,
    as_tree,
    count_reuses_by,
    descends_from,
    item_visible_to,
    reuses_by,
    reuses_of,
)
from forum.reuses.shapes import reuse_shape
from forum.web import JsonResponse, done, form_of, id_of, number_in, page, site_of, viewer_of, wants_json


async def index(request: Request) -> Response:
    """Who took it up, from whom; and the form, as far as it has been filled in."""
    return await _page(request, request.query_params.get("organisation", ""))


async def _page(
    request: Request,
    organisation: str,
    typed: Mapping[str, str] | None = None,
    fault: ForumError | None = None,
) -> Response:
    """The page; with `typed`, the form as it was sent, and what is wrong with it."""
    viewer = viewer_of(request)
    item = await item_visible_to(viewer, id_of(request))
    channels = await channels_of(viewer, [topic_channel(item.topic_id)])
    records = await reuses_of(item.post_id)
    organisations = await _spoken_for(viewer) if viewer.signed_in else []
    chosen = _chosen(organisations, organisation)
    own = next((one for one in records if chosen and one.organisation_id == chosen.organisation_id), None)
    subject = ReusesPage(
        item=item,
        sources=_sources(records, own),
        roots=as_tree(records),
        organisations=organisations,
        chosen=chosen,
        own=own,
        may_write=may_change(viewer, item),
        typed=_typed(own) if typed is None else typed,
        version=own.version if own else 0,
        errors=_errors(fault),
        channels=channels,
        flash=_flash(request),
    )
    return page(request, "reuses/index.html", subject, fault.status if fault else 200)


async def _spoken_for(viewer: Viewer) -> list[Membership]:
    return [one for one in await memberships_of(viewer) if one.verified]


def _chosen(organisations: list[Membership], wanted: str) -> Membership | None:
    """The organisation that the form is about: the wanted one, else the one that the viewer signs with."""
    named = [one for one in organisations if str(one.organisation_id) == wanted]
    return next(iter(named or organisations), None)


def _sources(records: list[ReuseCard], own: ReuseCard | None) -> list[ReuseCard]:
    """The records from which this one may come: not itself, not those that come from it."""
    links = {one.id: one.taken_from_id for one in records}
    return [one for one in records if own is None or not descends_from(links, one.id, own.id)]


def _typed(own: ReuseCard | None) -> Mapping[str, str]:
    if own is None:
        return {}
    return {name: typed_as(own.values[name]) for name in NAMES} | {"taken_from": typed_as(own.taken_from_id)}


def _errors(fault: ForumError | None) -> Mapping[str, str]:
    if fault is None:
        return {}
    return fault.fields or {"organisation_id": fault.message}


def _flash(request: Request) -> str | None:
    told = {
        "saved": _("Thank you: your organisation’s reuse is written down."),
        "withdrawn": _("Your organisation’s reuse is withdrawn."),
    }
    return next((words for name, words in told.items() if name in request.query_params), None)


async def create(request: Request) -> Response:
    """Write the record of the organisation `organisation_id`; what does not do is shown again as typed."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/posts/{id_of(request)}/reuses", "")
    item = await item_visible_to(viewer, id_of(request))
    await site_of(request).limits.spend("vote", viewer.member_id)
    try:
        await declare_reuse(viewer, item, _organisation(form), form, number_in(form, "version", 0))
    except (Invalid, Conflict, Forbidden) as fault:
        if wants_json(request):
            raise
        return await _page(request, form.get("organisation_id", ""), form, fault)
    return done(request, f"/posts/{item.post_id}/reuses?organisation={_organisation(form)}&saved")


def _organisation(form: Mapping[str, str]) -> int:
    """The organisation that a form names.

    Raises:
        Forbidden: none: the member has none to speak for.
    """
    if not form.get("organisation_id"):
        raise Forbidden(not_verified())
    return number_in(form, "organisation_id")


async def withdraw(request: Request) -> Response:
    """Take the record of the organisation `organisation_id` away."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/posts/{id_of(request)}/reuses", "")
    item = await item_visible_to(viewer, id_of(request))
    await withdraw_reuse(viewer, item, _organisation(form))
    there = f"/posts/{item.post_id}/reuses?withdrawn" if item.offered or item.count > 1 else item.path
    return done(request, there)


async def index_json(request: Request) -> Response:
    """The reuses of an item for programs."""
    item: Item = await item_visible_to(viewer_of(request), id_of(request))
    shapes: list[dict[str, Any]] = [reuse_shape(one) for one in await reuses_of(item.post_id)]
    return JsonResponse(
        {"post_id": item.post_id, "reuse_count": len(shapes) if item.offered else 0, "reuses": shapes}
    )


async def taken_up(request: Request) -> Response:
    """All that an organisation took up from others, thirty at a time (`before`)."""
    viewer, organisation = viewer_of(request), await organisation_at(request.path_params["slug"])
    channels = await channels_of(viewer, [])
    path = f"{organisation.path}/reuses"
    if organisation.slug != request.path_params["slug"]:
        return RedirectResponse(path, 301)
    before = number_in(request.query_params, "before") if "before" in request.query_params else None
    found = await reuses_by(viewer, organisation.id, before)
    subject = TakenUpPage(
        organisation=organisation,
        reuses=found,
        count=await count_reuses_by(viewer, organisation.id),
        next_path=f"{path}?before={found[-1].id}" if len(found) == LIST_SIZE else None,
        channels=channels,
    )
    return page(request, "reuses/taken_up.html", subject)


routes = [
    Route("/o/{slug}/reuses", taken_up, methods=["GET"]),
    Route("/posts/{id:int}/reuses.json", index_json, methods=["GET"]),
    Route("/posts/{id:int}/reuses", index, methods=["GET"]),
    Route("/posts/{id:int}/reuses", create, methods=["POST"]),
    Route("/posts/{id:int}/reuses/deletion", withdraw, methods=["POST"]),
]
