"""What answers a question in none of its words is found, by those who may see it."""

import asyncio
import os
import signal

import pytest

from forum.accounts.viewer import Viewer
from forum.meanings.indexing import index_meanings
from forum.meanings.process import Away
from forum.meanings.queries import nearest_in_meaning, use_meanings
from forum.search.asked import read_question
from forum.search.indexing import index_all_pending
from forum.search.queries import search, topic_cards
from forum.suggestions.queries import Draft, similar
from forum.topics.actions import delete_topic
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, again
from tests.meanings.conftest import Knowing
from tests.waiting import until

ASKED = "qui s’occupe des toutous perdus dans la rue"
TITLE, TEXT = "Capture des chiens errants", "La fourrière est à quarante kilomètres et ne se déplace plus."


async def found(viewer: Viewer, typed: str = ASKED) -> list[str]:
    return [hit.topic.title for hit in (await search(viewer, read_question(typed))).topics]


async def some_topics(cast: Cast) -> None:
    for title in ("Repas de la cantine trop chers", "Registre des délibérations", "Élagage des platanes"):
        await a_question(cast, title=title)


async def test_what_answers_in_none_of_the_words_is_found_and_suggested(cast: Cast, knowing: Knowing) -> None:
    await some_topics(cast)
    await a_question(cast, title=TITLE, raw=TEXT)
    await knowing.read()
    eve = await cast.eve()
    assert (await found(eve))[0] == TITLE
    assert next(one.title for one in await similar(eve, Draft(ASKED, "", None))) == TITLE
    use_meanings(None)
    assert TITLE not in await found(eve), "its words alone do not tell"


async def test_by_date_only_what_holds_the_words_is_listed(cast: Cast, knowing: Knowing) -> None:
    await a_question(cast, title="Registre des chiens perdus")
    await a_question(cast, title=TITLE, raw=TEXT)
    await knowing.read()
    assert await found(await cast.eve(), "perdus order:latest") == ["Registre des chiens perdus"]


async def test_who_may_not_see_a_topic_is_told_the_same_with_it_and_without(
    cast: Cast, knowing: Knowing
) -> None:
    await some_topics(cast)
    await knowing.read()
    before = await search(await cast.eve(), read_question(ASKED))
    near = await nearest_in_meaning(await cast.eve(), ASKED)
    for number in range(3):
        await a_question(cast, title=f"{TITLE} {number}", raw=TEXT, private=True)
    await knowing.read()
    assert await nearest_in_meaning(await cast.eve(), ASKED) == near
    after = await search(await cast.eve(), read_question(ASKED))
    assert [hit.topic.id for hit in after.topics] == [hit.topic.id for hit in before.topics]
    assert f"{TITLE} 1" in await found(await cast.bob())


async def test_nothing_is_kept_of_the_meaning_of_what_is_deleted(cast: Cast, knowing: Knowing) -> None:
    topic = await a_question(cast, title=TITLE, raw=TEXT)
    await knowing.read()
    assert await found(await cast.eve()) == [TITLE]
    await delete_topic(await cast.mod(), await again(await cast.mod(), topic))
    assert await found(await cast.eve()) == []
    await knowing.read()
    rows = await sql("SELECT vector FROM search_meanings WHERE item_id = {0}", topic.id)
    assert [row["vector"] for row in rows] == [None], "nothing is kept of what it meant"
    assert await nearest_in_meaning(await cast.eve(), ASKED) == {}


async def test_when_the_process_dies_words_still_answer_and_it_comes_back(
    cast: Cast, knowing: Knowing
) -> None:
    await a_question(cast, title=TITLE, raw=TEXT)
    await knowing.read()
    process = knowing.meanings.process
    assert await found(await cast.eve()) == [TITLE]
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    await until(lambda: not process.running)
    assert await found(await cast.eve(), "chiens errants") == [TITLE]
    process.rest = 0
    assert await found(await cast.eve()) == [TITLE]


async def test_a_process_that_says_nothing_more_is_ended_and_another_answers(
    cast: Cast, knowing: Knowing
) -> None:
    await a_question(cast, title=TITLE, raw=TEXT)
    await knowing.read()
    process, eve = knowing.meanings.process, await cast.eve()
    process.rest, process.stuck = 0, 0.5
    stuck = process.pid
    assert stuck is not None
    os.kill(stuck, signal.SIGSTOP)
    assert await found(eve, "chiens errants") == [TITLE], "by its words, after a second"
    assert await found(eve) == [TITLE]
    assert process.pid != stuck


async def test_a_text_that_kills_the_process_is_left_out_and_the_others_are_read(
    cast: Cast, knowing: Knowing
) -> None:
    topic = await a_question(cast, title="Registre des délibérations")
    await knowing.read()
    process = knowing.meanings.process
    process.rest = 0
    await a_question(cast, title=TITLE, raw=TEXT)
    await index_all_pending()
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    reading = asyncio.create_task(index_meanings(knowing.meanings, 0))
    await until(lambda: process.waiting > 0)
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(Away):
        await reading
    rows = await sql("SELECT item_id, vector FROM search_meanings ORDER BY item_id")
    assert [row["vector"] is None for row in rows] == [False, True]
    assert rows[0]["item_id"] == topic.id
    await a_question(cast, title="Élagage des platanes")
    await knowing.read()
    assert "Élagage des platanes" in await nearest_titles(await cast.eve(), "tailler les arbres de la place")


async def nearest_titles(viewer: Viewer, asked: str) -> list[str]:
    near = await nearest_in_meaning(viewer, asked)
    cards = await topic_cards(list(near))
    return [card.title for card in cards]
