"""Discourse's shapes of lists: categories, topics, tags, and the members that stand beside them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from forum.accounts.queries import PersonCard
from forum.accounts.viewer import Viewer
from forum.api import neutral
from forum.api.neutral import Shape
from forum.api.queries import Counts
from forum.categories.queries import CategoryCard
from forum.reading.queries import ReadState
from forum.tags.names import tag_slug
from forum.tags.queries import TagCard
from forum.topics.queries import LIST_SIZE, TopicCard


def moment(at: datetime | None) -> str | None:
    """A moment as Discourse writes it: UTC, milliseconds, Z."""
    return (
        at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z" if at else None
    )


def avatar(picture: str) -> str:
    """The address of a member's picture, with Discourse's `{size}` in it; "" for initials."""
    return f"/uploads/pictures/{picture}/{{size}}.webp" if picture else ""


def basic_user(person: PersonCard) -> Shape:
    """A member beside what they wrote."""
    return {
        "id": person.id,
        "username": person.username,
        "name": person.name,
        "avatar_template": avatar(person.picture),
    }


def category(
    card: CategoryCard, viewer: Viewer, counts: Counts, position: int, levels: Mapping[int, int]
) -> Shape:
    """A category in lists; `levels`: how closely the viewer follows which (`theme_levels`)."""
    children = [child.id for child in card.children if viewer.may_see(child.id)]
    return neutral.CATEGORY | {
        "id": card.id,
        "name": card.name,
        "slug": card.slug,
        "color": card.color,
        "text_color": "FFFFFF",
        "description": card.description,
        "description_text": card.description,
        "description_excerpt": card.description,
        "icon": card.icon,
        "topic_count": counts.topics,
        "post_count": counts.posts,
        "topics_day": counts.day,
        "topics_week": counts.week,
        "topics_month": counts.month,
        "topics_year": counts.year,
        "topics_all_time": counts.topics,
        "position": position,
        "parent_category_id": card.parent_id,
        "has_children": bool(children),
        "subcategory_count": len(children),
        "subcategory_ids": children,
        "read_restricted": card.restricted,
        "permission": 1 if viewer.may_create_in(card.id) else 2 if viewer.may_reply_in(card.id) else None,
        "notification_level": levels.get(card.id, 1),
        "topic_url": None,
    }


def topic_row(topic: TopicCard, state: ReadState | None = None) -> Shape:
    """A topic in lists; with what the viewer has read of it, if they are a member."""
    return neutral.ROW | {
        "id": topic.id,
        "kind": topic.kind,
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
        **pins(topic, cleared=state is not None and state.pin_cleared),
        "visible": True,
        "closed": topic.closed,
        "archived": topic.archived,
        "views": topic.views,
        "like_count": topic.like_count,
        "category_id": topic.category_id,
        "tags": [tag_slug(name) for name in topic.tags],
        "has_accepted_answer": topic.solved,
        "reuse_count": topic.reuse_count,
        "last_poster_username": topic.last_poster.username,
        "posters": _posters(topic),
        **(_read(state) if state else {}),
    }


def pins(topic: TopicCard, *, cleared: bool) -> Shape:
    """Discourse's words: `pinned` for this viewer, `unpinned` by them, `pinned_globally` beyond its theme."""
    return {
        "pinned": topic.pinned and not cleared,
        "unpinned": True if topic.pinned and cleared else None,
        "pinned_globally": topic.pinned and not topic.pinned_in_theme,
    }


def _read(state: ReadState) -> Shape:
    seen = {"unseen": state.new, "unread_posts": state.unread, "notification_level": state.level}
    return seen if state.new else seen | {"last_read_post_number": state.last_read}


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
    topics: Iterable[TopicCard],
    viewer: Viewer,
    more_path: str | None,
    tag: TagCard | None = None,
    states: Mapping[int, ReadState] | None = None,
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
            "draft": None,
            "draft_sequence": 0,
            "topics": [topic_row(topic, (states or {}).get(topic.id)) for topic in rows],
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
