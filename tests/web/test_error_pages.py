"""Every error as people and programs meet it: in their language, with a request id, never a traceback."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import product

import pytest
from httpx2 import AsyncClient, Response

from forum.i18n import translations
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.people import signed_in
from tests.web.test_errors import lock_the_topics

SAME = {"Sec-Fetch-Site": "same-origin"}
TITLES = {
    400: "This request cannot be understood",
    403: "You may not do this",
    404: "Nothing at this address",
    405: "Nothing at this address",
    409: "This has just changed",
    413: "Too large",
    422: "Something is to be corrected",
    429: "One moment",
    500: "Something broke on our side",
    503: "Back in a moment",
}
WAYS = list(product(("fr", "en"), ("text/html", "application/json")))
Send = Callable[[AsyncClient, dict[str, str], int], Awaitable[Response]]


async def no_form(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    return await mod.post("/topics", content=b"x", headers=headers | SAME | {"Content-Type": "text/plain"})


async def from_elsewhere(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    return await mod.post("/topics", data={"raw": "x"}, headers=headers | {"Sec-Fetch-Site": "cross-site"})


async def nowhere(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    return await mod.get("/nowhere", headers=headers)


async def wrong_method(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    return await mod.delete("/latest", headers=headers | SAME)


async def not_deleted(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    form = SAME | {"Content-Type": "application/x-www-form-urlencoded"}
    return await mod.post(f"/t/{topic_id}/recovery", headers=headers | form)


async def too_large(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    return await mod.post("/topics", data={"raw": "x" * 1_000_001}, headers=headers | SAME)


async def no_number(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    (post,) = await sql("SELECT id FROM posts WHERE topic_id = {0}", topic_id)
    return await mod.post(f"/posts/{post['id']}/vote", data={"value": "x"}, headers=headers | SAME)


async def too_often(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    (post,) = await sql("SELECT id FROM posts WHERE topic_id = {0}", topic_id)
    for _n in range(60):
        answer = await mod.post(f"/posts/{post['id']}/vote", data={"value": "1"}, headers=headers | SAME)
        if answer.status_code == 429:
            return answer
    return await mod.post(f"/posts/{post['id']}/vote", data={"value": "1"}, headers=headers | SAME)


async def broken(mod: AsyncClient, headers: dict[str, str], topic_id: int) -> Response:
    await sql("DROP TABLE IF EXISTS tag_counts")
    return await mod.get("/categories", headers=headers)


WAYS_TO_FAIL: dict[int, Send] = {
    400: no_form, 403: from_elsewhere, 404: nowhere, 405: wrong_method, 409: not_deleted, 413: too_large,
    422: no_number, 429: too_often, 500: broken,
}  # fmt: skip


def check(answer: Response, status: int, locale: str, media_type: str) -> None:
    """The answer is what this person or program can read."""
    assert answer.status_code == status, answer.text[:400]
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["x-request-id"] in answer.text
    assert "content-security-policy" in answer.headers
    for word in ("Traceback", 'File "', "Error(", "sqlite", "asyncpg"):
        assert word not in answer.text
    if media_type == "text/html":
        assert f'<html lang="{locale}"' in answer.text
        assert translations(locale).gettext(TITLES[status]) in answer.text
    else:
        body = answer.json()
        assert body["errors"][0]
        assert body["error_type"]
        assert body["request_id"] == answer.headers["x-request-id"]


def asking(locale: str, media_type: str) -> dict[str, str]:
    return {"Accept": media_type, "Accept-Language": locale}


@pytest.mark.parametrize("status", WAYS_TO_FAIL)
async def test_an_error_is_told_in_ones_language_to_people_and_to_programs(
    site: str, cast: Cast, status: int
) -> None:
    topic = await a_question(cast)
    mod = (await signed_in(site, "mod")).client
    sentences = set()
    for locale, media_type in WAYS:
        answer = await WAYS_TO_FAIL[status](mod, asking(locale, media_type), topic.id)
        check(answer, status, locale, media_type)
        if media_type != "text/html":
            sentences.add(answer.json()["errors"][0])
    assert len(sentences) == 2, "one sentence a language"


@pytest.mark.timeout(60)
async def test_a_database_that_is_busy_is_told_in_ones_language(
    site: str, cast: Cast, database_url: str
) -> None:
    topic = await a_question(cast)
    mod = (await signed_in(site, "mod")).client
    release = await lock_the_topics(database_url)
    reply, ways = f"/t/{topic.id}/posts", (WAYS[0], WAYS[-1])
    try:
        answers = await asyncio.gather(
            *(mod.post(reply, data={"raw": "Kept."}, headers=asking(*way) | SAME) for way in ways)
        )
    finally:
        await release()
    for answer, way in zip(answers, ways, strict=True):
        check(answer, 503, *way)
        assert answer.headers["retry-after"] == "5"
