"""The API's writes: the pages' own actions, named as Discourse and its plugins name them."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer, unaccept_answer
from forum.api.list_shapes import moment, topic_row
from forum.api.neutral import Shape
from forum.api.programs import body_of, boolean_of, number_of, require_member, spend, tags_of
from forum.api.queries import own_votes
from forum.api.reading import post_shape
from forum.errors import Conflict, Invalid, NotFound
from forum.i18n import gettext as _
from forum.moves.replying import reply_after_merge, topic_to_answer
from forum.notifications.actions import mark_read
from forum.pending.actions import hold_reply, hold_topic
from forum.pending.queries import held_visible_to, needs_approval
from forum.posts.actions import delete_post, revise_post
from forum.posts.queries import PostAt, post_visible_to
from forum.posts.text import clean_reason
from forum.reading.actions import clear_pin, read_up_to, set_notification_level, set_theme_level
from forum.reading.themes import theme_visible_to
from forum.reviewables.actions import remove_post
from forum.topics.actions import check_move, move_topic, open_topic, revise_topic, set_closed
from forum.topics.models import TopicKind
from forum.topics.queries import topic_visible_to
from forum.votes.actions import set_vote
from forum.web import JsonResponse, id_of, viewer_of

LIKE = 2


async def create_post(request: Request) -> Response:
    """POST /posts.json: a topic when there is a `title`, else a reply to `topic_id`."""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    await spend(request, "post")
    tags, key = await tags_of(request) or [], key_of(request)
    if await needs_approval(viewer):
        return JsonResponse(await _hold(viewer, fields, tags, key))
    post_id = await _write(viewer, fields, tags, key)
    return JsonResponse(await post_shape(viewer, post_id) | {"draft_sequence": 0})


def key_of(request: Request) -> str:
    """The retry's key as it is kept: its hash, so that two long ones that begin alike stay two."""
    key = request.headers.get("idempotency-key", "")
    return f"api:{sha256(key.encode()).hexdigest()}" if key else ""


async def _hold(viewer: Viewer, fields: dict[str, str], tags: list[str], key: str) -> Shape:
    """The same, where staff look at a member's first posts before others do."""
    topic_id = number_of(fields, "topic_id")
    if fields.get("title"):
        category_id = number_of(fields, "category", "category_id") or _first_category(viewer)
        kind, raw = fields.get("kind") or TopicKind.QUESTION, fields.get("raw", "")
        held_id = await hold_topic(
            viewer, category_id, kind, fields["title"], raw, tags=tags, details=fields, key=key
        )
    elif topic_id is None:
        raise Invalid(fields={"title": _("Give a title to open a topic, or a topic_id to reply.")})
    else:
        topic = await topic_to_answer(viewer, topic_id)
        above = number_of(fields, "reply_to_post_number")
        held_id = await hold_reply(viewer, topic, fields.get("raw", ""), reply_to=above, key=key)
    held = await held_visible_to(viewer, held_id)
    pending: Shape = {
        "id": held.id,
        "raw": held.source,
        "title": held.title or None,
        "topic_id": held.topic_id,
        "category_id": held.category_id,
        "created_at": moment(held.created_at),
        "created_by_id": viewer.id,
    }
    return {"success": True, "action": "enqueued", "pending_post": pending}


async def _write(viewer: Viewer, fields: dict[str, str], tags: list[str], key: str) -> int:
    if fields.get("title"):
        category_id = number_of(fields, "category", "category_id") or _first_category(viewer)
        kind = fields.get("kind") or TopicKind.QUESTION
        raw = fields.get("raw", "")
        made = await open_topic(
            viewer, category_id, kind, fields["title"], raw, tags=tags, details=fields, key=key
        )
        return made.id
    topic_id = number_of(fields, "topic_id")
    if topic_id is None:
        raise Invalid(fields={"title": _("Give a title to open a topic, or a topic_id to reply.")})
    topic = await topic_to_answer(viewer, topic_id)
    above = number_of(fields, "reply_to_post_number")
    made = await reply_after_merge(viewer, topic_id, topic, fields.get("raw", ""), reply_to=above, key=key)
    return made.id


def _first_category(viewer: Viewer) -> int:
    """Where a topic goes when the program does not say: the first theme open to its member."""
    open_to = [theme.id for theme in viewer.themes.roots if viewer.may_create_in(theme.id)]
    if not open_to:
        raise Invalid(fields={"category": _("Choose a theme.")})
    return open_to[0]


async def revise(request: Request) -> Response:
    """PUT /posts/{id}.json"""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    post = await post_visible_to(viewer, id_of(request))
    raw = fields.get("post[raw]", fields.get("raw", ""))
    _require_same(post, fields)
    reason = clean_reason(fields.get("post[edit_reason]", fields.get("edit_reason", "")))
    await revise_post(viewer, post, raw, reason=reason, version=post.version)
    return JsonResponse({"post": await post_shape(viewer, post.id) | {"edit_reason": reason or None}})


def _require_same(post: PostAt, fields: dict[str, str]) -> None:
    """A program that says which text it changed is told when that text is no longer there.

    Raises:
        Conflict: somebody has changed the post meanwhile.
    """
    for name in ("post[original_text]", "post[raw_old]", "original_text", "raw_old"):
        if name in fields and " ".join(fields[name].split()) != " ".join(post.source.split()):
            raise Conflict(_("Somebody has changed this post while you were writing. Nothing is lost."))


async def delete(request: Request) -> Response:
    """DELETE /posts/{id}.json: somebody else's with a `reason`, which its author reads."""
    require_member(request)
    viewer, post = viewer_of(request), await post_visible_to(viewer_of(request), id_of(request))
    if viewer.id == post.author_id:
        await delete_post(viewer, post)
    else:
        fields = dict(request.query_params) | await body_of(request)
        unsaid = _("Deleted by a moderator’s program, which gives no reason.")
        await remove_post(viewer, post, fields.get("reason", "").strip() or unsaid)
    return JsonResponse({"success": "OK"})


async def like(request: Request) -> Response:
    """POST /post_actions: the like is the up-vote."""
    require_member(request)
    fields = await body_of(request)
    _require_like(fields)
    return await _vote(request, _named(fields, "id"), 1)


async def unlike(request: Request) -> Response:
    """DELETE /post_actions/{id}?post_action_type_id=2: takes back a like, and never a vote down."""
    require_member(request)
    _require_like(dict(request.query_params) | await body_of(request))
    viewer, post = viewer_of(request), await post_visible_to(viewer_of(request), id_of(request))
    liked = (await own_votes(viewer, [post.id])).get(post.id) == 1
    return await _vote(request, post.id, 0) if liked else JsonResponse(await post_shape(viewer, post.id))


def _require_like(fields: dict[str, str]) -> None:
    if number_of(fields, "post_action_type_id") != LIKE:
        raise Invalid(fields={"post_action_type_id": _("Only likes (2) are served here.")})


def _named(fields: dict[str, str], name: str) -> int:
    """The number of what is to be changed; without one there is nothing to change."""
    number = number_of(fields, name)
    if number is None:
        raise NotFound
    return number


async def vote(request: Request) -> Response:
    """POST /post_voting/vote: `direction` up or down; DELETE withdraws."""
    require_member(request)
    fields = dict(request.query_params) | await body_of(request)
    value = 0 if request.method == "DELETE" else {"up": 1, "down": -1}.get(fields.get("direction", "up"), 2)
    return await _vote(request, _named(fields, "post_id"), value)


async def _vote(request: Request, post_id: int, value: int) -> Response:
    viewer = viewer_of(request)
    post = await post_visible_to(viewer, post_id)
    await spend(request, "vote")
    await set_vote(viewer, post, value)
    return JsonResponse(await post_shape(viewer, post_id))


async def accept(request: Request) -> Response:
    """POST /solution/accept, /solution/unaccept"""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    post = await post_visible_to(viewer, _named(fields, "id"))
    act = unaccept_answer if "unaccept" in request.url.path else accept_answer
    await act(viewer, post)
    return JsonResponse({"success": "OK"})


async def revise_title(request: Request) -> Response:
    """PUT /t/-/{id}.json, /t/{id}.json, /t/{slug}/{id}: title, tags, and the category (staff).

    What is refused leaves all as it was.
    """
    require_member(request)
    viewer, fields, tags = viewer_of(request), await body_of(request), await tags_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    named = number_of(fields, "category_id", "topic[category_id]")
    theme = topic.category_id if named is None else named
    if theme != topic.category_id:
        check_move(viewer, topic, theme)
    title = fields.get("title", fields.get("topic[title]"))
    if title is not None or tags is not None or theme == topic.category_id:
        await revise_topic(viewer, topic, topic.title if title is None else title, tags)
    if theme != topic.category_id:
        await move_topic(viewer, topic, theme)
    after = topic_row(await topic_visible_to(viewer, topic.id))
    basic = ("id", "title", "fancy_title", "slug", "category_id", "tags")
    return JsonResponse({"basic_topic": {name: after[name] for name in basic}})


async def set_status(request: Request) -> Response:
    """PUT /t/{id}/status: `status` closed, `enabled` true or false."""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    if fields.get("status") != "closed":
        raise Invalid(fields={"status": _("Only closing is served here.")})
    await set_closed(viewer, topic, boolean_of(fields, "enabled"))
    return JsonResponse({"success": "OK", "topic_status_update": None})


async def set_level(request: Request) -> Response:
    """POST /t/{id}/notifications.json"""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    level = number_of(fields, "notification_level")
    await set_notification_level(viewer, topic, -1 if level is None else level)
    return JsonResponse({"success": "OK"})


async def set_category_level(request: Request) -> Response:
    """POST /category/{id}/notifications"""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    level = number_of(fields, "notification_level")
    await set_theme_level(viewer, theme_visible_to(viewer, id_of(request)), -1 if level is None else level)
    return JsonResponse({"success": "OK"})


async def unpin(request: Request) -> Response:
    """PUT /t/{id}/clear-pin: at the head of the member's own lists no longer."""
    return await _set_pin_cleared(request, True)


async def repin(request: Request) -> Response:
    """PUT /t/{id}/re-pin: at their head again."""
    return await _set_pin_cleared(request, False)


async def _set_pin_cleared(request: Request, cleared: bool) -> Response:
    require_member(request)
    viewer = viewer_of(request)
    await clear_pin(viewer, await topic_visible_to(viewer, id_of(request)), cleared)
    return JsonResponse({"success": "OK"})


async def timings(request: Request) -> Response:
    """POST /topics/timings: the highest `timings[n]` is what has been read."""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    topic = await topic_visible_to(viewer, _named(fields, "topic_id"))
    numbers = [name[8:-1] for name in fields if name.startswith("timings[") and name.endswith("]")]
    read = [int(text) for text in numbers if text.isascii() and text.isdigit() and len(text) < 9]
    if read:
        await read_up_to(viewer, topic, max(read))
    return JsonResponse({})


async def read_notifications(request: Request) -> Response:
    """PUT /notifications/mark-read.json"""
    require_member(request)
    fields = await body_of(request)
    await mark_read(viewer_of(request), number_of(fields, "id"))
    return JsonResponse({"success": "OK"})
