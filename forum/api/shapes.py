"""Discourse's shapes: what its existing clients read. Fields and names are Discourse's."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from forum.accounts.queries import PersonCard
from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard
from forum.posts.models import PostType
from forum.posts.queries import PostCard
from forum.topics.queries import LIST_SIZE, TopicCard

Shape = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """A moment as Discourse writes it: UTC, milliseconds, Z."""
    return (
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z" if at else None
    )


def basic_user(person: PersonCard) -> Shape:
    """A member beside what they wrote."""
    return {"id": person.id, "username": person.username, "name": person.name, "avatar_template": ""}


def category(card: CategoryCard, viewer: Viewer, count: int) -> Shape:
    """A category in lists."""
    return {
        "id": card.id,
        "name": card.name,
        "slug": card.slug,
        "color": card.color,
        "text_color": "FFFFFF",
        "description": card.description,
        "description_text": card.description,
        "topic_count": count,
        "post_count": count,
        "position": 0,
        "parent_category_id": card.parent_id,
        "has_children": bool(card.children),
        "subcategory_ids": [child.id for child in card.children if viewer.may_see(child.id)],
        "read_restricted": card.restricted,
        "permission": 1 if viewer.may_create_in(card.id) else 2 if viewer.may_reply_in(card.id) else None,
        "notification_level": 1,
        "topic_url": None,
    }


def topic_row(topic: TopicCard) -> Shape:
    """A topic in lists."""
    return {
        "id": topic.id,
        "title": topic.title,
        "fancy_title": topic.title,
        "slug": topic.slug,
        "posts_count": topic.posts_count,
        "reply_count": topic.reply_count,
        "highest_post_number": topic.highest_post_number,
        "created_at": moment(topic.created_at),
        "last_posted_at": moment(topic.last_posted_at),
        "bumped_at": moment(topic.bumped_at),
        "bumped": True,
        "archetype": "regular",
        "pinned": topic.pinned,
        "visible": True,
        "closed": topic.closed,
        "archived": topic.archived,
        "views": topic.views,
        "like_count": topic.like_count,
        "category_id": topic.category_id,
        "tags": [],
        "has_accepted_answer": topic.solved,
        "last_poster_username": topic.last_poster.username,
        "posters": [
            {"user_id": topic.author.id, "extras": None, "description": "Original Poster"},
            {"user_id": topic.last_poster.id, "extras": "latest", "description": "Most Recent Poster"},
        ],
    }


def topic_list(topics: Iterable[TopicCard], viewer: Viewer, more_path: str | None) -> Shape:
    """A list of topics, with the members that it names."""
    rows = list(topics)
    people = {person.id: person for topic in rows for person in (topic.last_poster, topic.author)}
    return {
        "users": [basic_user(person) for person in people.values()],
        "primary_groups": [],
        "topic_list": {
            "can_create_topic": viewer.signed_in,
            "per_page": LIST_SIZE,
            "more_topics_url": more_path,
            "draft_key": "new_topic",
            "topics": [topic_row(topic) for topic in rows],
        },
    }


def post(card: PostCard, viewer: Viewer, topic: TopicCard, raw: str | None = None, vote: int = 0) -> Shape:
    """A post. `raw` is given where Discourse gives it."""
    shape: Shape = {
        "id": card.id,
        "name": card.author.name,
        "username": card.author.username,
        "avatar_template": "",
        "user_id": card.author.id,
        "user_title": card.author.title or None,
        "created_at": moment(card.created_at),
        "updated_at": moment(card.edited_at or card.created_at),
        "cooked": str(card.cooked),
        "post_number": card.number,
        "post_type": int(PostType[card.post_type.upper()]),
        "action_code": card.action_code,
        "reply_count": card.reply_count,
        "reply_to_post_number": card.reply_to.number if card.reply_to else None,
        "quote_count": 0,
        "score": card.score,
        "yours": viewer.id == card.author.id,
        "topic_id": card.topic_id,
        "topic_slug": card.topic_slug,
        "version": card.version,
        "like_count": card.up_count,
        "actions_summary": _actions(card, viewer, vote),
        "post_votes_count": card.score,
        "user_voted_direction": {1: "up", -1: "down"}.get(vote),
        "accepted_answer": card.accepted is not None,
        "topic_accepted_answer": topic.solved,
        "moderator": False,
        "admin": False,
        "staff": False,
        "hidden": False,
        "deleted_at": None,
        "edit_reason": None,
        "wiki": False,
    }
    if raw is not None:
        shape["raw"] = raw
    return shape


def _actions(card: PostCard, viewer: Viewer, vote: int) -> list[Shape]:
    """The like (number 2) is the up-vote."""
    if not card.up_count and not viewer.signed_in:
        return []
    like: Shape = {"id": 2, "count": card.up_count}
    if vote == 1:
        like |= {"acted": True, "can_undo": True}
    elif viewer.signed_in and viewer.id != card.author.id:
        like["can_act"] = True
    return [like]


def topic_view(
    topic: TopicCard,
    posts: list[Shape],
    stream: list[int] | None,
    mine: Mapping[str, Any],
    accepted: list[Shape],
) -> Shape:
    """A topic with some of its posts."""
    chunk: Shape = {"posts": posts}
    if stream is not None:
        chunk["stream"] = stream
    row = topic_row(topic)
    del row["posters"]
    return row | {
        "post_stream": chunk,
        "timeline_lookup": [],
        "user_id": topic.author.id,
        "chunk_size": 20,
        "draft_key": f"topic_{topic.id}",
        "last_read_post_number": mine.get("last_read"),
        "message_archived": False,
        "message_bus_last_id": 0,
        "accepted_answer": accepted[0] if accepted else None,
        "accepted_answers": accepted,
        "details": {
            "created_by": basic_user(topic.author),
            "last_poster": basic_user(topic.last_poster),
            "participants": [],
            "allowed_users": [],
            "allowed_groups": [],
            "notification_level": mine.get("level") or 1,
            "can_create_post": bool(mine.get("may_reply")),
            "can_edit": bool(mine.get("may_edit")),
        },
    }
