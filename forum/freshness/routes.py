"""Confirming that something still holds, on its page or from a mail; its date; what has taken its place."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.errors import Conflict, Forbidden, Invalid, require
from forum.freshness.actions import confirm, restore, set_period, supersede
from forum.freshness.alerts import waiting_for
from forum.freshness.links import PATH, Asked, asked_by_link
from forum.freshness.pages import LinkPage, SuccessorPage, WaitingPage
from forum.freshness.permissions import may_confirm, may_supersede
from forum.freshness.queries import Dated, dated_posts, dated_visible_to, successors_seen_by
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.live_positions import channels_of
from forum.moves.pages import Target
from forum.moves.queries import topics_named
from forum.signups.routes import spent
from forum.topics.queries import TopicCard, topic_visible_to
from forum.topics.refused import topic_again
from forum.web import chosen_in, done, form_of, id_of, number_in, page, site_of, viewer_of, wants_json


async def confirm_on_page(request: Request) -> Response:
    """It still holds."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/p/{id_of(request)}", "")
    dated = await dated_visible_to(viewer, id_of(request))
    await site_of(request).limits.spend("vote", viewer.member_id)
    await confirm(viewer, dated)
    there = f"{PATH}?confirmed" if request.query_params.get("then") == "list" else _foot(dated)
    return done(request, there, post_id=dated.post_id)


def _foot(dated: Dated) -> str:
    return f"{dated.path}#post-{dated.post_id}-freshness"


async def date(request: Request) -> Response:
    """Ask again after so many `months`."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/p/{id_of(request)}", "")
    dated = await dated_visible_to(viewer, id_of(request))
    try:
        await set_period(viewer, dated, number_in(form, "months"))
    except Invalid as fault:
        told = {f"months-{dated.post_id}": fault.fields["months"]}
        return await topic_again(request, dated.topic_id, fault, told)
    return done(request, _foot(dated), post_id=dated.post_id)


async def show_successor(request: Request) -> Response:
    """The form to name the newer topic."""
    dated = await dated_visible_to(viewer_of(request), id_of(request))
    require(may_supersede(viewer_of(request), dated), _("You may not say what takes its place."))
    return await _successor_page(request, dated, await _target(request, dated, request.query_params))


async def _target(request: Request, dated: Dated, fields: Mapping[str, str]) -> Target:
    """The topics that the words name, less the one that would be replaced; one that is alone is chosen."""
    typed = fields.get("target", "")
    found = [one for one in await topics_named(viewer_of(request), typed) if one.id != dated.topic_id]
    wish, known = chosen_in(fields, "target_id"), [one.id for one in found]
    chosen = wish if wish in known else known[0] if len(known) == 1 else None
    return Target(typed, found, chosen, searched=bool(typed.strip()))


async def _successor_page(
    request: Request, dated: Dated, target: Target, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    viewer = viewer_of(request)
    seen = await successors_seen_by(viewer, [dated])
    channels = await channels_of(viewer, [])
    subject = SuccessorPage(dated, target, seen.get(dated.post_id), errors or {}, channels)
    return page(request, "freshness/successor.html", subject, status)


async def set_successor(request: Request) -> Response:
    """The newer topic that `target` names takes its place; nothing does any more (`value` 0)."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/p/{id_of(request)}", "")
    dated = await dated_visible_to(viewer, id_of(request))
    if number_in(form, "value", 1) == 0:
        await restore(viewer, dated)
        return done(request, dated.path, post_id=dated.post_id)
    require(may_supersede(viewer, dated), _("You may not say what takes its place."))
    target = await _target(request, dated, form)
    try:
        await supersede(viewer, dated, await _chosen(request, target))
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"target": fault.message}
        return await _successor_page(request, dated, target, errors, fault.status)
    return done(request, dated.path, post_id=dated.post_id)


async def _chosen(request: Request, target: Target) -> TopicCard:
    if target.chosen is not None:
        return await topic_visible_to(viewer_of(request), target.chosen)
    if target.found:
        raise Invalid(fields={"target": _("Choose one of these topics.")})
    sentence = _("No topic is found: give its number, its address, or words of its title.")
    raise Invalid(fields={"target": sentence})


async def ask(request: Request) -> Response:
    """What the link of a mail opens: the question, and nothing is changed, whoever fetches it."""
    try:
        asked = await _asked(request)
    except LinkSpent:
        return spent(request)
    return page(request, "freshness/link.html", LinkPage(asked.dated, done=False))


async def answer(request: Request) -> Response:
    """It still holds: the link is spent."""
    try:
        asked = await _asked(request)
        if not await confirm(asked.member, asked.dated):
            raise LinkSpent
    except LinkSpent:
        return spent(request)
    return page(request, "freshness/link.html", LinkPage(asked.dated, done=True))


async def _asked(request: Request) -> Asked:
    """The link's question to its reader; to nobody else who is signed in."""
    viewer = viewer_of(request)
    asked = await asked_by_link(site_of(request).config, request.path_params["token"], viewer.locale)
    if viewer.signed_in and viewer.id != asked.member.id:
        raise Forbidden(_("This link was sent to somebody else: you are signed in under another name."))
    return asked


async def waiting(request: Request) -> Response:
    """What waits for the viewer's own word: each is confirmed there, corrected or replaced."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return RedirectResponse(f"/session/new?return_to={PATH}", 303)
    channels = await channels_of(viewer, [])
    found = {one.post_id: one for one in await dated_posts(await waiting_for(viewer.member_id))}
    asked = [one for one in found.values() if may_confirm(viewer, one)]
    asked.sort(key=lambda one: (one.due_at, one.post_id))
    flash = _("Confirmed, thank you") if "confirmed" in request.query_params else None
    return page(request, "freshness/waiting.html", WaitingPage(asked, channels, flash))


routes = [
    Route(PATH, waiting, methods=["GET"]),
    Route("/posts/{id:int}/confirmation", confirm_on_page, methods=["POST"]),
    Route("/posts/{id:int}/review-date", date, methods=["POST"]),
    Route("/posts/{id:int}/successor", show_successor, methods=["GET"]),
    Route("/posts/{id:int}/successor", set_successor, methods=["POST"]),
    Route(f"{PATH}/{{token}}", ask, methods=["GET"]),
    Route(f"{PATH}/{{token}}", answer, methods=["POST"]),
]
