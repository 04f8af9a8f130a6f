"""Discourse's topic files, read and checked before anything is written.

A file holds a topic with some or all of its posts, as `/t/{id}.json` answers. It is recognised by what is in
it, not by its name; what cannot be read is refused with a reason, and never half taken.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct

MAX_FILE = 64 * 1024 * 1024
MAX_NUMBER = 2**31 - 1
LIKE = 2
SMALL_ACTION = 3
WHISPER = 4


class BadFile(Exception):
    """A file that is no topic, or one that cannot be stored."""


class Author(Struct, frozen=True):
    """A member as posts name them."""

    username: str
    name: str
    title: str


class SourcePost(Struct, frozen=True):
    """A post as it was elsewhere."""

    number: int
    author: Author
    created_at: datetime
    updated_at: datetime
    cooked: str
    raw: str | None
    reply_to: int | None
    post_type: int
    action_code: str | None
    likes: int
    version: int
    accepted: bool
    deleted_at: datetime | None


class SourceTopic(Struct, frozen=True):
    """A topic as it was elsewhere, with its posts in order.

    `tags` are as they were spelled; `whispers` counts posts for staff alone, which are left out; `absent`
    those that no file holds.
    """

    id: int
    title: str
    slug: str
    category_id: int
    created_at: datetime
    bumped_at: datetime | None
    last_posted_at: datetime | None
    last_poster: str
    highest_number: int
    views: int
    closed: bool
    archived: bool
    pinned: bool
    pinned_until: datetime | None
    unlisted: bool
    deleted_at: datetime | None
    tags: tuple[str, ...]
    whispers: int
    absent: int
    posts: tuple[SourcePost, ...]


def read_topic(paths: list[Path]) -> SourceTopic:
    """One topic from its files.

    Raises:
        BadFile: with the reason, for the report.
    """
    parts = [_read(path) for path in paths]
    rows = [row for part in parts for row in part["post_stream"]["posts"]]
    posts: dict[int, SourcePost] = {}
    for post in map(_post, rows):
        if post.post_type != WHISPER:
            posts.setdefault(post.number, post)
    if not posts:
        raise BadFile("it has no post")
    return _topic(parts, rows, tuple(posts[number] for number in sorted(posts)))


def load(path: Path) -> Any:
    """The JSON of a file.

    Raises:
        BadFile: it cannot be read, is too large, or is not JSON (lone surrogates are not).
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise BadFile("it is larger than 64 MB")
        return orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadFile("it is not JSON") from error
    except OSError as error:
        raise BadFile(f"it cannot be read ({error.strerror})") from error


def _read(path: Path) -> dict[str, Any]:
    data = load(path)
    stream = data.get("post_stream") if isinstance(data, dict) else None
    if not isinstance(stream, dict) or not isinstance(stream.get("posts"), list):
        raise BadFile("it is not a topic")
    if data.get("archetype") == "private_message":
        raise BadFile("it is a private message")
    return dict(data)


def _topic(parts: list[dict[str, Any]], rows: list[Any], posts: tuple[SourcePost, ...]) -> SourceTopic:
    data = parts[0]
    number = _number(data, "id")
    if any(part.get("id") != number for part in parts):
        raise BadFile("its files are of several topics")
    return SourceTopic(
        id=number,
        title=" ".join(_text(data, "title").split()) or f"Sujet {number}",
        slug=_text(data, "slug"),
        category_id=_optional(data, "category_id") or 0,
        created_at=_moment(data, "created_at") or posts[0].created_at,
        bumped_at=_moment(data, "bumped_at"),
        last_posted_at=_moment(data, "last_posted_at"),
        last_poster=_last_poster(data),
        highest_number=max(
            posts[-1].number, *(_optional(part, "highest_post_number") or 0 for part in parts)
        ),
        views=_optional(data, "views") or 0,
        closed=data.get("closed") is True,
        archived=data.get("archived") is True,
        pinned=data.get("pinned") is True,
        pinned_until=_moment(data, "pinned_until"),
        unlisted=data.get("visible") is False,
        deleted_at=_moment(data, "deleted_at"),
        tags=tuple(map(_tag, _list(data, "tags"))),
        whispers=sum(row.get("post_type") == WHISPER for row in rows),
        absent=len(_announced(parts) - {row.get("id") for row in rows}),
        posts=posts,
    )


def _tag(tag: Any) -> str:
    """A tag's name: by itself, or in an object as Discourse has written it since 2026."""
    named = tag if isinstance(tag, dict) else {"name": tag}
    return _text(named, "name")


def _last_poster(data: dict[str, Any]) -> str:
    details = data.get("details")
    person = details.get("last_poster") if isinstance(details, dict) else None
    return _text(person, "username") if isinstance(person, dict) else ""


def _announced(parts: list[dict[str, Any]]) -> set[int]:
    """The ids of all the topic's posts, also of those that no file holds."""
    return {id for part in parts for id in _list(part["post_stream"], "stream") if type(id) is int}


def _post(row: Any) -> SourcePost:
    if not isinstance(row, dict):
        raise BadFile("one of its posts is not an object")
    created = _moment(row, "created_at")
    if created is None:
        raise BadFile(f"post {row.get('post_number')} has no date")
    return SourcePost(
        number=_number(row, "post_number"),
        author=Author(_text(row, "username") or "inconnu", _text(row, "name"), _text(row, "user_title")),
        created_at=created,
        updated_at=_moment(row, "updated_at") or created,
        cooked=_text(row, "cooked"),
        raw=_text(row, "raw") if isinstance(row.get("raw"), str) else None,
        reply_to=_optional(row, "reply_to_post_number"),
        post_type=_optional(row, "post_type") or 1,
        action_code=_text(row, "action_code") or None,
        likes=_likes(row),
        version=_optional(row, "version") or 1,
        accepted=row.get("accepted_answer") is True,
        deleted_at=_moment(row, "deleted_at") or _hidden_at(row, created),
    )


def _hidden_at(row: dict[str, Any], created: datetime) -> datetime | None:
    """A post that was hidden, in an export that shows its words: here too only staff may read it."""
    shown = row.get("hidden") is True and row.get("cooked_hidden") is not True
    return _moment(row, "updated_at") or created if shown else None


def _likes(row: dict[str, Any]) -> int:
    for action in _list(row, "actions_summary"):
        if isinstance(action, dict) and action.get("id") == LIKE:
            return _optional(action, "count") or 0
    return 0


def _list(row: dict[str, Any], name: str) -> list[Any]:
    value = row.get(name)
    if value is not None and not isinstance(value, list):
        raise BadFile(f"{name} is not a list")
    return value or []


def _optional(row: dict[str, Any], name: str) -> int | None:
    return _number(row, name) if row.get(name) else None


def _number(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    if type(value) is not int or not 0 < value <= MAX_NUMBER:
        raise BadFile(f"{name} is not a number that can be kept")
    return value


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadFile(f"{name} is not a text")
    if "\x00" in value:
        raise BadFile(f"{name} holds a NUL")
    return value


def _moment(row: dict[str, Any], name: str) -> datetime | None:
    text = row.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadFile(f"{name} is not a date") from error
