"""What the database holds at the end: posts, the live log, where its channels stand."""

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg

# A write carries its op in its text, so that the database alone says which op made which post.
OP = re.compile(r"\bop:([\w-]+)")

POSTS = "SELECT id, topic_id, post_number, raw FROM posts ORDER BY topic_id, post_number"
EVENTS = "SELECT channel, number, kind, data FROM live_events ORDER BY channel, number"
PLACES = "SELECT id, category_id FROM topics"
RESTRICTED = "SELECT DISTINCT category_id FROM category_groups"
HEADS = "SELECT name, last_offset FROM live_channels"


@dataclass(frozen=True, slots=True)
class Post:
    """A stored post; `op` is "" for what no writer wrote."""

    id: int
    topic: int
    number: int
    op: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the log: its kind, and the post that it names, if any."""

    kind: str
    post: int | None


@dataclass(slots=True)
class Stored:
    """The database as the checker sees it.

    Attributes:
        events: channel → number → event.
        heads: channel → its last number, as its counter says.
        themes: topic → the theme where it stands at the end.
        restricted: the themes that are not open to all.
    """

    posts: list[Post] = field(default_factory=list)
    events: dict[str, dict[int, Told]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    themes: dict[int, int] = field(default_factory=dict)
    restricted: set[int] = field(default_factory=set)

    def lists(self, channel: str, post: int | None) -> bool:
        """Whether a list's channel may still tell of this post: its topic may have left the list."""
        topic = next((one.topic for one in self.posts if one.id == post), None)
        theme = self.themes.get(topic) if topic is not None else None
        if channel == "latest":
            return theme not in self.restricted
        return not channel.startswith("category:") or channel == f"category:{theme}"


async def read_stored(url: str) -> Stored:
    """Read it all; `url` as in RELAIS_DATABASE_URL."""
    queries = (POSTS, EVENTS, HEADS, PLACES, RESTRICTED)
    posts, events, heads, themes, restricted = await _rows(url, queries)
    stored = Stored(heads=dict(heads), themes=dict(themes), restricted={row[0] for row in restricted})
    for id, topic, number, raw in posts:
        op = OP.search(raw)
        stored.posts.append(Post(id, topic, number, op[1] if op else ""))
    for channel, number, kind, data in events:
        stored.events.setdefault(channel, {})[number] = Told(kind, json.loads(data).get("post_id"))
    return stored


async def read_heads(url: str) -> dict[str, int]:
    """Where each channel stands now."""
    return dict((await _rows(url, (HEADS,)))[0])


async def _rows(url: str, queries: Iterable[str]) -> list[list[Any]]:
    if url.startswith("sqlite"):
        path = unquote(urlsplit(url).path)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
            return [database.execute(query).fetchall() for query in queries]
    connection = await asyncpg.connect(url)
    try:
        return [[tuple(row) for row in await connection.fetch(query)] for query in queries]
    finally:
        await connection.close()
