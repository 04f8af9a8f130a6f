"""Discourse's shapes: what its existing clients read. Fields and names are Discourse's."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from forum.accounts.queries import PersonCard
from forum.accounts.viewer import Viewer
from forum.api.queries import CHUNK, Counts, Roles
from forum.api.rights import Rights, rights_on
from forum.categories.queries import CategoryCard
from forum.markdown.excerpts import excerpt
from forum.posts.models import PostType
from forum.posts.pages import Revision
from forum.posts.queries import PostAt, PostCard
from forum.tags.names import tag_slug
from forum.tags.queries import TagCard
from forum.topics.queries import LIST_SIZE, TopicCard
from realtime.sql import as_datetime

Shape = dict[str, Any]
EXCERPT = 200


def moment(at: datetime | None) -> str | None:
    """A moment as Discourse writes it: UTC, milliseconds, Z."""
    return (
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z" if at else None
    )


def basic_user(person: PersonCard) -> Shape:
    """A member beside what they wrote."""
    return {"id": person.id, "username": person.username, "name": person.name, "avatar_template": ""}


def category(card: CategoryCard, viewer: Viewer, counts: Counts, position: int) -> Shape:
    """A category in lists."""
    return {
        "id": card.id,
        "name": card.name,
        "slug": card.slug,
        "color": card.color,
        "text_color": "FFFFFF",
        "description": card.description,
        "description_text": card.description,
        "topic_count": counts.topics,
        "post_count": counts.posts,
        "position": position,
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
        "tags": [tag_slug(name) for name in topic.tags],
        "has_accepted_answer": topic.solved,
        "last_poster_username": topic.last_poster.username,
        "posters": _posters(topic),
    }


def _posters(topic: TopicCard) -> list[Shape]:
    """Who asked and who wrote last: one line when they are the same."""
    first, last = topic.author, topic.last_poster
    if first.id == last.id:
        both = "Original Poster, Most Recent Poster"
        return [
            {"user_id": first.id, "username": first.username, "extras": "latest single", "description": both}
        ]
    return [
        {"user_id": first.id, "username": first.username, "extras": None, "description": "Original Poster"},
        {
            "user_id": last.id,
            "username": last.username,
            "extras": "latest",
            "description": "Most Recent Poster",
        },
    ]


def topic_list(
    topics: Iterable[TopicCard], viewer: Viewer, more_path: str | None, tag: TagCard | None = None
) -> Shape:
    """A list of topics, with the members that it names, and the tag if it is the list of one."""
    rows = list(topics)
    people = {person.id: person for topic in rows for person in (topic.last_poster, topic.author)}
    tags = {"tags": [{"id": tag.slug, "name": tag.slug, "topic_count": tag.count}]} if tag else {}
    return {
        "users": [basic_user(person) for person in people.values()],
        "primary_groups": [],
        "topic_list": {
            "can_create_topic": bool(viewer.rights.create),
            "per_page": LIST_SIZE,
            "more_topics_url": more_path,
            "draft_key": "new_topic",
            "topics": [topic_row(topic) for topic in rows],
            **tags,
        },
    }


def tag(card: TagCard) -> Shape:
    """A tag among all; its name is its number too, as Discourse had it."""
    return {
        "id": card.slug,
        "text": card.slug,
        "name": card.slug,
        "slug": card.slug,
        "count": card.count,
        "pm_count": 0,
        "target_tag": None,
    }


def post(
    card: PostCard, viewer: Viewer, topic: TopicCard, *, raw: str | None, vote: int, role: Roles
) -> Shape:
    """A post, with what the viewer may do with it.

    Args:
        raw: its text, where Discourse gives it.
        vote: the viewer's own, ±1 or 0.
        role: what its author is on this site.
    """
    rights = rights_on(card, viewer, topic)
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
        "actions_summary": _actions(card, rights, vote),
        "post_votes_count": card.score,
        "user_voted_direction": {1: "up", -1: "down"}.get(vote),
        "accepted_answer": card.accepted is not None,
        "topic_accepted_answer": topic.solved,
        "can_edit": rights.edit,
        "can_delete": rights.delete,
        "can_recover": False,
        "can_accept_answer": rights.accept and card.accepted is None,
        "can_unaccept_answer": rights.accept and card.accepted is not None,
        "moderator": role.moderator,
        "admin": role.admin,
        "staff": role.admin or role.moderator,
        "hidden": False,
        "deleted_at": None,
        "edit_reason": None,
        "wiki": False,
    }
    if raw is not None:
        shape["raw"] = raw
    return shape


def _actions(card: PostCard, rights: Rights, vote: int) -> list[Shape]:
    """The like (number 2) is the up-vote; nothing to tell where there is none and none may be given."""
    like: Shape = {"id": 2, "count": card.up_count}
    if vote == 1:
        like |= {"acted": True, "can_undo": rights.vote}
    elif rights.vote:
        like["can_act"] = True
    return [like] if card.up_count or rights.vote else []


def accepted(row: Mapping[str, Any]) -> Shape:
    """An accepted answer in its topic's head."""
    return {
        "post_id": row["post_id"],
        "post_number": row["post_number"],
        "username": row["username"],
        "name": row["name"] or row["username"],
        "excerpt": excerpt(row["cooked"], EXCERPT),
        "accepter_username": row["accepter_username"],
        "accepter_name": row["accepter_name"] or row["accepter_username"],
        "accepted_at": moment(as_datetime(row["accepted_at"])),
    }


def revision(place: PostAt, edit: Revision, last: int) -> Shape:
    """What an edit changed; numbers are those of the versions that the edits made."""
    return {
        "post_id": place.id,
        "created_at": moment(edit.at),
        "username": edit.editor.username,
        "display_username": edit.editor.username,
        "acting_user_name": edit.editor.name,
        "avatar_template": "",
        "edit_reason": edit.reason or None,
        "first_revision": 2,
        "previous_revision": edit.version - 1 if edit.version > 2 else None,
        "current_revision": edit.version,
        "next_revision": edit.version + 1 if edit.version < last else None,
        "last_revision": last,
        "current_version": edit.version,
        "version_count": last,
        "body_changes": {"inline": str(edit.diff)},
    }


def participant(row: Mapping[str, Any]) -> Shape:
    """Somebody who wrote in a topic, and how often."""
    return {
        "id": row["id"],
        "username": row["username"],
        "name": row["name"] or row["username"],
        "avatar_template": "",
        "post_count": row["post_count"],
    }


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
        "chunk_size": CHUNK,
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
