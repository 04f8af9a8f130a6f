"""Discourse's topic files, read and checked before anything is written.

A file holds a topic with some or all of its posts, as `/t/{id}.json` answers. It is recognised by what is in
it, not by its name; what cannot be read is refused with a reason, and never half taken.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

MAX_FILE = 64 * 1024 * 1024
TOPIC_NUMBER = re.compile(r"(?:^|\.)(\d+)\.json$")
MAX_NUMBER = 2**31 - 1
LIKE = 2


class BadFile(Exception):
    """A file that is no topic, or one that cannot be stored."""


@dataclass(frozen=True, slots=True)
class Author:
    """A member as posts name them; `user_id` is Discourse's."""

    username: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class SourcePost:
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
    html_id: int


@dataclass(frozen=True, slots=True)
class SourceTopic:
    """A topic as it was elsewhere, with all its posts in order."""

    id: int
    title: str
    slug: str
    category_id: int
    created_at: datetime
    views: int
    closed: bool
    archived: bool
    pinned: bool
    deleted_at: datetime | None
    tags: int
    posts: tuple[SourcePost, ...] = field(repr=False)


def topic_files(folder: Path) -> dict[int, list[Path]]:
    """The files of each topic, by the number in their names (a topic may be in several)."""
    found: dict[int, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*.json")):
        match = TOPIC_NUMBER.search(path.name)
        if match:
            found[int(match[1])].append(path)
    return dict(sorted(found.items()))


def category_names(folder: Path) -> dict[int, dict[str, Any]]:
    """What `categories.json` or `site.json` beside the topics (or above them) say of categories."""
    found: dict[int, dict[str, Any]] = {}
    for place in (folder, folder.parent):
        for name in ("categories.json", "site.json"):
            if (place / name).is_file():
                for row in _categories(orjson.loads((place / name).read_bytes())):
                    found.setdefault(row["id"], row)
    return found


def _categories(data: Any) -> Iterator[dict[str, Any]]:
    rows = data.get("categories") or data.get("category_list", {}).get("categories", [])
    for row in rows:
        if isinstance(row, dict) and isinstance(row.get("id"), int) and isinstance(row.get("name"), str):
            yield row
            yield from _categories({"categories": row.get("subcategory_list") or []})


def read_topic(paths: list[Path]) -> SourceTopic:
    """One topic from its files.

    Raises:
        BadFile: with the reason, for the report.
    """
    parts = [_read(path) for path in paths]
    posts: dict[int, SourcePost] = {}
    for part in parts:
        for row in part["post_stream"]["posts"]:
            post = _post(row)
            posts.setdefault(post.number, post)
    if not posts:
        raise BadFile("it has no post")
    return _topic(parts[0], tuple(posts[number] for number in sorted(posts)))


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MAX_FILE:
        raise BadFile("it is larger than 64 MB")
    try:
        data = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise BadFile("it is not JSON") from error
    stream = data.get("post_stream") if isinstance(data, dict) else None
    if not isinstance(stream, dict) or not isinstance(stream.get("posts"), list):
        raise BadFile("it is not a topic")
    return dict(data)


def _topic(data: dict[str, Any], posts: tuple[SourcePost, ...]) -> SourceTopic:
    return SourceTopic(
        id=_number(data, "id"),
        title=_text(data, "title") or f"Sujet {data['id']}",
        slug=_text(data, "slug"),
        category_id=_number(data, "category_id") if data.get("category_id") else 0,
        created_at=_moment(data, "created_at") or posts[0].created_at,
        views=_number(data, "views") if data.get("views") else 0,
        closed=data.get("closed") is True,
        archived=data.get("archived") is True,
        pinned=data.get("pinned") is True,
        deleted_at=_moment(data, "deleted_at"),
        tags=len(data.get("tags") or ()),
        posts=posts,
    )


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
        reply_to=_number(row, "reply_to_post_number") if row.get("reply_to_post_number") else None,
        post_type=_number(row, "post_type") if row.get("post_type") else 1,
        action_code=_text(row, "action_code") or None,
        likes=_likes(row),
        version=_number(row, "version") if row.get("version") else 1,
        accepted=row.get("accepted_answer") is True,
        deleted_at=_moment(row, "deleted_at"),
        html_id=_number(row, "id") if row.get("id") else 0,
    )


def _likes(row: dict[str, Any]) -> int:
    for action in row.get("actions_summary") or ():
        if isinstance(action, dict) and action.get("id") == LIKE:
            return _number(action, "count") if action.get("count") else 0
    return 0


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
    except ValueError as error:
        raise BadFile(f"{name} is not a date") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
