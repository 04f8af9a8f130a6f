"""The API's moves of posts, named as Discourse names them."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.viewer import Viewer
from forum.api.programs import body_of, number_of, numbers_of, require_member, tags_of
from forum.api.writing import key_of
from forum.errors import NotFound
from forum.moves.actions import NewTopic, merge_topics, move_posts, split_topic
from forum.posts.new import NewPost
from forum.topics.queries import TopicCard, topic_visible_to
from forum.web import JsonResponse, id_of, viewer_of


async def move(request: Request) -> Response:
    """POST /t/{id}/move-posts.json: `post_ids[]`, and a `title` or a `destination_topic_id`."""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    post_ids = await numbers_of(request, "post_ids")
    if number_of(fields, "destination_topic_id") is not None:
        target = await _destination(viewer, fields)
        return _moved(await move_posts(viewer, topic, post_ids, target, key=key_of(request)))
    wish = NewTopic(
        fields.get("title", ""),
        number_of(fields, "category_id") or topic.category_id,
        fields.get("kind") or ("question" if topic.kind == "question" else "discussion"),
        await tags_of(request) or [],
    )
    return _moved(await split_topic(viewer, topic, post_ids, wish, key=key_of(request)))


async def merge(request: Request) -> Response:
    """POST /t/{id}/merge-topic.json: all of its posts go to `destination_topic_id`."""
    require_member(request)
    viewer, fields = viewer_of(request), await body_of(request)
    topic = await topic_visible_to(viewer, id_of(request))
    return _moved(await merge_topics(viewer, topic, await _destination(viewer, fields), key=key_of(request)))


async def _destination(viewer: Viewer, fields: dict[str, str]) -> TopicCard:
    number = number_of(fields, "destination_topic_id")
    if number is None:
        raise NotFound
    return await topic_visible_to(viewer, number)


def _moved(first: NewPost) -> Response:
    return JsonResponse({"success": True, "url": f"/t/{first.topic_slug}/{first.topic_id}"})
