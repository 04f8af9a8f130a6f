"""Discourse's shapes of topics and posts: fields and names are those that its existing clients read."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.nobody import shown_name
from forum.accounts.viewer import Viewer
from forum.api import neutral
from forum.api.list_shapes import avatar, basic_user, moment, pins, topic_row
from forum.api.neutral import Shape
from forum.api.queries import CHUNK, Roles
from forum.api.rights import Rights, rights_on
from forum.markdown.excerpts import excerpt
from forum.posts.models import PostType
from forum.posts.pages import Revision
from forum.posts.queries import PostAt, PostCard
from forum.topics.queries import TopicCard
from realtime.sql import as_datetime

EXCERPT = 200


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
    shape: Shape = neutral.POST | {
        "id": card.id,
        "display_username": card.author.name,
        "name": card.author.name,
        "username": card.author.username,
        "avatar_template": avatar(card.author.picture),
        "user_id": card.author.id,
        "user_title": card.author.title or None,
        "author_organisation": _signature(card),
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
        "post_url": f"/t/{card.topic_slug}/{card.topic_id}/{card.number}",
        "posts_count": topic.posts_count,
        "can_view_edit_history": card.version > 1,
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
    for annex in card.annexes:
        shape |= annex.shape
    if raw is not None:
        shape["raw"] = raw
    return shape


def _signature(card: PostCard) -> Shape | None:
    """For whom the author spoke that day; `slug` is null once the organisation is not in the directory."""
    if card.signature is None:
        return None
    return {
        "name": card.signature.organisation,
        "slug": card.signature.slug or None,
        "function": card.signature.function,
        "verified": card.signature.verified,
    }


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
        "name": shown_name(row["name"], row["username"]),
        "excerpt": excerpt(row["cooked"], EXCERPT),
        "accepter_username": row["accepter_username"],
        "accepter_name": shown_name(row["accepter_name"], row["accepter_username"]),
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
        "avatar_template": avatar(edit.editor.picture),
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
    return neutral.NO_GROUP | {
        "id": row["id"],
        "username": row["username"],
        "name": shown_name(row["name"], row["username"]),
        "avatar_template": avatar(row["picture"]),
        "post_count": row["post_count"],
        "admin": bool(row["admin"]),
        "moderator": bool(row["moderator"]),
        "trust_level": 2,
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
    row = topic_row(topic) | pins(topic, cleared=bool(mine.get("pin_cleared")))
    del row["posters"]
    return (
        neutral.TOPIC
        | row
        | {
            "post_stream": chunk,
            "timeline_lookup": [],
            "pinned_until": moment(topic.pinned_until) if topic.pinned and topic.pinned_until else None,
            "user_id": topic.author.id,
            "chunk_size": CHUNK,
            "draft_key": f"topic_{topic.id}",
            "last_read_post_number": mine.get("last_read"),
            "message_archived": False,
            "message_bus_last_id": 0,
            "accepted_answer": accepted[0] if accepted else None,
            "accepted_answers": accepted,
            "details": neutral.DETAILS
            | {
                "created_by": basic_user(topic.author),
                "last_poster": basic_user(topic.last_poster),
                "participants": [],
                "allowed_users": [],
                "allowed_groups": [],
                "notification_level": mine.get("level") or 1,
                "can_create_post": bool(mine.get("may_reply")),
                "can_edit": bool(mine.get("may_edit")),
                "can_close_topic": bool(mine.get("may_moderate")),
                "can_delete": bool(mine.get("may_moderate")),
                "can_moderate_category": bool(mine.get("may_moderate")),
            },
        }
    )
