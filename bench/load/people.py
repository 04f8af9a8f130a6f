"""Members with sessions, and topics, made by the product's own functions before it is served."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.accounts.sessions import open_session
from forum.api.keys import create_key
from forum.categories.actions import create_category, touch_site
from forum.database import close_database, migrate, open_database
from forum.topics.actions import open_topic
from realtime import log


@dataclass(frozen=True, slots=True)
class People:
    """Who is there.

    Attributes:
        key: a program's key, for everyone and without limits.
        cookies: the token of a session for each member.
        ids: the members' ids.
        topics: ids.
    """

    key: str
    cookies: tuple[str, ...]
    ids: tuple[int, ...]
    topics: tuple[int, ...]


def gather(data: Path, members: int, topics: int) -> People:
    """Make a site in a new folder; `writer` has opened the topics."""
    data.mkdir(parents=True)
    return asyncio.run(_gather(f"sqlite://{data / 'relais.sqlite3'}", members, topics))


async def _gather(url: str, members: int, topics: int) -> People:
    await migrate(url)
    await open_database(url)
    try:
        async with log.transaction():
            await touch_site()
            users = [await create_user(f"member{n}", None, None) for n in range(members)]
            cookies = [await open_session(user.id, "127.0.0.1", "load") for user in users]
        opened = await _open_topics(topics)
        key = await create_key(None, unlimited=True)
        return People(key, tuple(cookies), tuple(user.id for user in users), opened)
    finally:
        await close_database()


async def _open_topics(count: int) -> tuple[int, ...]:
    writer = await create_user("writer", None, None)
    theme = await create_category("School meals")
    author = await viewer_of_id(writer.id, "fr")
    assert author is not None
    words = "We serve sixty meals a day and look for advice."
    titles = [f"Who cooks for sixty children, case {n}?" for n in range(count)]
    made = [await open_topic(author, theme.id, "question", title, words) for title in titles]
    return tuple(post.topic_id for post in made)
