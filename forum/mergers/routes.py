"""The page on which an administrator merges two organisations: to whoever is none there is no such page."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.viewer import Viewer
from forum.administration.permissions import may_administer
from forum.errors import Conflict, Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.mergers.actions import merge_organisations
from forum.mergers.pages import Choice, MergePage
from forum.mergers.queries import merge_of, organisation_numbered, organisations_named, what_moves
from forum.organisations.pages import OrganisationLine
from forum.organisations.queries import OrganisationCard
from forum.web import chosen_in, form_of, page, viewer_of

PATH = "/admin/organisations"


def _administrator(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    return viewer


async def show(request: Request) -> Response:
    """Look for both (`absorbed_q`, `kept_q`), choose them (`absorbed`, `kept`), see what would move."""
    _administrator(request)
    return await _page(request, request.query_params, flash=await _flash(request))


async def _flash(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    merge = await merge_of(_number(request.query_params.get("merged", "")))
    if merge is None:
        return None
    told = _("%(name)s has been merged into %(kept)s: its address leads there.")
    return told % {"name": merge.absorbed, "kept": merge.kept}


async def _page(
    request: Request,
    typed: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    flash: str | None = None,
) -> Response:
    faults = dict(errors or {})
    channels = await channels_of(viewer_of(request), [])
    absorbed = await _choice("absorbed", _("The organisation that goes"), typed, faults)
    kept = await _choice("kept", _("The organisation in which it goes"), typed, faults)
    both = _both(absorbed, kept)
    subject = MergePage(
        absorbed=absorbed,
        kept=kept,
        moving=await what_moves(*both) if both else [],
        reason=typed.get("reason", ""),
        errors=faults,
        channels=channels,
        flash=flash,
    )
    return page(request, "mergers/new.html", subject, status)


async def _choice(name: str, label: str, typed: Mapping[str, str], faults: Mapping[str, str]) -> Choice:
    """What was looked for; a name that only one has is chosen."""
    query = typed.get(f"{name}_q", "").replace("\x00", "").strip()[:200]
    found = await organisations_named(query)
    wish = await organisation_numbered(_number(typed.get(name, "")))
    chosen = wish or (found[0] if len(found) == 1 else None)
    return Choice(
        name,
        label,
        query,
        [OrganisationLine(one) for one in found],
        OrganisationLine(chosen) if chosen else None,
        faults.get(name, ""),
    )


def _both(absorbed: Choice, kept: Choice) -> tuple[OrganisationCard, OrganisationCard] | None:
    """Two organisations that are chosen and not one and the same."""
    if absorbed.chosen is None or kept.chosen is None or absorbed.chosen == kept.chosen:
        return None
    return absorbed.chosen.organisation, kept.chosen.organisation


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else None


async def create(request: Request) -> Response:
    """Merge them; what is refused is shown again with what was chosen and typed."""
    viewer, form = _administrator(request), await form_of(request)
    try:
        absorbed, kept = chosen_in(form, "absorbed"), chosen_in(form, "kept")
        done = await merge_organisations(viewer, absorbed, kept, form.get("reason", ""))
    except (Invalid, Conflict) as fault:
        return await _page(request, form, fault.fields, fault.status)
    return RedirectResponse(f"{PATH}?merged={done.absorbed_id}", 303)


routes = [
    Route(PATH, show, methods=["GET"]),
    Route(f"{PATH}/merges", create, methods=["POST"]),
]
