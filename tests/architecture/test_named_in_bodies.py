"""What a request names in its body: what one may not see answers as what is not there.

The addresses themselves are asked in `test_matrix.py`; what programs send besides is listed in
`test_meddling.py`.
"""

import re
from typing import Any

import pytest
from httpx2 import Response

from forum.posts.actions import delete_post
from realtime.sql import sql
from tests.api.programs import program_of
from tests.architecture.test_matrix import address, answer, requests
from tests.architecture.test_meddling import ASKED, content, told
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.people import signed_in
from tests.reviewables.cases import decided

ABSENT = 987_654
# (method, address, body with "TOPIC" and "POST" in the place of numbers).
BODIES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/posts", {"topic_id": "TOPIC", "raw": "Is there anybody here?"}),
    ("POST", "/posts.json", {"topic_id": "TOPIC", "raw": "Is there anybody?", "reply_to_post_number": 2}),
    ("POST", "/post_actions", {"id": "POST", "post_action_type_id": 2}),
    ("POST", "/post_voting/vote", {"post_id": "POST", "direction": "up"}),
    ("POST", "/post_voting/vote", {"post_id": "POST", "direction": "down"}),
    ("POST", "/solution/accept", {"id": "POST"}),
    ("POST", "/solution/unaccept", {"id": "POST"}),
    ("POST", "/topics/timings", {"topic_id": "TOPIC", "timings[1]": 1000, "timings[2]": 1000}),
)
# Addresses that name a thing in their body and a place of their own in their path.
BOTH = (
    ("POST", "/t/{id}/move-posts.json", {"post_ids": ["REPLY"], "destination_topic_id": "TOPIC"}),
    ("POST", "/t/{id}/merge-topic.json", {"destination_topic_id": "TOPIC"}),
)
NAMES = {"id", "post_id", "topic_id", "destination_topic_id"}


def with_numbers(body: Any, numbers: dict[str, int]) -> Any:
    """A body about these."""
    if isinstance(body, dict):
        return {name: with_numbers(value, numbers) for name, value in body.items()}
    if isinstance(body, list):
        return [with_numbers(value, numbers) for value in body]
    return numbers.get(body, body) if isinstance(body, str) else body


def said(answer: Response) -> tuple[int, str]:
    """What is answered, without the number of the request."""
    return answer.status_code, re.sub(r"[0-9a-f]{32}", "", answer.text)


async def kept() -> dict[tuple[str, object], dict[str, Any]]:
    """All that is stored, but for what is noted of each request."""
    return {place: told(row) for place, row in (await content()).items()}


def test_each_address_of_programs_that_names_a_thing_in_its_body_is_asked() -> None:
    asked = {path.removesuffix(".json") for _method, path, _body in (*BODIES, *BOTH)}
    named = {path for path, fields in ASKED.items() if NAMES & set(fields)}
    by_their_address = {"/t/{id:int}/clear-pin", "/t/{id:int}/re-pin"}
    of_oneself = {"/notifications/mark-read.json"}
    wanted = named - by_their_address - of_oneself
    assert {path.replace("{id:int}", "{id}").removesuffix(".json") for path in wanted} == asked


@pytest.mark.parametrize("who", ["eve", "mod"])
async def test_cve_2026_32620_a_body_about_what_one_may_not_see_answers_as_about_nothing(
    site: str, cast: Cast, who: str
) -> None:
    """Votes, likes, accepted answers, replies and what has been read, in a room that is closed to them."""
    hidden, here = await a_question(cast, private=True), await a_question(cast)
    secret, mine = await a_reply(cast, hidden), await a_reply(cast, here)
    real = {"TOPIC": hidden.id, "POST": secret.id, "REPLY": mine.id}
    nothing = {"TOPIC": ABSENT, "POST": ABSENT, "REPLY": mine.id}
    async with program_of(site, who) as program:
        before = await kept()
        for method, path, body in (*BODIES, *BOTH):
            address = path.replace("{id}", str(here.id))
            there, absent = [
                said(await program.request(method, address, json=with_numbers(body, numbers)))
                for numbers in (real, nothing)
            ]
            assert there == absent, f"{path}: {there}"
            assert there[0] in (403, 404, 422), path
        assert await kept() == before


@pytest.mark.parametrize("who", ["eve", "bob"])
async def test_cve_2026_32620_a_deleted_reply_answers_as_one_that_never_was(
    site: str, cast: Cast, who: str
) -> None:
    """In a topic that everybody reads: by the addresses of posts, and by the bodies that name one."""
    topic = await a_question(cast)
    gone = await a_reply(cast, topic, await cast.alice())
    await delete_post(await cast.alice(), await seen(await cast.alice(), gone))
    person, otherwise = (await signed_in(site, who)).client, []
    for kind, method, path in requests():
        if kind == "post":
            there, absent = [
                await answer(person, method, address(path, number, topic.slug))
                for number in (gone.id, ABSENT)
            ]
            otherwise += [f"{method} {path}"] if there != absent or there[0] not in (403, 404) else []
    async with program_of(site, who) as program:
        for method, path, body in BODIES:
            if "POST" in body.values():
                there, absent = [
                    said(await program.request(method, path, json=with_numbers(body, {"POST": number})))
                    for number in (gone.id, ABSENT)
                ]
                otherwise += [path] if there != absent or there[0] not in (403, 404) else []
    assert otherwise == []


async def test_a_hidden_reply_takes_no_vote_and_is_no_answer(site: str, cast: Cast) -> None:
    """Everybody sees that there is one; nobody does anything with it."""
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    await decided(cast, reply, "hide")
    before = await sql("SELECT * FROM votes"), await sql("SELECT * FROM accepted_answers")
    for who in ("eve", "alice"):
        async with program_of(site, who) as program:
            for method, path, body in BODIES:
                if "POST" in body.values() and "unaccept" not in path:
                    refused = await program.request(method, path, json=with_numbers(body, {"POST": reply.id}))
                    assert refused.status_code in (403, 404), f"{who} {path}: {refused.status_code}"
    assert (await sql("SELECT * FROM votes"), await sql("SELECT * FROM accepted_answers")) == before
