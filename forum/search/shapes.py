"""What was found, in Discourse's shapes."""

from forum.accounts.viewer import Viewer
from forum.api.list_shapes import avatar, basic_user, moment, topic_row
from forum.api.neutral import Shape
from forum.search.queries import Results, TopicHit


def found(viewer: Viewer, results: Results) -> Shape:
    """`/search.json` and `/search/query.json`."""
    posts = [_post(hit) for hit in results.topics]
    return {
        "posts": posts,
        "topics": [topic_row(hit.topic) for hit in results.topics],
        "users": [basic_user(person) for person in results.people],
        "categories": [
            {"id": c.id, "name": c.name, "slug": c.slug, "color": c.color, "parent_category_id": c.parent_id}
            for c in results.categories
        ],
        "tags": [{"id": tag.slug, "name": tag.name, "topic_count": tag.count} for tag in results.tags],
        "groups": [],
        "organisations": [
            {"id": o.id, "slug": o.slug, "name": o.name, "kind": o.kind, "population": o.population}
            for o in results.organisations
        ],
        "grouped_search_result": {
            "term": results.asked.text,
            "more_posts": None,
            "more_users": None,
            "more_categories": None,
            "more_full_page_results": results.more or None,
            "search_log_id": None,
            "can_create_topic": bool(viewer.signed_in and viewer.rights.create),
            "error": None,
            "post_ids": [post["id"] for post in posts],
            "user_ids": [person.id for person in results.people],
            "category_ids": [card.id for card in results.categories],
            "tag_ids": [tag.slug for tag in results.tags],
            "group_ids": [],
        },
    }


def _post(hit: TopicHit) -> Shape:
    return {
        "id": hit.post_id,
        "name": hit.author.name,
        "username": hit.author.username,
        "avatar_template": avatar(hit.author.picture),
        "created_at": moment(hit.created_at),
        "like_count": hit.like_count,
        "blurb": str(hit.extract.striptags()),
        "post_number": hit.post_number,
        "topic_id": hit.topic.id,
        "topic_title_headline": str(hit.title),
    }
