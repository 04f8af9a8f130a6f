"""What the core lets people find: topics, posts and members."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from forum.kinds.queries import prose_of
from forum.markdown.excerpts import all_words
from forum.search.sources import EVERYWHERE, Document, Source
from realtime.sql import sql

# What of a long text is indexed, in letters.
MAX_BODY = 20_000
ADDRESS = re.compile(r"https?://\S+")


def plain(cooked: str) -> str:
    """The words of a cooked post that somebody may look for: an address written out is none."""
    return ADDRESS.sub(" ", all_words(cooked, MAX_BODY))


def _in(numbers: Sequence[int]) -> str:
    return ids(frozenset(numbers))


async def _topics(numbers: Sequence[int]) -> list[Document]:
    """A topic is found by its title, its tags, what it asks or tells, and the answers that were accepted."""
    rows = await sql(
        f"""SELECT t.id, t.category_id, t.kind, t.title, t.tag_names, p.cooked
            FROM topics t JOIN posts p ON p.topic_id = t.id
            WHERE t.id IN ({_in(numbers)}) AND t.deleted_at IS NULL AND p.deleted_at IS NULL
                AND (p.post_number = 1 OR p.id IN (SELECT post_id FROM accepted_answers))
            ORDER BY t.id, p.post_number"""
    )
    fields = await _fields(rows)
    found: dict[int, Document] = {}
    for row in rows:
        before = found[row["id"]].body if row["id"] in found else fields.get(row["id"], "")
        body = f"{before}\n{plain(row['cooked'])}"
        title = f"{row['title']}\n{row['tag_names']}"
        found[row["id"]] = Document(row["id"], title, body[:MAX_BODY], row["category_id"])
    return list(found.values())


async def _fields(rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """What was written in the typed fields of these topics."""
    found: dict[int, str] = {}
    for kind in {row["kind"] for row in rows}:
        found |= await prose_of(kind, [row["id"] for row in rows if row["kind"] == kind])
    return found


async def _posts(numbers: Sequence[int]) -> list[Document]:
    rows = await sql(
        f"""SELECT p.id, p.cooked, t.category_id FROM posts p JOIN topics t ON t.id = p.topic_id
            WHERE p.id IN ({_in(numbers)}) AND p.post_number > 1 AND p.post_type <> 3
                AND p.deleted_at IS NULL AND t.deleted_at IS NULL"""
    )
    return [Document(row["id"], "", plain(row["cooked"])[:MAX_BODY], row["category_id"]) for row in rows]


async def _users(numbers: Sequence[int]) -> list[Document]:
    """A member is found by what everyone may read of them."""
    rows = await sql(
        f"""SELECT u.id, u.username, u.name, u.title, u.affiliation, f.skills, f.audience FROM users u
            LEFT JOIN user_profiles f ON f.user_id = u.id
            WHERE u.id IN ({_in(numbers)}) AND u.deactivated_at IS NULL"""
    )
    return [
        Document(
            row["id"],
            f"{row['name']} {row['username']}",
            f"{row['title']}\n{row['affiliation']}\n"
            + ((row["skills"] or "") if row["audience"] == "everyone" else ""),
            EVERYWHERE,
        )
        for row in rows
    ]


def _ids_of(table: str, more: str = "") -> Callable[[int, int], Awaitable[list[int]]]:
    async def after(last: int, most: int) -> list[int]:
        rows = await sql(
            f"SELECT id FROM {table} WHERE id > {{0}} {more} ORDER BY id LIMIT {{1}}", last, most
        )
        return [row["id"] for row in rows]

    return after


def _topic_visible(viewer: Viewer) -> str:
    return f"""EXISTS (SELECT 1 FROM topics t WHERE t.id = d.item_id AND t.deleted_at IS NULL
        AND t.category_id IN ({ids(viewer.rights.see)}))"""


def _post_visible(viewer: Viewer) -> str:
    return f"""EXISTS (SELECT 1 FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.id = d.item_id
        AND p.deleted_at IS NULL AND t.deleted_at IS NULL AND t.category_id IN ({ids(viewer.rights.see)}))"""


def _user_visible(viewer: Viewer) -> str:
    return "EXISTS (SELECT 1 FROM users u WHERE u.id = d.item_id AND u.deactivated_at IS NULL)"


TOPICS = Source("topic", _topics, _ids_of("topics"), _topic_visible)
POSTS = Source("post", _posts, _ids_of("posts", "AND post_number > 1"), _post_visible)
USERS = Source("user", _users, _ids_of("users"), _user_visible)
