"""The step between writing a question and publishing it; it needs no scripts."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.drafts.actions import drop_draft
from forum.suggestions.actions import note_answered
from forum.suggestions.queries import Draft, similar
from forum.templating import topic_path
from forum.text import MAX_ID
from forum.topics.queries import TopicCard, topic_visible_to
from forum.topics.routes import new_page
from forum.topics.typed import typed_topic
from forum.web import form_of, number_in, site_address, site_of, viewer_of


async def look(request: Request) -> Response:
    """The form again, as typed, with what is close to it."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, "/new-topic", "new_topic")
    await site_of(request).limits.spend("search", viewer.member_id)
    composer = typed_topic(form)
    found = await similar(viewer, Draft(composer.title, composer.raw, composer.category_id))
    return await new_page(request, composer, similar=found)


async def answered(request: Request) -> Response:
    """« It answers my question »: nothing is posted, the draft is dropped, the author is thanked."""
    viewer, topic = viewer_of(request), await _item(request)
    if viewer.signed_in:
        await site_of(request).limits.spend("vote", viewer.member_id)
    await note_answered(viewer, topic)
    await drop_draft(viewer.member_id, "new_topic")
    return RedirectResponse(f"{topic_path(topic)}?answered", 303)


async def close(request: Request) -> Response:
    """« Close, but… »: the form again, with a link to what is close in the text."""
    form = await form_of(request)
    if not viewer_of(request).signed_in:
        return await expired(request, "/new-topic", "new_topic")
    topic = await _item(request)
    link = f"{site_address(request)}{topic_path(topic)}"
    raw = form.get("raw", "").rstrip()
    linked = raw if link in raw else f"{raw}\n\n[{topic.title}]({link})\n".lstrip()
    return await new_page(request, typed_topic({**form, "raw": linked}))


async def _item(request: Request) -> TopicCard:
    """The topic that a button names, if it exists for this viewer."""
    number = number_in(await form_of(request), "item")
    return await topic_visible_to(viewer_of(request), number if 0 < number <= MAX_ID else 0)


routes = [
    Route("/suggestions", look, methods=["POST"]),
    Route("/suggestions/answered", answered, methods=["POST"]),
    Route("/suggestions/close", close, methods=["POST"]),
]
