"""The API's GETs: the pages' own queries, in Discourse's shapes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts.viewer import Viewer
from forum.api import shapes
from forum.api.programs import number_of
from forum.categories.queries import topic_counts
from forum.errors import NotFound
from forum.notifications.models import NotificationType
from forum.posts.queries import PostCard, cards_by_id, post_card, post_visible_to
from forum.posts.queries import replies_to as cards_replying
from forum.reading.models import NotificationLevel
from forum.reading.queries import read_states
from forum.topics.lists import topics_visible_to
from forum.topics.permissions import may_edit_topic, may_reply
from forum.topics.queries import LIST_SIZE, TopicCard, accepted_links, current_topic_id, topic_visible_to
from forum.topics.routes import visible_themes
from forum.web import JsonResponse, id_of, viewer_of
from realtime.sql import sql

CHUNK = 20
MEGA_TOPIC = 10_000


async def about(request: Request) -> Response:
    """GET /about.json"""
    rows = await sql(
        "SELECT (SELECT COUNT(*) FROM users WHERE deactivated_at IS NULL) AS users,"
        " (SELECT title FROM site WHERE id = 1) AS title"
    )
    viewer = viewer_of(request)
    topics = sum((await topic_counts(viewer.rights.see)).values())
    stats = {"topics_count": topics, "users_count": rows[0]["users"]}
    return JsonResponse(
        {"about": {"title": rows[0]["title"] or "Relais", "locale": viewer.locale, "stats": stats}}
    )


async def site(request: Request) -> Response:
    """GET /site.json"""
    viewer = viewer_of(request)
    counts = await topic_counts(viewer.rights.see)
    cards = [card for card in viewer.themes.by_id.values() if viewer.may_see(card.id)]
    return JsonResponse(
        {
            "categories": [shapes.category(card, viewer, counts.get(card.id, 0)) for card in cards],
            "groups": [],
            "notification_types": {kind.name.lower(): int(kind) for kind in NotificationType},
            "post_types": {"regular": 1, "moderator_action": 2, "small_action": 3, "whisper": 4},
            "post_action_types": [{"id": 2, "name_key": "like", "is_flag": False}],
            "trust_levels": {"newuser": 0, "basic": 1, "member": 2, "regular": 3, "leader": 4},
            "archetypes": [{"id": "regular", "name": "Regular Topic", "options": []}],
            "can_create_tag": False,
            "top_tags": [],
        }
    )


async def categories(request: Request) -> Response:
    """GET /categories.json"""
    viewer = viewer_of(request)
    counts = await topic_counts(viewer.rights.see)
    cards = [shapes.category(card, viewer, counts.get(card.id, 0)) for card in visible_themes(viewer)]
    return JsonResponse(
        {
            "category_list": {
                "can_create_category": False,
                "can_create_topic": viewer.signed_in,
                "categories": cards,
            }
        }
    )


async def latest(request: Request) -> Response:
    """GET /latest.json?page="""
    return await _list(request, "/latest", None)


async def category(request: Request) -> Response:
    """GET /c/{id}.json, /c/{slug}/{id}.json"""
    viewer = viewer_of(request)
    theme = viewer.themes.by_id.get(id_of(request))
    if theme is None or not viewer.may_see(theme.id):
        raise NotFound
    family = frozenset({theme.id, *(child.id for child in theme.children)})
    return await _list(request, f"/c/{theme.slug}/{theme.id}", family)


async def _list(request: Request, path: str, category_ids: frozenset[int] | None) -> Response:
    viewer = viewer_of(request)
    wanted = min(number_of(dict(request.query_params), "page") or 0, 1000)
    found = await topics_visible_to(viewer, category_ids=category_ids)
    for _page in range(wanted):
        if found.next is None:
            return JsonResponse(shapes.topic_list([], viewer, None))
        found = await topics_visible_to(viewer, category_ids=category_ids, before=found.next, limit=LIST_SIZE)
    more = f"{path}?page={wanted + 1}" if found.next else None
    return JsonResponse(shapes.topic_list(found.topics, viewer, more))


async def topic(request: Request) -> Response:
    """GET /t/{id}.json, /t/{slug}/{id}.json, /t/{id}/{n}.json: twenty posts, and the stream of all."""
    viewer = viewer_of(request)
    found = await _topic(viewer, id_of(request))
    stream = await _stream(found.id)
    near = request.path_params.get("number") or number_of(dict(request.query_params), "post_number") or 1
    start = next(
        (i for i, (_id, number) in enumerate(stream) if number >= int(near)), max(0, len(stream) - 1)
    )
    start = 0 if len(stream) <= CHUNK else min(start, len(stream) - 1)
    ids = [id for id, _number in stream[start : start + CHUNK]]
    posts = await _posts(request, found, ids)
    whole = [id for id, _number in stream] if len(stream) <= MEGA_TOPIC else None
    return JsonResponse(
        shapes.topic_view(found, posts, whole, await _mine(viewer, found), await _accepted(found))
    )


async def _topic(viewer: Viewer, topic_id: int) -> TopicCard:
    """The topic; a number from elsewhere leads to the imported one."""
    try:
        return await topic_visible_to(viewer, topic_id)
    except NotFound:
        current = await current_topic_id(topic_id)
        if current is None:
            raise
        return await topic_visible_to(viewer, current)


async def _stream(topic_id: int) -> list[tuple[int, int]]:
    rows = await sql(
        "SELECT id, post_number FROM posts WHERE topic_id = {0} AND deleted_at IS NULL ORDER BY post_number",
        topic_id,
    )
    return [(row["id"], row["post_number"]) for row in rows]


async def _posts(request: Request, found: TopicCard, ids: list[int]) -> list[shapes.Shape]:
    """Those posts, without the deleted; with their text when `include_raw` asks for it."""
    viewer = viewer_of(request)
    cards = [card for card in await cards_by_id(found.id, ids) if not card.deleted]
    wants_raw = request.query_params.get("include_raw", "") in ("true", "1")
    raws = await raws_of([card.id for card in cards]) if wants_raw else {}
    votes = await _votes(viewer, [card.id for card in cards])
    return [shapes.post(card, viewer, found, raws.get(card.id), votes.get(card.id, 0)) for card in cards]


async def raws_of(ids: list[int]) -> dict[int, str]:
    """The texts of posts that the viewer has been found to see."""
    listed = ",".join(map(str, ids)) or "0"
    rows = await sql(f"SELECT id, raw FROM posts WHERE id IN ({listed}) AND deleted_at IS NULL")
    return {row["id"]: row["raw"] for row in rows}


async def _votes(viewer: Viewer, ids: list[int]) -> dict[int, int]:
    if viewer.id is None or not ids:
        return {}
    listed = ",".join(map(str, ids))
    rows = await sql(
        f"SELECT post_id, value FROM votes WHERE user_id = {{0}} AND post_id IN ({listed})", viewer.id
    )
    return {row["post_id"]: row["value"] for row in rows}


async def _mine(viewer: Viewer, found: TopicCard) -> dict[str, Any]:
    states = await read_states(viewer, [(found.id, found.highest_post_number)])
    state = states.get(found.id)
    return {
        "last_read": state.last_read if state and not state.new else None,
        "level": state.level if state else int(NotificationLevel.NORMAL),
        "may_reply": may_reply(viewer, found),
        "may_edit": may_edit_topic(viewer, found),
    }


async def _accepted(found: TopicCard) -> list[shapes.Shape]:
    links = await accepted_links(found.id) if found.solved else []
    return [{"post_id": link.post_id, "post_number": link.number, "name": link.author_name} for link in links]


async def topic_posts(request: Request) -> Response:
    """GET /t/{id}/posts.json?post_ids[]="""
    viewer = viewer_of(request)
    found = await _topic(viewer, id_of(request))
    asked = [int(text) for text in request.query_params.getlist("post_ids[]")[:200] if _is_id(text)]
    if not asked:
        asked = [id for id, _number in (await _stream(found.id))[:CHUNK]]
    return JsonResponse({"post_stream": {"posts": await _posts(request, found, asked)}, "id": found.id})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


async def post(request: Request) -> Response:
    """GET /posts/{id}.json"""
    return JsonResponse(await post_shape(viewer_of(request), id_of(request)))


async def post_by_number(request: Request) -> Response:
    """GET /posts/by_number/{topic_id}/{number}.json"""
    viewer = viewer_of(request)
    found = await _topic(viewer, id_of(request))
    rows = await sql(
        "SELECT id FROM posts WHERE topic_id = {0} AND post_number = {1} AND deleted_at IS NULL",
        found.id,
        request.path_params["number"],
    )
    if not rows:
        raise NotFound
    return JsonResponse(await post_shape(viewer, rows[0]["id"]))


async def post_shape(viewer: Viewer, post_id: int) -> shapes.Shape:
    """One post with its text, as far as this viewer may see it.

    Raises:
        NotFound: there is none, it is deleted, or not for this viewer.
    """
    place = await post_visible_to(viewer, post_id)
    card: PostCard | None = await post_card(place.id)
    if card is None or card.deleted:
        raise NotFound
    found = await topic_visible_to(viewer, place.topic_id)
    votes = await _votes(viewer, [card.id])
    return shapes.post(card, viewer, found, place.source, votes.get(card.id, 0))


async def replies(request: Request) -> Response:
    """GET /posts/{id}/replies.json"""
    viewer = viewer_of(request)
    place = await post_visible_to(viewer, id_of(request))
    card = await post_card(place.id)
    if card is None or card.deleted:
        raise NotFound
    found = await topic_visible_to(viewer, place.topic_id)
    cards = (await cards_replying(card))[:CHUNK]
    return JsonResponse([shapes.post(one, viewer, found) for one in cards])


async def moved(request: Request) -> Response:
    """GET /t/external_id/{id}.json: 301 to the topic that was imported under this number."""
    current_id = await current_topic_id(id_of(request))
    if current_id is None:
        raise NotFound
    found = await topic_visible_to(viewer_of(request), current_id)
    return RedirectResponse(f"/t/{found.slug}/{found.id}.json", 301)
