"""Posts: replying, editing, history, deleting, recovering, previewing."""

from collections.abc import Mapping
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.accounts.viewer import Viewer
from forum.charter.steps import agreed
from forum.composer import Composer
from forum.drafts.actions import draft_of, drop_draft
from forum.errors import Conflict, ForumError, Invalid, NotFound, gathered, require, require_none
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.moves.replying import reply_after_merge, topic_to_answer
from forum.pending.actions import hold_reply
from forum.pending.queries import needs_approval
from forum.posts.actions import check_reply, recover_post, revise_post
from forum.posts.history import changes_since, latest_edit, revisions_of
from forum.posts.new import NewPost
from forum.posts.pages import EditForm, EditPage, HistoryPage, PreviewPage, RepliesPage
from forum.posts.permissions import may_edit_post
from forum.posts.queries import PostAt, PostCard, page_of, post_card, post_visible_to, replies_to
from forum.posts.slots import Controls, fill, rights_in, split
from forum.posts.text import clean_reason, cook_post
from forum.settings.known import POSTS_IN_TEN_MINUTES
from forum.settings.queries import setting
from forum.topics.facts import topic_facts
from forum.topics.queries import TopicCard, topic_visible_to
from forum.topics.show import page_path, reply_target, show_page
from forum.uploads.forms import require_attached
from forum.votes.queries import votes_in_topic
from forum.web import (
    chosen_in,
    done,
    form_key,
    form_of,
    id_of,
    number_in,
    page,
    site_of,
    viewer_of,
    wants_json,
)


async def create(request: Request) -> Response:
    """Reply in a topic; a refused reply is shown again with its text."""
    viewer, form, topic_id = viewer_of(request), await form_of(request), id_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{topic_id}#reply", f"topic_{topic_id}")
    topic = await topic_to_answer(viewer, topic_id)
    most = await setting(POSTS_IN_TEN_MINUTES)
    await site_of(request).limits.spend("post", viewer.member_id, most)
    target = await reply_target(topic_id, form.get("reply_to", ""))
    above = target.number if target else None
    try:
        viewer = await _ready_to_reply(request, topic, form)
        if await needs_approval(viewer):
            held = await hold_reply(viewer, topic, form.get("raw", ""), reply_to=above, key=form_key(form))
            await drop_draft(viewer.member_id, f"topic_{topic.id}")
            return done(request, _end(topic, held), pending_id=held)
        new = await reply_after_merge(
            viewer, topic_id, topic, form.get("raw", ""), reply_to=above, key=form_key(form)
        )
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        typed = Composer(raw=form.get("raw", ""), reply_to=target, token=form.get("token", ""))
        errors = fault.fields or {"raw": fault.message}
        return await _again(request, topic, typed.refused(errors), fault)
    await drop_draft(viewer.member_id, f"topic_{new.topic_id}")
    return done(request, _place(new), post_id=new.id, post_number=new.number)


async def _ready_to_reply(request: Request, topic: TopicCard, form: Mapping[str, str]) -> Viewer:
    """Whoever replies; a tick in the form accepts the charter that has changed.

    Raises:
        Invalid: a file is not attached, or the charter has changed once more; with what is wrong in the text.
    """
    faults, viewer = dict[str, str](), viewer_of(request)
    with gathered(faults):
        require_attached(form)
    with gathered(faults):
        viewer = await agreed(request, form)
    if faults:
        with gathered(faults):
            await check_reply(viewer, topic.id, form.get("raw", ""))
    require_none(faults)
    return viewer


def _end(topic: TopicCard, held: int) -> str:
    return f"{page_path(topic, page_of(topic.highest_post_number))}#pending-{held}"


async def _again(request: Request, topic: TopicCard, typed: Composer, fault: ForumError) -> Response:
    """The form with its text; where none is shown any more, the error's own page keeps the text."""
    facts = await topic_facts(viewer_of(request), topic.id, page_of(topic.highest_post_number))
    subject = await show_page(request, facts, typed)
    if not subject.may_reply:
        raise fault
    return page(request, "topics/show.html", subject, fault.status)


def _place(post: NewPost) -> str:
    page = page_of(post.number)
    return f"/t/{post.topic_slug}/{post.topic_id}{f'?page={page}' if page > 1 else ''}#post-{post.id}"


async def permalink(request: Request) -> Response:
    """`/p/9`: the post in its topic."""
    post = await post_visible_to(viewer_of(request), id_of(request))
    return RedirectResponse(f"/t/{post.topic_slug}/{post.topic_id}/{post.number}", 302)


async def reply(request: Request) -> Response:
    """The form to reply to this post, on its topic's page."""
    return await _to_composer(request, quote=False)


async def quote(request: Request) -> Response:
    """The same, with the post's text quoted in it."""
    return await _to_composer(request, quote=True)


async def _to_composer(request: Request, *, quote: bool) -> Response:
    post = await post_visible_to(viewer_of(request), id_of(request))
    wishes = {"reply_to": post.number, "page": page_of(post.number)} | (
        {"quote": post.number} if quote else {}
    )
    query = urlencode(wishes)
    return RedirectResponse(f"/t/{post.topic_slug}/{post.topic_id}?{query}#reply", 302)


async def edit(request: Request) -> Response:
    """The form to edit a post."""
    viewer = viewer_of(request)
    post = await post_visible_to(viewer, id_of(request))
    require(may_edit_post(viewer, post))
    kept = await draft_of(viewer.id, f"post_{post.id}")
    form = EditForm(
        kept.get("raw", post.source), number_in(kept, "version", post.version), kept.get("reason", "")
    )
    flash = _("Your draft was brought back.") if kept else None
    channels = await channels_of(viewer, [])
    return page(request, "posts/edit.html", EditPage(post, form, channels=channels, flash=flash))


async def revise(request: Request) -> Response:
    """Replace a post's text; if somebody else did meanwhile, both texts are shown."""
    viewer, form, post_id = viewer_of(request), await form_of(request), id_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/posts/{post_id}/edit", f"post_{post_id}")
    post = await post_visible_to(viewer, post_id)
    known = chosen_in(form, "version") or post.version
    typed = EditForm(form.get("raw", ""), known, clean_reason(form.get("reason", "")))
    try:
        await _check_attached(form, post, viewer)
        version = number_in(form, "version", post.version)
        await revise_post(viewer, post, typed.raw, reason=typed.reason, version=version)
    except Invalid as fault:
        if wants_json(request):
            raise
        subject = EditPage(post, EditForm(typed.raw, typed.version, typed.reason, fault.fields))
        return page(request, "posts/edit.html", subject, fault.status)
    except Conflict as fault:
        return await _conflict(request, post.id, typed, fault)
    await drop_draft(viewer.member_id, f"post_{post.id}")
    return done(request, f"/t/{post.topic_slug}/{post.topic_id}/{post.number}", post_id=post.id)


async def _check_attached(form: Mapping[str, str], post: PostAt, viewer: Viewer) -> None:
    """
    Raises:
        Invalid: a file is not attached; with what is wrong in the text.
    """
    faults: dict[str, str] = {}
    with gathered(faults):
        require_attached(form)
    if faults:
        with gathered(faults):
            await cook_post(form.get("raw", ""), post.topic_id, writer=viewer, post_id=post.id)
    require_none(faults)


async def _conflict(request: Request, post_id: int, typed: EditForm, fault: Conflict) -> Response:
    """Their text beside one's own: saving again, from their version on, is a choice made knowingly."""
    if wants_json(request):
        raise fault
    post = await post_visible_to(viewer_of(request), post_id)
    mine = EditForm(typed.raw, post.version, typed.reason, {"raw": fault.message})
    return page(request, "posts/edit.html", EditPage(post, mine, await latest_edit(post)), fault.status)


async def history(request: Request) -> Response:
    """The versions of a post; what has changed `since` one of them, if the address says so."""
    viewer = viewer_of(request)
    post = await post_visible_to(viewer, id_of(request))
    since = number_in(request.query_params, "since", 0)
    changes = await changes_since(post, since)
    subject = HistoryPage(post, await revisions_of(post), await channels_of(viewer, []), since, changes)
    return page(request, "posts/history.html", subject)


async def replies(request: Request) -> Response:
    """The replies under a post."""
    viewer = viewer_of(request)
    post = await post_visible_to(viewer, id_of(request))
    topic, card = await topic_visible_to(viewer, post.topic_id), await post_card(post.id)
    if card is None or card.deleted:
        raise NotFound
    found = await replies_to(card)
    cards = await _filled(request, topic, found)
    subject = RepliesPage(card, cards, len(found), await channels_of(viewer, []))
    return page(request, "posts/replies.html", subject)


async def _filled(request: Request, topic: TopicCard, cards: list[PostCard]) -> bytes:
    viewer, templates = viewer_of(request), site_of(request).templates
    html = "".join(templates.render("posts/_card.html", viewer.locale, post=card) for card in cards)
    controls = Controls(templates, viewer.locale, topic.id, rights_in(viewer, topic))
    numbers = [card.number for card in cards] or [0]
    votes = await votes_in_topic(viewer, topic.id, min(numbers), max(numbers))
    return fill(split(html), controls, viewer.id, votes)


async def recover(request: Request) -> Response:
    """Bring a deleted reply back."""
    viewer = viewer_of(request)
    post = await post_visible_to(viewer, id_of(request))
    await recover_post(viewer, post)
    return done(request, f"/t/{post.topic_slug}/{post.topic_id}/{post.number}")


async def preview(request: Request) -> Response:
    """A text as it will look: a fragment for our script, a page without it."""
    viewer, form = viewer_of(request), await form_of(request)
    require(viewer.signed_in)
    await site_of(request).limits.spend("preview", viewer.member_id)
    cooked = await cook_post(form.get("raw", ""), writer=viewer)
    if wants_json(request) or request.headers.get("x-requested-with") == "relais":
        return HTMLResponse(cooked.html, headers={"Cache-Control": "private, no-store"})
    return page(request, "posts/preview.html", PreviewPage(Markup(cooked.html)))  # noqa: S704 - sanitised


routes = [
    Route("/t/{id:int}/posts", create, methods=["POST"]),
    Route("/p/{id:int}", permalink, methods=["GET"]),
    Route("/p/{id:int}/reply", reply, methods=["GET"]),
    Route("/p/{id:int}/quote", quote, methods=["GET"]),
    Route("/posts/{id:int}/edit", edit, methods=["GET"]),
    Route("/posts/{id:int}/revisions", history, methods=["GET"]),
    Route("/posts/{id:int}/revisions", revise, methods=["POST"]),
    Route("/posts/{id:int}/replies", replies, methods=["GET"]),
    Route("/posts/{id:int}/recovery", recover, methods=["POST"]),
    Route("/preview", preview, methods=["POST"]),
]
