"""The API's GETs about the site, its categories and its lists of topics."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.viewer import Viewer
from forum.api import list_shapes, neutral
from forum.api.programs import number_of
from forum.api.queries import Counts, counts_of, cursor_at
from forum.categories.queries import CategoryCard
from forum.groups.queries import groups_visible_to
from forum.reading.queries import read_states
from forum.reading.themes import theme_levels, theme_visible_to
from forum.tags.queries import TagCard, tag_visible_to, tags_visible_to
from forum.templating import tag_path
from forum.topics.index import visible_themes
from forum.topics.lists import topics_visible_to
from forum.web import JsonResponse, id_of, viewer_of
from realtime.sql import sql

TOP_TAGS = 50
ALL_TAGS = 1000
ALL_GROUPS = 1000


async def about(request: Request) -> Response:
    """GET /about.json: counts are of what the viewer may see."""
    viewer = viewer_of(request)
    rows = await sql("SELECT COUNT(*) AS users FROM users WHERE deactivated_at IS NULL")
    counts = (await counts_of(viewer.rights.see)).values()
    stats = {
        "topics_count": sum(count.topics for count in counts),
        "posts_count": sum(count.posts for count in counts),
        "topics_last_day": sum(count.day for count in counts),
        "topics_7_days": sum(count.week for count in counts),
        "topics_30_days": sum(count.month for count in counts),
        "users_count": rows[0]["users"],
    }
    site = viewer.themes.face
    contact = {"contact_email": site.contact} if site.contact else {}
    face = contact | {
        "title": site.title,
        "description": "",
        "locale": viewer.locale,
        "can_see_about_stats": True,
    }
    return JsonResponse({"about": face | {"stats": stats}})


async def site(request: Request) -> Response:
    """GET /site.json"""
    viewer = viewer_of(request)
    counts = await counts_of(viewer.rights.see)
    levels = await theme_levels(viewer)
    cards = [card for card in viewer.themes.by_id.values() if viewer.may_see(card.id)]
    return JsonResponse(
        neutral.SITE
        | {
            "categories": [
                list_shapes.category(card, viewer, counts.get(card.id, Counts()), position, levels)
                for position, card in enumerate(cards)
            ],
            "groups": await _groups(viewer),
            "notification_types": neutral.NOTIFICATION_TYPES,
            "post_types": {"regular": 1, "moderator_action": 2, "small_action": 3, "whisper": 4},
            "post_action_types": [neutral.LIKE | {"id": 2, "name_key": "like", "is_flag": False}],
            "trust_levels": {"newuser": 0, "basic": 1, "member": 2, "regular": 3, "leader": 4},
            "archetypes": [{"id": "regular", "name": "Regular Topic", "options": []}],
            "can_create_tag": viewer.signed_in,
            "can_tag_topics": viewer.signed_in,
            "top_tags": [tag.slug for tag in await tags_visible_to(viewer, TOP_TAGS)],
        }
    )


async def _groups(viewer: Viewer) -> list[neutral.Shape]:
    """The groups that a member may know of; a visitor learns of none."""
    known = await groups_visible_to(viewer, limit=ALL_GROUPS) if viewer.signed_in else []
    return [{"id": group.id, "name": group.name, "full_name": group.full_name or None} for group in known]


async def categories(request: Request) -> Response:
    """GET /categories.json: those of the first level, with `include_subcategories` theirs inside."""
    viewer = viewer_of(request)
    counts = await counts_of(viewer.rights.see)
    levels = await theme_levels(viewer)
    nested = request.query_params.get("include_subcategories") == "true"

    def shape(card: CategoryCard, position: int) -> neutral.Shape:
        own = list_shapes.category(card, viewer, counts.get(card.id, Counts()), position, levels)
        inner = [shape(child, n) for n, child in enumerate(card.children)] if nested else []
        return own | ({"subcategory_list": inner} if nested else {})

    return JsonResponse(
        {
            "category_list": {
                "can_create_category": False,
                "can_create_topic": bool(viewer.rights.create),
                "categories": [shape(card, n) for n, card in enumerate(visible_themes(viewer))],
            }
        }
    )


async def latest(request: Request) -> Response:
    """GET /latest.json?page="""
    return await _list(request, "/latest", viewer_of(request).rights.see)


async def category(request: Request) -> Response:
    """GET /c/{id}.json, /c/{slug}/{id}.json: a category's topics and its sub-categories'."""
    viewer = viewer_of(request)
    theme = theme_visible_to(viewer, id_of(request))
    family = frozenset({theme.id, *(child.id for child in theme.children)})
    return await _list(request, f"/c/{theme.slug}/{theme.id}", family & viewer.rights.see)


async def tag(request: Request) -> Response:
    """GET /tag/{name}.json: the topics that carry a tag."""
    viewer = viewer_of(request)
    found = await tag_visible_to(viewer, request.path_params["name"])
    return await _list(request, tag_path(found.name), viewer.rights.see, found)


async def tags(request: Request) -> Response:
    """GET /tags.json: the tags of what the viewer may see, with their counts."""
    found = await tags_visible_to(viewer_of(request), ALL_TAGS)
    return JsonResponse({"tags": [list_shapes.tag(card) for card in found], "extras": {"categories": []}})


async def _list(
    request: Request, path: str, category_ids: frozenset[int], tag: TagCard | None = None
) -> Response:
    """A page of a list: Discourse's page number becomes our cursor, in one statement."""
    viewer, key = viewer_of(request), tag.key if tag else None
    page = number_of(request.query_params, "page") or 0
    start = await cursor_at(category_ids, page, key) if page else None
    if page and start is None:
        return JsonResponse(list_shapes.topic_list([], viewer, None, tag))
    found = await topics_visible_to(viewer, category_ids=category_ids, tag=key, before=start)
    more = f"{path}?page={page + 1}" if found.next else None
    states = await read_states(viewer, [(topic.id, topic.highest_post_number) for topic in found.topics])
    return JsonResponse(list_shapes.topic_list(found.topics, viewer, more, tag, states))
