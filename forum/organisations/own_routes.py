"""The page where members say for which organisations they work, and prove it; and their word for others."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.errors import Invalid, NotFound
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.organisations.actions import (
    change_function,
    confirm_code,
    join_organisation,
    leave_organisation,
    send_code,
    sign_with,
    verify_by_domain,
    vouch_for,
)
from forum.organisations.members import Membership, memberships_of, own_membership
from forum.organisations.pages import MembershipLine, OrganisationLine, OwnOrganisationsPage
from forum.organisations.queries import Wanted, find_organisations
from forum.preferences.routes import browser_member, sign_in_first
from forum.web import chosen_in, done, form_of, id_of, page, site_address, site_of, viewer_of

OWN = "/preferences/organisations"
FOUND = 10


async def own(request: Request) -> Response:
    """Where the viewer works; `q` looks for another organisation to add."""
    if not viewer_of(request).signed_in:
        return sign_in_first(request)
    told = {
        "joined": _("Added. Show that you work there: your posts will say so."),
        "function": _("Your function is saved."),
        "main": _("Your posts are signed so from now on."),
        "left": _("You no longer belong to it."),
        "verified": _("It is verified that you work there, for a year."),
        "sent": _("A code is on its way to the official address: ask whoever reads its mail there for it."),
    }
    return await _page(request, flash=told.get(request.query_params.get("done", "")))


async def _page(
    request: Request,
    *,
    typed: Mapping[str, str] | None = None,
    errors: dict[str, str] | None = None,
    faulty: int = 0,
    flash: str | None = None,
) -> Response:
    """The page; with what was typed and what is wrong, at a new or at the `faulty` organisation."""
    viewer = viewer_of(request)
    channels = await channels_of(viewer, [])
    query = (typed or request.query_params).get("q", "").replace("\x00", "").strip()[:200]
    found = (await find_organisations(Wanted(words=query), FOUND)).organisations if query else []
    told = (typed or {}, errors or {})
    subject = OwnOrganisationsPage(
        lines=[MembershipLine(m, *(told if m.id == faulty else ())) for m in await memberships_of(viewer)],
        query=query,
        found=[OrganisationLine(organisation) for organisation in found],
        function="" if faulty else (typed or {}).get("function", ""),
        chosen=0 if faulty else chosen_in(typed or {}, "organisation_id"),
        errors={} if faulty else errors or {},
        channels=channels,
        flash=flash,
    )
    return page(request, "organisations/own.html", subject, 422 if errors else 200)


async def join(request: Request) -> Response:
    """Belong to an organisation."""
    viewer, form = browser_member(request), await form_of(request)
    try:
        await join_organisation(viewer, chosen_in(form, "organisation_id"), form.get("function", ""))
    except Invalid as fault:
        return await _page(request, typed=form, errors=fault.fields)
    return done(request, f"{OWN}?done=joined")


async def change(request: Request) -> Response:
    """Change the function, sign with it (`do` "main"), or belong to it no more ("leave")."""
    viewer, form = browser_member(request), await form_of(request)

    async def act(membership: Membership) -> str:
        if form.get("do") == "leave":
            await leave_organisation(viewer, membership)
            return "left"
        if form.get("do") == "main":
            await sign_with(viewer, membership)
            return "main"
        await change_function(viewer, membership, form.get("function", ""))
        return "function"

    return await _act(request, act)


async def verify(request: Request) -> Response:
    """Prove it: by one's mail address (`way` "domain"), by a code, sent ("send"), typed ("code")."""
    viewer, form = browser_member(request), await form_of(request)

    async def act(membership: Membership) -> str:
        if form.get("way") == "send":
            await site_of(request).limits.spend("organisation_code", viewer.member_id)
            await site_of(request).limits.spend("organisation_mail", membership.organisation_id)
            await send_code(viewer, membership, site_address(request))
            return "sent"
        if form.get("way") == "code":
            await confirm_code(viewer, membership, form.get("code", ""))
        else:
            await verify_by_domain(viewer, membership)
        return "verified"

    return await _act(request, act)


async def _act(request: Request, act: Callable[[Membership], Awaitable[str]]) -> Response:
    """Do it and see the page; what does not do is told at the organisation."""
    membership = await own_membership(browser_member(request), id_of(request))
    try:
        return done(request, f"{OWN}?done={await act(membership)}")
    except Invalid as fault:
        typed = await form_of(request)
        return await _page(request, typed=typed, errors=fault.fields, faulty=membership.id)


async def vouch(request: Request) -> Response:
    """Say that a colleague works in one's own organisation."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        raise NotFound
    return done(request, f"{await vouch_for(viewer, id_of(request))}?vouched")


routes = [
    Route(OWN, own, methods=["GET"]),
    Route(OWN, join, methods=["POST"]),
    Route(f"{OWN}/{{id:int}}", change, methods=["POST"]),
    Route(f"{OWN}/{{id:int}}/verification", verify, methods=["POST"]),
    Route("/organisation-members/{id:int}/vouches", vouch, methods=["POST"]),
]
