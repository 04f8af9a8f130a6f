"""What a move of posts changes on the pages of the topic that they left and of the one that they came to."""

from forum.live import Patches, append, ask_again, presents, remove, render, replace
from forum.posts.queries import CARD_COLUMNS, CARD_TABLES, PostCard, cards_by_id, cards_of, post_card
from forum.topics.live import head
from forum.topics.queries import topic_in_channel
from realtime.sql import sql

# Beyond, a page is told to read again what it shows.
MOST_SHOWN = 60


@presents("posts.moved", on="topic")
async def show_moved_posts(topic_id: int, move_id: int) -> Patches:
    """Cards go, and a line stands in their place; or they come, at the end of the stream."""
    topic = await topic_in_channel(topic_id)
    moves = await sql("SELECT from_topic_id, stand_in_id FROM post_moves WHERE id = {0}", move_id)
    if topic is None or not moves:
        return []
    post_ids = await _posts_of(move_id)
    if len(post_ids) > MOST_SHOWN:
        return [ask_again()]
    if moves[0]["from_topic_id"] == topic_id:
        changed = [*await _gone(post_ids, moves[0]["stand_in_id"]), *await _near(topic_id, move_id)]
    else:
        here = await cards_by_id(topic_id, post_ids)
        changed = [append(f"topic-{topic_id}-posts", _card(post)) for post in here]
    return [*changed, await head(topic)]


async def _posts_of(move_id: int) -> list[int]:
    rows = await sql(
        f"SELECT post_id FROM moved_posts WHERE move_id = {{0}} ORDER BY post_number LIMIT {MOST_SHOWN + 1}",
        move_id,
    )
    return [row["post_id"] for row in rows]


async def _gone(post_ids: list[int], stand_in_id: int | None) -> Patches:
    line = await post_card(stand_in_id) if stand_in_id else None
    first = [replace(f"post-{post_ids[0]}", _card(line))] if line else []
    return [*first, *(remove(f"post-{post_id}") for post_id in post_ids)]


async def _near(topic_id: int, move_id: int) -> Patches:
    """The posts that stayed and answer, or are answered by, those that went."""
    rows = await sql(
        f"""SELECT {CARD_COLUMNS} FROM {CARD_TABLES} WHERE p.topic_id = {{0}} AND p.post_type <> 3 AND
            (p.post_number IN (SELECT reply_to_post_number FROM moved_posts WHERE move_id = {{1}})
            OR p.reply_to_post_number IN (SELECT post_number FROM moved_posts WHERE move_id = {{1}}))
            ORDER BY p.post_number LIMIT {MOST_SHOWN}""",
        topic_id,
        move_id,
    )
    return [replace(f"post-{post.id}", _card(post)) for post in await cards_of(rows)]


def _card(post: PostCard) -> str:
    return render("posts/_card.html", post=post)
