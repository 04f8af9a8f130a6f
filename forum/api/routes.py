"""The API's addresses: Discourse's, with `.json`; those that its clients also call without, without too."""

from starlette.routing import Route

from forum.api import groups, history, lists, moving, people, reading, writing
from forum.api.programs import Endpoint, programs


def _route(path: str, endpoint: Endpoint, *methods: str) -> Route:
    return Route(path, programs(endpoint), methods=list(methods) or ["GET"])


routes = [
    _route("/about.json", lists.about),
    _route("/site.json", lists.site),
    _route("/categories.json", lists.categories),
    _route("/latest.json", lists.latest),
    _route("/c/{id:int}.json", lists.category),
    _route("/c/{slug}/{id:int}.json", lists.category),
    _route("/tags.json", lists.tags),
    _route("/tag/{name}.json", lists.tag),
    _route("/t/external_id/{id:int}.json", reading.moved),
    _route("/t/{id:int}.json", reading.topic),
    _route("/t/{id:int}/posts.json", reading.topic_posts),
    _route("/t/{id:int}/{number:int}.json", reading.topic),
    _route("/t/-/{id:int}.json", writing.revise_title, "PUT"),
    _route("/t/{id:int}.json", writing.revise_title, "PUT"),
    _route("/t/{slug}/{id:int}.json", writing.revise_title, "PUT"),
    _route("/t/{slug}/{id:int}", writing.revise_title, "PUT"),
    _route("/t/{slug}/{id:int}.json", reading.topic),
    _route("/t/{id:int}/status", writing.set_status, "PUT"),
    _route("/t/{id:int}/status.json", writing.set_status, "PUT"),
    _route("/t/{id:int}/clear-pin", writing.unpin, "PUT"),
    _route("/t/{id:int}/clear-pin.json", writing.unpin, "PUT"),
    _route("/t/{id:int}/re-pin", writing.repin, "PUT"),
    _route("/t/{id:int}/re-pin.json", writing.repin, "PUT"),
    _route("/t/{id:int}/notifications.json", writing.set_level, "POST"),
    _route("/category/{id:int}/notifications", writing.set_category_level, "POST"),
    _route("/category/{id:int}/notifications.json", writing.set_category_level, "POST"),
    _route("/t/{id:int}/move-posts.json", moving.move, "POST"),
    _route("/t/{id:int}/merge-topic.json", moving.merge, "POST"),
    _route("/posts/by_number/{id:int}/{number:int}.json", reading.post_by_number),
    _route("/posts/{id:int}.json", reading.post),
    _route("/posts/by_number/{id:int}/{number:int}", reading.post_by_number),
    _route("/posts/{id:int}/replies.json", reading.replies),
    _route("/posts/{id:int}/reply-history.json", history.reply_history),
    _route("/posts/{id:int}/revisions/{number:int}.json", history.revision),
    _route("/posts.json", writing.create_post, "POST"),
    _route("/posts", writing.create_post, "POST"),
    _route("/posts/{id:int}.json", writing.revise, "PUT"),
    _route("/posts/{id:int}", writing.revise, "PUT"),
    _route("/posts/{id:int}.json", writing.delete, "DELETE"),
    _route("/posts/{id:int}", writing.delete, "DELETE"),
    _route("/post_actions", writing.like, "POST"),
    _route("/post_actions.json", writing.like, "POST"),
    _route("/post_actions/{id:int}", writing.unlike, "DELETE"),
    _route("/post_actions/{id:int}.json", writing.unlike, "DELETE"),
    _route("/post_voting/vote", writing.vote, "POST", "DELETE"),
    _route("/post_voting/vote.json", writing.vote, "POST", "DELETE"),
    _route("/solution/accept", writing.accept, "POST"),
    _route("/solution/accept.json", writing.accept, "POST"),
    _route("/solution/unaccept", writing.accept, "POST"),
    _route("/solution/unaccept.json", writing.accept, "POST"),
    _route("/topics/timings", writing.timings, "POST"),
    _route("/topics/timings.json", writing.timings, "POST"),
    _route("/groups.json", groups.index),
    _route("/groups/{name}/members.json", groups.members),
    _route("/groups/{name}.json", groups.show),
    _route("/u/{username}.json", people.user),
    _route("/users/{username}.json", people.user),
    _route("/session/current.json", people.current),
    _route("/notifications.json", people.notifications),
    _route("/notifications/mark-read.json", writing.read_notifications, "PUT"),
]
