"""Topics: lists, one topic, opening one, retitling, closing, deleting."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.accounts.viewer import Viewer
from forum.composer import Composer
from forum.drafts.actions import draft_of, drop_draft
from forum.errors import Forbidden, Invalid, NotFound, require
from forum.kinds.narrowing import narrowed_by
from forum.kinds.registry import is_kind, kind_of, kinds_for
from forum.live_positions import channels_of
from forum.moves.queries import place_now
from forum.pending.actions import hold_topic
from forum.pending.queries import needs_approval
from forum.posts.queries import page_of
from forum.reading.themes import theme_visible_to
from forum.settings.known import POSTS_IN_TEN_MINUTES
from forum.settings.queries import setting
from forum.tagged import tagged_page
from forum.tags.names import split_tags
from forum.templating import topic_path
from forum.text import MAX_ID
from forum.topics.actions import (
    move_topic,
    open_topic,
    recover_topic,
    revise_topic,
    set_closed,
    set_pinned,
)
from forum.topics.facts import topic_facts
from forum.topics.index import Wish, list_page, visible_themes
from forum.topics.pages import EditPage, NewPage, PinForm, TitleForm
from forum.topics.permissions import may_edit_topic
from forum.topics.queries import current_topic_id, topic_visible_to
from forum.topics.refused import topic_again
from forum.topics.show import show_page
from forum.topics.threaded import sort_of, threaded_page
from forum.topics.typed import ready_to_open, typed_topic
from forum.web import (
    done,
    form_key,
    form_of,
    id_of,
    number_in,
    page,
    page_number,
    site_of,
    viewer_of,
    wants_json,
)  # fmt: skip
from forum.zones import beginning_of
from realtime.sql import sql


async def index(request: Request) -> Response:
    """A list of topics: latest, new, unread, unanswered."""
    return await list_page(
        request, Wish(request.url.path.strip("/") or "latest", narrowed=narrowed_by(request))
    )


async def category(request: Request) -> Response:
    """The topics of a theme and of its sub-themes."""
    viewer = viewer_of(request)
    theme = theme_visible_to(viewer, id_of(request))
    if request.path_params["slug"] != theme.slug:
        return RedirectResponse(f"/c/{theme.slug}/{theme.id}", 301)
    return await list_page(request, Wish("category", theme=theme, narrowed=narrowed_by(request)))


async def show(request: Request) -> Response:
    """One page of a topic. An old title in the address leads to the present one."""
    number, sort = page_number(request), sort_of(request)
    try:
        facts = await topic_facts(viewer_of(request), id_of(request), 1 if sort else number)
    except NotFound:
        return await _merged(request)
    if request.path_params["slug"] != facts.topic.slug:
        return RedirectResponse(_as_asked(request, topic_path(facts.topic)), 301)
    if sort:
        return await threaded_page(request, facts, sort, number)
    if number != facts.number:
        raise NotFound
    return await tagged_page(request, "topics/show.html", facts.shown(), partial(show_page, request, facts))


async def _merged(request: Request) -> Response:
    """To the topic into which this one went, for whoever may see that one.

    Raises:
        NotFound: it went nowhere, or the viewer may not see where.
    """
    moved = await place_now(viewer_of(request), id_of(request), 1)
    if moved is None:
        raise NotFound
    return RedirectResponse(moved.path, 302)


def _as_asked(request: Request, path: str) -> str:
    """The same wish at another address."""
    return f"{path}?{request.url.query}" if request.url.query else path


async def show_at(request: Request) -> Response:
    """The page of a topic that holds a post number, at that post (or the nearest one before).

    A post that was moved to another topic is there, for whoever may see it; whoever goes on where they
    stopped reading (`?unread`) stays in this one.
    """
    viewer, number = viewer_of(request), int(request.path_params["number"])
    asked = "unread" not in request.query_params
    if asked and (moved := await place_now(viewer, id_of(request), min(number, MAX_ID))):
        return RedirectResponse(moved.path, 302)
    topic = await topic_visible_to(viewer, id_of(request))
    number = min(number, topic.highest_post_number)
    rows = await sql(
        "SELECT id, post_number FROM posts WHERE topic_id = {0} AND post_number <= {1}"
        " ORDER BY post_number DESC LIMIT 1",
        topic.id,
        max(1, number),
    )
    query = {
        name: request.query_params[name] for name in ("reply_to", "quote") if name in request.query_params
    }
    place = page_of(rows[0]["post_number"]) if rows else 1
    if place > 1:
        query["page"] = str(place)
    anchor = "reply" if "reply_to" in query or "quote" in query else f"post-{rows[0]['id']}" if rows else ""
    return RedirectResponse(f"{topic_path(topic)}{'?' + urlencode(query) if query else ''}#{anchor}", 302)


async def show_by_id(request: Request) -> Response:
    """`/t/12`: the full address; a number from elsewhere leads to the imported topic."""
    viewer, topic_id = viewer_of(request), id_of(request)
    try:
        topic = await topic_visible_to(viewer, topic_id)
    except NotFound:
        current = await current_topic_id(topic_id)
        if current is None or current == topic_id:
            return await _merged(request)
        topic = await topic_visible_to(viewer, current)
    sort = sort_of(request)
    return RedirectResponse(topic_path(topic) + (f"?sort={sort}" if sort else ""), 301)


async def go(request: Request) -> Response:
    """`?post=12`: from the form that asks for a number."""
    topic = await topic_visible_to(viewer_of(request), id_of(request))
    text = request.query_params.get("post", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return RedirectResponse(f"{topic_path(topic)}/{number}", 303)


async def new(request: Request) -> Response:
    """The form to open a topic; a visitor signs in first."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return RedirectResponse("/session/new?return_to=/new-topic", 303)
    kept = await draft_of(viewer.id, "new_topic")
    chosen = request.query_params.get("category", "") or kept.get("category_id", "")
    composer = Composer(
        raw=kept.get("raw", ""),
        title=kept.get("title", ""),
        category_id=int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 9 else None,
        kind=_wanted_kind(request, kept.get("kind", "question")),
        tags=kept.get("tags", ""),
        details=kept,
        restored=bool(kept),
    )
    return await new_page(request, await _begun(viewer, request, composer))


def _wanted_kind(request: Request, default: str) -> str:
    """`?kind=`: what is going to be written."""
    asked = request.query_params.get("kind", "") or default
    return asked if is_kind(asked) and kind_of(asked).may_be_opened_by(viewer_of(request)) else "question"


async def _begun(viewer: Viewer, request: Request, composer: Composer) -> Composer:
    """`?from=`: the form filled from another topic, where its kind knows how to."""
    source, prefill = request.query_params.get("from", ""), composer.about.prefill
    if prefill is None or not (source.isascii() and source.isdigit() and len(source) < 10):
        return composer
    begun = await prefill(viewer, int(source))
    category = int(begun["category_id"])
    return replace(
        composer, raw=begun["raw"], title=begun["title"], category_id=category, details=begun, restored=False
    )


async def new_page(
    request: Request, composer: Composer, status: int = 200, similar: Sequence[Any] | None = None
) -> Response:
    """The form, empty or with what was typed, what is wrong in it, and what is close to it."""
    viewer = viewer_of(request)
    themes = tuple(t for t in visible_themes(viewer) if viewer.may_create_in(t.id))
    channels = await channels_of(viewer, [])
    return page(
        request,
        "topics/new.html",
        NewPage(composer, themes, kinds_for(viewer), channels=channels, similar=similar),
        status,
    )


async def create(request: Request) -> Response:
    """Open a topic."""
    viewer, form = viewer_of(request), await form_of(request)
    if not viewer.signed_in:
        return await expired(request, "/new-topic", "new_topic")
    most = await setting(POSTS_IN_TEN_MINUTES)
    await site_of(request).limits.spend("post", viewer.member_id, most)
    composer = typed_topic(form)
    category_id = composer.category_id or 0
    try:
        viewer = await ready_to_open(request, form, composer)
        if await needs_approval(viewer):
            held = await hold_topic(
                viewer,
                category_id,
                composer.kind,
                composer.title,
                composer.raw,
                tags=split_tags(composer.tags),
                details=form,
                key=form_key(form),
            )
            await drop_draft(viewer.member_id, "new_topic")
            return done(request, f"/pending/{held}", pending_id=held)
        made = await open_topic(
            viewer,
            category_id,
            composer.kind,
            composer.title,
            composer.raw,
            tags=split_tags(composer.tags),
            details=form,
            key=form_key(form),
        )
    except (Invalid, Forbidden) as fault:
        if wants_json(request):
            raise
        errors = fault.fields or {"category_id": fault.message}
        return await new_page(request, composer.refused(errors), fault.status)
    await drop_draft(viewer.member_id, "new_topic")
    return done(request, f"/t/{made.topic_slug}/{made.topic_id}", topic_id=made.topic_id, post_id=made.id)


async def edit(request: Request) -> Response:
    """The form to give a topic another title and other tags."""
    viewer = viewer_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    require(may_edit_topic(viewer, topic))
    form = TitleForm(topic.title, ", ".join(topic.tags))
    return page(request, "topics/edit.html", EditPage(topic, form, await channels_of(viewer, [])))


async def revise(request: Request) -> Response:
    """Give a topic another title, other tags."""
    viewer, form = viewer_of(request), await form_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    typed = form.get("tags")
    try:
        await revise_topic(viewer, topic, form.get("title", ""), None if typed is None else split_tags(typed))
    except Invalid as fault:
        if wants_json(request):
            raise
        subject = EditPage(topic, TitleForm(form.get("title", ""), typed or "", fault.fields))
        return page(request, "topics/edit.html", subject, fault.status)
    return done(request, f"/t/{topic.id}")


async def close(request: Request) -> Response:
    """Close (`value` 1) or open (0) a topic."""
    viewer, form = viewer_of(request), await form_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    await set_closed(viewer, topic, number_in(form, "value") == 1)
    return done(request, topic_path(topic))


async def pin(request: Request) -> Response:
    """Pin (`value` 1) a topic at the head of lists, or unpin (0) it.

    `until`: a day, else for good; `in_theme` 1: in its theme only. A day that does not do is shown again.
    """
    viewer, form = viewer_of(request), await form_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    day, in_theme = form.get("until", "").strip(), form.get("in_theme") == "1"
    try:
        until = beginning_of(day, site_of(request).config.time_zone) if day else None
        await set_pinned(viewer, topic, number_in(form, "value") == 1, until, in_theme=in_theme)
    except Invalid as fault:
        if wants_json(request):
            raise
        facts, told = await topic_facts(viewer, topic.id, 1), " ".join(fault.fields.values())
        subject = replace(await show_page(request, facts), pin=PinForm(day, in_theme, told))
        return page(request, "topics/show.html", subject, fault.status)
    return done(request, topic_path(topic))


async def move(request: Request) -> Response:
    """Move a topic to the theme `category_id`."""
    viewer, form = viewer_of(request), await form_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    try:
        await move_topic(viewer, topic, number_in(form, "category_id", topic.category_id))
    except Invalid as fault:
        return await topic_again(request, topic.id, fault)
    return done(request, topic_path(topic))


async def recover(request: Request) -> Response:
    """Bring a deleted topic back."""
    viewer = viewer_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    await recover_topic(viewer, topic)
    return done(request, topic_path(topic))


routes = [
    Route("/t/{id:int}/{number:int}", show_at, methods=["GET"]),
    Route("/t/{slug}/{id:int}", show, methods=["GET"]),
    Route("/", index, methods=["GET"]),
    *(Route(f"/{tab}", index, methods=["GET"]) for tab in ("latest", "new", "unread", "unanswered")),
    Route("/c/{slug}/{id:int}", category, methods=["GET"]),
    Route("/new-topic", new, methods=["GET"]),
    Route("/topics", create, methods=["POST"]),
    Route("/t/{id:int}", show_by_id, methods=["GET"]),
    Route("/t/{id:int}/go", go, methods=["GET"]),
    Route("/t/{id:int}/edit", edit, methods=["GET"]),
    Route("/t/{id:int}/revisions", revise, methods=["POST"]),
    Route("/t/{id:int}/closed", close, methods=["POST"]),
    Route("/t/{id:int}/pinned", pin, methods=["POST"]),
    Route("/t/{id:int}/category", move, methods=["POST"]),
    Route("/t/{id:int}/recovery", recover, methods=["POST"]),
    Route("/t/{slug}/{id:int}/{number:int}", show_at, methods=["GET"]),
]
