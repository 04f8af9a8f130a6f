"""A topic's typed fields: the form to change them, and their history."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.drafts.actions import draft_of, drop_draft
from forum.errors import Conflict, ForumError, Invalid, NotFound, require
from forum.i18n import gettext as _
from forum.kinds.actions import revise_details
from forum.kinds.fields import typed_as
from forum.kinds.pages import FieldsPage, VersionsPage
from forum.kinds.queries import details_of, typed_at, versions_of
from forum.kinds.registry import Details, kind_of
from forum.live_positions import channels_of
from forum.templating import topic_path
from forum.topics.permissions import may_edit_topic
from forum.topics.queries import TopicCard, topic_visible_to
from forum.web import chosen_in, done, form_of, id_of, number_in, page, viewer_of, wants_json


async def edit(request: Request) -> Response:
    """The form, with what is there, or what was typed before the session ended."""
    viewer = viewer_of(request)
    topic, details = await _found(request)
    require(may_edit_topic(viewer, topic))
    kept = await draft_of(viewer.id, draft_key(topic.id))
    typed = kept or {name: typed_as(value) for name, value in details.values.items()}
    version = number_in(kept, "version", details.version)
    channels = await channels_of(viewer, [])
    flash = _("Your draft was brought back.") if kept else None
    subject = FieldsPage(topic, details.kind, typed, version, channels=channels, flash=flash)
    return page(request, "kinds/edit.html", subject)


def draft_key(topic_id: int) -> str:
    """Where what was typed in this form is kept."""
    return f"details_{topic_id}"


async def _found(request: Request) -> tuple[TopicCard, Details]:
    topic = await topic_visible_to(viewer_of(request), id_of(request))
    details = await details_of(topic.kind, topic.id)
    if details is None:
        raise NotFound
    return topic, details


async def revise(request: Request) -> Response:
    """Other values; what does not do is shown again as it was typed, beside what others made of it."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{id_of(request)}/details", draft_key(id_of(request)))
    topic, details = await _found(request)
    version = chosen_in(form, "version") or details.version
    try:
        await revise_details(viewer, topic, form, number_in(form, "version", details.version))
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        return await _again(request, topic, form, version, fault)
    await drop_draft(viewer.member_id, draft_key(topic.id))
    return done(request, topic_path(topic))


async def _again(
    request: Request, topic: TopicCard, form: Mapping[str, str], version: int, fault: ForumError
) -> Response:
    """The form as it was typed. After a lost race, with what others changed, and on from their version."""
    errors, channels = fault.fields or {"version": fault.message}, await channels_of(viewer_of(request), [])
    details = await details_of(topic.kind, topic.id)
    if details is None or not isinstance(fault, Conflict):
        subject = FieldsPage(topic, kind_of(topic.kind), form, version, errors, channels=channels)
        return page(request, "kinds/edit.html", subject, fault.status)
    before = await typed_at(details.kind, topic.id, version)
    theirs = [one for one in await versions_of(details.kind, topic.id) if one.version > version]
    subject = FieldsPage(
        topic, details.kind, _joined(details, before, form), details.version, errors, theirs, channels
    )
    return page(request, "kinds/edit.html", subject, fault.status)


def _joined(details: Details, before: Mapping[str, str], form: Mapping[str, str]) -> Mapping[str, str]:
    """What was typed; where nothing was, what is there now."""
    typed = {one.name: form.get(one.name, "").replace("\r\n", "\n") for one in details.kind.fields}
    return {
        name: typed_as(details.values.get(name)) if text == before.get(name) else text
        for name, text in typed.items()
    }


async def history(request: Request) -> Response:
    """Who filled in what, and when."""
    topic, _details = await _found(request)
    versions = await versions_of(kind_of(topic.kind), topic.id)
    subject = VersionsPage(topic, versions, await channels_of(viewer_of(request), []))
    return page(request, "kinds/history.html", subject)


routes = [
    Route("/t/{id:int}/details", edit, methods=["GET"]),
    Route("/t/{id:int}/details", revise, methods=["POST"]),
    Route("/t/{id:int}/details/history", history, methods=["GET"]),
]
