"""Moving posts and merging topics: pages of their own, that work without scripts."""

from collections.abc import Mapping
from secrets import token_urlsafe

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.routes import expired
from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard
from forum.errors import Conflict, ForumError, Invalid, gathered, require
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.moves.actions import MOST, NewTopic, merge_topics, move_posts, split_topic
from forum.moves.numbers import read_numbers, ticked, write_numbers
from forum.moves.pages import MergePage, MoveForm, MovePage, Target
from forum.moves.permissions import may_move_posts
from forum.moves.queries import topics_named
from forum.posts.new import NewPost
from forum.posts.queries import PAGE_SIZE, cards_of_page, page_of
from forum.tags.names import split_tags
from forum.topics.permissions import may_open_topic
from forum.topics.queries import TopicCard, topic_visible_to
from forum.web import chosen_in, done, form_key, form_of, id_of, page, page_number, viewer_of, wants_json
from realtime.sql import sql


async def show(request: Request) -> Response:
    """The form, with what was chosen on another page of it."""
    viewer = viewer_of(request)
    topic = await _movable(viewer, id_of(request))
    typed = _typed(request.query_params, topic)
    return await _move_page(request, topic, typed, await _target(request, request.query_params))


async def _movable(viewer: Viewer, topic_id: int) -> TopicCard:
    topic = await topic_visible_to(viewer, topic_id)
    require(may_move_posts(viewer, topic), _("You may not move posts out of this topic."))
    return topic


def _typed(fields: Mapping[str, str], topic: TopicCard) -> MoveForm:
    return MoveForm(
        ticked=ticked(fields),
        numbers=fields.get("numbers", ""),
        where=fields.get("where", "new"),
        title=fields.get("title", ""),
        category_id=chosen_in(fields, "category_id") if fields.get("category_id") else topic.category_id,
        kind=fields.get("kind", "question" if topic.kind == "question" else "discussion"),
        tags=fields.get("tags", ""),
        token=fields.get("token", "") or token_urlsafe(9),
    )


async def _target(request: Request, fields: Mapping[str, str]) -> Target:
    """The topics that the words name, less the one where the posts are; one that is alone is chosen."""
    viewer, typed = viewer_of(request), fields.get("target", "")
    found = [one for one in await topics_named(viewer, typed) if one.id != id_of(request)]
    found = [one for one in found if may_move_posts(viewer, one)]
    wish, known = chosen_in(fields, "target_id"), [one.id for one in found]
    chosen = wish if wish in known else known[0] if len(known) == 1 else None
    return Target(typed, found, chosen, searched=bool(typed.strip()))


async def _move_page(
    request: Request, topic: TopicCard, form: MoveForm, target: Target, status: int = 200
) -> Response:
    viewer, count = viewer_of(request), page_of(topic.highest_post_number)
    number = min(page_number(request), count)
    shown = range(PAGE_SIZE * (number - 1) + 1, PAGE_SIZE * number + 1)
    posts = [post for post in await cards_of_page(topic.id, number) if not post.is_first]
    subject = MovePage(
        topic,
        [post for post in posts if not post.deleted and post.post_type != "small_action"],
        number,
        count,
        _on_page(form, shown),
        target,
        _themes(viewer),
        await channels_of(viewer, []),
    )
    return page(request, "moves/new.html", subject, status)


def _on_page(form: MoveForm, shown: range) -> MoveForm:
    """What was chosen, as boxes where they are shown, and as numbers where not."""
    try:
        typed = {number for some in read_numbers(form.numbers) for number in some[:MOST]}
    except Invalid:
        return form
    chosen = form.ticked | typed
    elsewhere = write_numbers(number for number in chosen if number not in shown)
    return MoveForm(
        frozenset(number for number in chosen if number in shown), elsewhere, form.where, form.title,
        form.category_id, form.kind, form.tags, form.token, form.errors,
    )  # fmt: skip


def _themes(viewer: Viewer) -> tuple[CategoryCard, ...]:
    family = (theme for root in viewer.themes.roots for theme in (root, *root.children))
    return tuple(theme for theme in family if may_open_topic(viewer, theme.id))


async def create(request: Request) -> Response:
    """Move the chosen posts; what is refused is shown again with what was chosen and typed."""
    viewer, form, topic_id = viewer_of(request), await form_of(request), id_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{topic_id}/move-posts", "")
    topic = await _movable(viewer, topic_id)
    typed, target = _typed(form, topic), await _target(request, form)
    try:
        new = await _move(viewer, topic, typed, target, form_key(form))
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        refused = _refused(typed, fault)
        return await _move_page(request, topic, refused, target, fault.status)
    return done(request, f"/t/{new.topic_slug}/{new.topic_id}/{new.number}", topic_id=new.topic_id)


async def _move(viewer: Viewer, topic: TopicCard, typed: MoveForm, target: Target, key: str) -> NewPost:
    """
    Raises:
        Invalid: every fault at once. Without posts, or to the topic itself, the action refuses, and says
            what else is wrong.
    """
    faults, posts, there = dict[str, str](), list[int](), topic
    with gathered(faults):
        posts = await _posts_numbered(topic, typed)
    try:
        if typed.where == "new":
            wish = NewTopic(typed.title, typed.category_id or 0, typed.kind, split_tags(typed.tags))
            return await split_topic(viewer, topic, posts, wish, key=key)
        with gathered(faults):
            there = await _chosen(viewer, target)
        return await move_posts(viewer, topic, posts, there, key=key)
    except Invalid as fault:
        raise Invalid(fields=fault.fields | faults) from fault


async def _posts_numbered(topic: TopicCard, typed: MoveForm) -> list[int]:
    """The ids of the posts chosen: those ticked must be known here; a range takes those that it finds.

    Posts that have just been moved are named all the same: the action finds that it is done, or says so.

    Raises:
        Invalid: no numbers. Conflict: one that was ticked has been deleted.
    """
    ranges = [*read_numbers(typed.numbers), *(range(n, n + 1) for n in sorted(typed.ticked))]
    where = " OR ".join(f"post_number BETWEEN {some[0]} AND {some[-1]}" for some in ranges) or "1 = 0"
    there = await _numbered("id FROM posts", f"deleted_at IS NULL AND post_type <> 3 AND ({where})", topic.id)
    missing = typed.ticked - there.keys()
    left = {} if there and not missing else await _numbered("post_id FROM moved_posts", where, topic.id)
    if missing - left.keys():
        raise Conflict(_("One of these posts has just been moved or deleted. Choose again."))
    return [*there.values(), *(left[number] for number in (missing if there else left))]


async def _numbered(what: str, where: str, topic_id: int) -> dict[int, int]:
    rows = await sql(
        f"SELECT post_number, {what} WHERE topic_id = {{0}} AND ({where}) ORDER BY post_number"
        f" LIMIT {MOST + 1}",
        topic_id,
    )
    return {row["post_number"]: row.get("id") or row["post_id"] for row in rows}


async def _chosen(viewer: Viewer, target: Target) -> TopicCard:
    """The other topic.

    Raises:
        Invalid: none, or several that must be chosen from.
    """
    if target.chosen is not None:
        return await topic_visible_to(viewer, target.chosen)
    if target.found:
        raise Invalid(fields={"target": _("Choose one of these topics.")})
    raise Invalid(
        fields={"target": _("No topic is found: give its number, its address, or words of its title.")}
    )


def _refused(typed: MoveForm, fault: ForumError) -> MoveForm:
    return MoveForm(
        typed.ticked, typed.numbers, typed.where, typed.title, typed.category_id, typed.kind, typed.tags,
        typed.token, fault.fields or {"numbers": fault.message},
    )  # fmt: skip


async def show_merge(request: Request) -> Response:
    """The form to merge a topic into another one."""
    topic = await _movable(viewer_of(request), id_of(request))
    return await _merge_page(request, topic, await _target(request, request.query_params), {})


async def _merge_page(
    request: Request, topic: TopicCard, target: Target, errors: dict[str, str], status: int = 200
) -> Response:
    channels = await channels_of(viewer_of(request), [])
    subject = MergePage(topic, target, token_urlsafe(9), errors, channels)
    return page(request, "moves/merge.html", subject, status)


async def merge(request: Request) -> Response:
    """Merge the topic into another one."""
    viewer, form, topic_id = viewer_of(request), await form_of(request), id_of(request)
    if not viewer.signed_in:
        return await expired(request, f"/t/{topic_id}/merge-topic", "")
    topic, target = await _movable(viewer, topic_id), await _target(request, form)
    try:
        new = await merge_topics(viewer, topic, await _chosen(viewer, target), key=form_key(form))
    except (Invalid, Conflict) as fault:
        if wants_json(request):
            raise
        return await _merge_page(
            request, topic, target, fault.fields or {"target": fault.message}, fault.status
        )
    return done(request, f"/t/{new.topic_slug}/{new.topic_id}/{new.number}", topic_id=new.topic_id)


routes = [
    Route("/t/{id:int}/move-posts", show, methods=["GET"]),
    Route("/t/{id:int}/move-posts", create, methods=["POST"]),
    Route("/t/{id:int}/merge-topic", show_merge, methods=["GET"]),
    Route("/t/{id:int}/merge-topic", merge, methods=["POST"]),
]
