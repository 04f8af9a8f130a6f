"""A topic read by threads: each reply under the post that it answers."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from forum.posts.queries import PostCard, cards_by_id
from realtime.sql import sql

ROOTS = 20
# Under the roots of one page: beyond, a post's own page of replies shows the rest.
MOST = 300
GENERATIONS = 30
# How far replies move to the right; those below stay there, and say whom they answer.
DEEPEST = 4

ORDERS = {"top": "p.score DESC, p.post_number", "new": "p.post_number DESC", "old": "p.post_number"}

# The first post is above all threads; what answers it answers the topic, as does what answers nothing here.
IS_ROOT = """p.topic_id = {0} AND p.post_number > 1 AND (p.reply_to_post_number IS NULL
    OR p.reply_to_post_number = 1 OR p.reply_to_post_number >= p.post_number OR NOT EXISTS
    (SELECT 1 FROM posts r WHERE r.topic_id = p.topic_id AND r.post_number = p.reply_to_post_number))"""


class Threads(Struct, frozen=True):
    """One page of threads, in reading order: each card with how far below its root it stands.

    `cut` says that some replies are left to the pages of the posts that they answer.
    """

    cards: list[tuple[int, PostCard]]
    pages: int
    cut: bool


async def threads_of(topic_id: int, sort: str, page: int) -> Threads:
    """The threads of a topic, twenty roots a page; on the first page, below the post that opens it.

    Args:
        sort: a key of `ORDERS`. Replies are in the order of time, with "top" the most useful first.
    """
    counted = await sql(f"SELECT COUNT(*) AS n FROM posts p WHERE {IS_ROOT}", topic_id)
    roots = await sql(
        f"SELECT p.id, p.post_number FROM posts p WHERE {IS_ROOT} ORDER BY {ORDERS[sort]}"
        f" LIMIT {ROOTS} OFFSET {{1}}",
        topic_id,
        ROOTS * (page - 1),
    )
    below = await _below(topic_id, [row["post_number"] for row in roots])
    ids = [row["id"] for row in [*roots, *below[:MOST]]]
    cards = {card.number: card for card in await cards_by_id(topic_id, [*ids, *await _first(topic_id, page)])}
    order = list(_walk([row["post_number"] for row in roots], _children(below[:MOST], cards, sort)))
    if page == 1 and 1 in cards:
        order.insert(0, (0, 1))
    pages = max(1, -(-counted[0]["n"] // ROOTS))
    return Threads([(depth, cards[number]) for depth, number in order], pages, len(below) > MOST)


async def _first(topic_id: int, page: int) -> list[int]:
    if page > 1:
        return []
    rows = await sql("SELECT id FROM posts WHERE topic_id = {0} AND post_number = 1", topic_id)
    return [row["id"] for row in rows]


async def _below(topic_id: int, roots: list[int]) -> list[dict[str, Any]]:
    """The posts under these, those nearest to their root first; one more than are shown, if there are.

    The plus before a number keeps SQLite from looking replies up by their number rather than by their parent.
    """
    numbers = ", ".join(map(str, roots)) or "0"
    return await sql(
        f"""WITH RECURSIVE below(id, post_number, parent, depth) AS (
                SELECT id, post_number, reply_to_post_number, 1 FROM posts
                WHERE topic_id = {{0}} AND reply_to_post_number IN ({numbers})
                    AND +post_number > reply_to_post_number
                UNION ALL
                SELECT p.id, p.post_number, p.reply_to_post_number, b.depth + 1 FROM below b
                JOIN posts p ON p.topic_id = {{0}} AND p.reply_to_post_number = b.post_number
                    AND +p.post_number > b.post_number
                WHERE b.depth < {GENERATIONS})
            SELECT id, post_number, parent FROM below ORDER BY depth, post_number LIMIT {MOST + 1}""",
        topic_id,
    )


def _children(rows: list[dict[str, Any]], cards: dict[int, PostCard], sort: str) -> dict[int, list[int]]:
    """The numbers that answer each number, in the order in which they are read."""
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row["parent"]].append(row["post_number"])
    if sort == "top":
        for numbers in found.values():
            numbers.sort(key=lambda number: (-cards[number].score, number))
    return found


def _walk(numbers: list[int], children: dict[int, list[int]]) -> Iterator[tuple[int, int]]:
    """(depth, number) of each, what answers it right after it. Without recursion: threads may be long."""
    waiting = [(0, number) for number in reversed(numbers)]
    while waiting:
        depth, number = waiting.pop()
        yield min(depth, DEEPEST), number
        waiting += [(depth + 1, reply) for reply in reversed(children.get(number, []))]
