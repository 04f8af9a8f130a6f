"""Flagging a post: a page of its own, so that it works without scripts."""

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.errors import Conflict, Invalid, require
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.flags.permissions import may_flag
from forum.flags.queries import OwnFlag, own_flag
from forum.flags.words import flag_words, outcome_words
from forum.live_positions import channels_of
from forum.posts.queries import PostAt, post_visible_to
from forum.web import LiveChannel, chosen_in, done, form_of, id_of, page, site_of, viewer_of, wants_json


class FlagForm(Struct, frozen=True):
    """What was chosen and typed, and what is wrong with it."""

    flag_type: int = 0
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)


class NewFlagPage(Struct, frozen=True):
    """The form."""

    post: PostAt
    form: FlagForm
    reasons: list[tuple[int, str]]
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class FlagPage(Struct, frozen=True):
    """A flag that was raised, and what came of it."""

    flag: OwnFlag
    words: str
    outcome: str
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


async def show(request: Request) -> Response:
    """The form to report a post; what came of it, for whoever has reported it."""
    viewer, post_id = viewer_of(request), id_of(request)
    channels = await channels_of(viewer, [])
    mine = await own_flag(viewer, post_id)
    if mine:
        subject = FlagPage(mine, flag_words(mine.flag_type), outcome_words(mine.decision), channels)
        return page(request, "flags/show.html", subject)
    post = await post_visible_to(viewer, post_id)
    if not viewer.signed_in:
        return RedirectResponse(f"/session/new?return_to=/posts/{post.id}/flags", 303)
    require(may_flag(viewer, post))
    return page(request, "flags/new.html", NewFlagPage(post, FlagForm(), _reasons(), channels))


def _reasons() -> list[tuple[int, str]]:
    order = (FlagType.OFF_TOPIC, FlagType.INAPPROPRIATE, FlagType.SPAM, FlagType.NOTIFY_MODERATORS)
    return [(int(reason), flag_words(reason)) for reason in order]


async def create(request: Request) -> Response:
    """Report a post; whoever looks after the theme goes on to the item in the queue."""
    viewer, form, post_id = viewer_of(request), await form_of(request), id_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/posts/{post_id}/flags", "")
    post = await post_visible_to(viewer, post_id)
    require(may_flag(viewer, post))
    await site_of(request).limits.spend("flag", viewer.member_id)
    typed = FlagForm(chosen_in(form, "flag_type_id"), form.get("message", ""))
    try:
        item = await flag_post(viewer, post, typed.flag_type, typed.message)
    except Invalid as fault:
        if wants_json(request):
            raise
        refused = FlagForm(typed.flag_type, typed.message, fault.fields)
        return page(request, "flags/new.html", NewFlagPage(post, refused, _reasons()), fault.status)
    except Conflict:
        if wants_json(request) or not await own_flag(viewer, post_id):
            raise
    else:
        if viewer.moderates(post.category_id):
            return done(request, f"/review/{item}")
    return done(request, f"/posts/{post_id}/flags")


routes = [
    Route("/posts/{id:int}/flags", show, methods=["GET"]),
    Route("/posts/{id:int}/flags", create, methods=["POST"]),
]
