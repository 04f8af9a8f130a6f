"""Whatever becomes of topics, a theme counts its tags as if somebody went through all of them."""

import asyncio
import random

from forum.tags.jobs import add_up_tags
from forum.topics.actions import delete_topic, recover_topic, revise_topic
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, again

TAGS = ("cantine", "Cantine", "école", "eau", "voirie", "Régie directe", "regie-directe")
ACTS = 60


async def kept() -> dict[tuple[int, str, str], int]:
    rows = await sql(
        """SELECT category_id, key, name, SUM(topics) AS topics FROM tag_counts
            GROUP BY category_id, key, name HAVING SUM(topics) <> 0"""
    )
    return {(row["category_id"], row["key"], row["name"]): int(row["topics"]) for row in rows}


async def counted() -> dict[tuple[int, str, str], int]:
    """By going through the tags of all topics."""
    found: dict[tuple[int, str, str], int] = {}
    for row in await sql(
        """SELECT t.category_id, g.key, g.name FROM topic_tags g JOIN topics t ON t.id = g.topic_id
            WHERE t.deleted_at IS NULL"""
    ):
        key = row["category_id"], row["key"], row["name"]
        found[key] = found.get(key, 0) + 1
    return found


async def test_after_any_changes_the_counts_equal_a_recount(cast: Cast) -> None:
    chance, alice, mod = random.Random(7), await cast.alice(), await cast.mod()
    topics = [await a_question(cast, tags=chance.sample(TAGS, 2), private=bool(n % 2)) for n in range(6)]
    themes = sorted({topic.category_id for topic in topics})
    for _n in range(ACTS):
        topic = chance.choice(topics)
        gone = await sql("SELECT 1 FROM topics WHERE id = {0} AND deleted_at IS NOT NULL", topic.id)
        act = chance.choice(("revise", "move", "delete"))
        if act == "move":
            await sql("UPDATE topics SET category_id = {1} WHERE id = {0}", topic.id, chance.choice(themes))
        elif gone:
            await sql("UPDATE topics SET deleted_at = NULL WHERE id = {0}", topic.id)
        elif act == "delete":
            await sql("UPDATE topics SET deleted_at = created_at WHERE id = {0}", topic.id)
        else:
            await revise_topic(alice, await again(alice, topic), topic.title, chance.sample(TAGS, 3))
        assert await kept() == await counted()
    topic = await a_question(cast, tags=["eau"])
    await delete_topic(mod, topic)
    await recover_topic(mod, await again(mod, topic))
    assert await kept() == await counted()
    assert len(await kept()) > len(themes)
    await add_up_tags()
    assert await kept() == await counted()
    (rows,) = await sql("SELECT COUNT(*) AS n FROM tag_counts")
    assert rows["n"] == len(await counted()), "one row for each, none for what is carried no more"


async def test_a_topic_that_is_removed_for_good_takes_its_tags_from_the_count(cast: Cast) -> None:
    topic, other = await a_question(cast, tags=["eau", "école"]), await a_question(cast, tags=["eau"])
    await sql("DELETE FROM posts WHERE topic_id = {0}", topic.id)
    await sql("DELETE FROM topics WHERE id = {0}", topic.id)
    assert await kept() == await counted() == {(other.category_id, "eau", "eau"): 1}


async def test_twenty_who_ask_at_once_with_the_same_tags_wait_for_none_of_each_other(cast: Cast) -> None:
    """In one order or the other: a count that each of them changed would have them lock one another out."""
    orders = (["eau", "école", "voirie"], ["voirie", "école", "eau"])
    asking = (a_question(cast, title=f"Question number {n}", tags=orders[n % 2]) for n in range(20))
    await asyncio.gather(*asking, add_up_tags())
    assert set((await kept()).values()) == {20}
    await add_up_tags()
    assert await kept() == await counted()
