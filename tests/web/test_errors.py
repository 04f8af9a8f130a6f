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
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question
from tests.people import at, signed_in


async def test_a_fault_of_ours_is_a_page_with_a_request_id(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await sql("ALTER TABLE accepted_answers RENAME TO elsewhere")
    page = await at(site).get(f"/t/{topic.slug}/{topic.id}")
    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert page.headers["x-request-id"] in page.text
    assert "Traceback" not in page.text
    assert "content-security-policy" in page.headers


async def test_a_statement_that_the_database_refuses_is_noted(
    site: str, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    topic = await a_question(cast)
    await sql("ALTER TABLE votes RENAME TO elsewhere")
    page = await (await signed_in(site, "bob")).get(f"/t/{topic.slug}/{topic.id}")
    assert page.status_code == 500
    assert "the database refuses a statement" in caplog.text
    assert "Traceback" not in page.text


async def test_a_method_that_an_address_does_not_take_is_405(client: AsyncClient) -> None:
    answer = await client.request("DELETE", "/latest", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert answer.headers["x-request-id"] in answer.text


@pytest.mark.parametrize("path", ["/t/1/posts", "/topics", "/posts/1/vote", "/nowhere"])
async def test_a_body_that_is_too_large_is_told_in_a_page(site: str, cast: Cast, path: str) -> None:
    alice = await signed_in(site, "alice")
    answer = await alice.post(path, raw="x" * 1_000_001)
    assert answer.status_code == 413
    assert "larger than this site accepts" in answer.text
    assert answer.headers["x-request-id"] in answer.text


@pytest.mark.parametrize("path", ["/posts.json", "/posts", "/nowhere.json"])
async def test_a_body_that_is_too_large_is_told_to_a_program_in_json(
    site: str, cast: Cast, path: str
) -> None:
    async with program_of(site, "bob") as bob:
        answer = await bob.post(path, json={"raw": "x" * 1_000_001})
    assert (answer.status_code, answer.json()["error_type"]) == (413, "too_large")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_body_that_does_not_say_how_large_it_is_is_refused_on_its_way(site: str, cast: Cast) -> None:
    alice = await signed_in(site, "alice")
    address = urlsplit(site)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(
        f"POST /topics HTTP/1.1\r\nHost: {address.netloc}\r\nSec-Fetch-Site: same-origin\r\n"
        "Accept-Language: en\r\n"
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in alice.client.cookies.items())}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    answer, sent = asyncio.ensure_future(reader.readuntil(b"</html>")), 0
    while not answer.done() and sent < 100:
        writer.write(b"186A0\r\n" + b"x" * 100_000 + b"\r\n")
        await writer.drain()
        sent += 1
        await asyncio.wait([answer], timeout=0.02)
    page = (await asyncio.wait_for(answer, 5)).decode()
    writer.close()
    assert " 413 " in page.splitlines()[0]
    assert "larger than this site accepts" in page
    assert sent < 100


async def test_refused_at_the_door_is_a_page_too_and_no_fault_of_ours(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Host": "evil.example", "Accept": "text/html", "Accept-Language": "fr"}
    answer = await client.get("/", headers=headers)
    assert answer.status_code == 400
    assert "n’est pas servi sous ce nom" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


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
    assert slowest < 3
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
