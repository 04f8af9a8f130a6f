"""When we break, or what we lean on: a page with a request id, never a traceback, and the text is kept."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import asyncpg
import pytest
from httpx2 import AsyncClient

from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.people import at, signed_in


async def test_a_fault_of_ours_is_a_page_with_a_request_id(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await sql("UPDATE topics SET kind = 'unheard-of' WHERE id = {0}", topic.id)
    page = await at(site).get(f"/t/{topic.slug}/{topic.id}")
    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert page.headers["x-request-id"] in page.text
    assert "Traceback" not in page.text
    assert "content-security-policy" in page.headers


async def test_a_method_that_an_address_does_not_take_is_405(client: AsyncClient) -> None:
    answer = await client.request("DELETE", "/latest", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert answer.headers["x-request-id"] in answer.text


async def test_a_vote_beyond_the_rate_is_429_and_says_how_long_to_wait(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    bob = await signed_in(site, "bob")
    (post,) = await sql("SELECT id FROM posts WHERE topic_id = {0}", topic.id)
    answers = [await bob.post(f"/posts/{post['id']}/vote", value="1") for _n in range(61)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert "try again in" in answers[-1].text


@pytest.mark.timeout(60)
async def test_a_database_locked_by_another_is_503_while_the_site_still_answers(
    site: str, cast: Cast, database_url: str
) -> None:
    topic = await a_question(cast)
    bob = await signed_in(site, "bob")
    release = await lock_the_topics(database_url)
    try:
        sent = asyncio.create_task(bob.post(f"/t/{topic.id}/posts", raw="Words worth keeping."))
        slowest = 0.0
        while not sent.done():
            started = time.monotonic()
            assert (await at(site).get(f"/t/{topic.slug}/{topic.id}")).status_code == 200
            slowest = max(slowest, time.monotonic() - started)
        answer = await sent
    finally:
        await release()
    assert answer.status_code == 503
    assert "Words worth keeping." in answer.text
    assert answer.headers["retry-after"]
    assert slowest < 1
    assert (await bob.post(f"/t/{topic.id}/posts", raw="Words worth keeping.")).status_code == 303


async def lock_the_topics(url: str) -> Callable[[], Awaitable[None]]:
    """Another program keeps every writer out; returns what ends it."""
    if url.startswith("postgres"):
        other = await asyncpg.connect(url)
        transaction = other.transaction()
        await transaction.start()
        await other.execute("LOCK TABLE topics IN SHARE MODE")

        async def end() -> None:
            await transaction.rollback()
            await other.close()

        return end
    writer = sqlite3.connect(urlsplit(url).path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    async def stop() -> None:
        writer.close()

    return stop
