"""What one may not see takes the path of what there is not: the same statements, in the same order.

Not by a clock: on a busy machine it does not tell what an enemy learns who asks ten thousand times. Whoever
sends the same statements and gives the same answer leaves nothing to measure but the database's own search
for one row by its key.
"""

import re
from collections.abc import Callable
from difflib import unified_diff

import pytest
from httpx2 import AsyncClient

import realtime.sql
from forum.channels import audience
from realtime.sql import sql
from tests.architecture.test_matrix import NAMED, OUTSIDERS, ROWS, address, answer, person, requests, routes
from tests.cast import Cast
from tests.factories import a_group, a_question, a_reply
from tests.rights.conftest import room  # noqa: F401 - a fixture
from tests.rights.ears import Room
from tests.waiting import until

ABSENT = 987_654
# What the process asks all the time, whoever asks it something: jobs that wait, the index, the log; and, once
# anything was committed, whether the themes that it remembers are still those.
BY_ITSELF = re.compile(
    r"\b(jobs|job_runs|search_(pending|documents)|outbox|live_(events|log|channels))\b|FROM site\b"
    r"|(INSERT INTO|UPDATE|DELETE FROM) search_"
)


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that a request makes from here on, without its numbers."""
    found: list[str] = []

    def noting(to_engine: Callable[[str], object]) -> Callable[[str], object]:
        def note(query: str) -> object:
            if not BY_ITSELF.search(query):
                found.append(re.sub(r"\d+", "0", " ".join(query.split())))
            return to_engine(query)

        return note

    for name in ("_for_sqlite", "_for_postgres"):
        monkeypatch.setattr(realtime.sql, name, noting(getattr(realtime.sql, name)))
    return found


Told = tuple[tuple[int, str], list[str]]


async def indexed() -> None:
    """What was made beforehand is in the index: nothing is left to do about it."""

    async def idle() -> bool:
        return not await sql("SELECT 1 FROM search_pending")

    await until(idle)


async def asked(client: AsyncClient, statements: list[str], method: str, path: str) -> Told:
    """What is answered, and what it took."""
    statements.clear()
    return await answer(client, method, path), list(statements)


def difference(there: Told, absent: Told) -> list[str]:
    """Where two answers part, and what they took: for whoever reads the failure."""
    texts = [*unified_diff(there[0][1].splitlines(), absent[0][1].splitlines(), lineterm="", n=0)]
    return [*texts, *(line[:160] for line in unified_diff(there[1], absent[1], lineterm="", n=0))]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("who", OUTSIDERS)
async def test_each_page_and_each_program_s_address(
    site: str, cast: Cast, statements: list[str], who: str
) -> None:
    topic = await a_question(cast, private=True, tags=["whispers"])
    reply = await a_reply(cast, topic)
    client = (await person(site, who)).client
    await indexed()
    await client.get("/")
    real: dict[str, int | str] = {
        "topic": topic.id, "post": reply.id, "category": cast.private.id, "tag": "whispers",
    }  # fmt: skip
    otherwise, noted = {}, 0
    for kind, method, path in requests():
        named = "screams" if kind == "tag" else ABSENT
        there = await asked(client, statements, method, address(path, real[kind], topic.slug))
        absent = await asked(client, statements, method, address(path, named, topic.slug))
        noted += len(there[1])
        if there != absent:
            otherwise[f"{method} {path}"] = difference(there, absent)
    assert noted > len(requests()) // 2, "the instrument is broken"
    assert set(NAMED) == set(real)
    assert otherwise == {}


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_each_address_of_a_hidden_group(site: str, cast: Cast, statements: list[str], who: str) -> None:
    await a_group(cast, "whistle", "hidden", owner="bob")
    client = (await person(site, who)).client
    await indexed()
    await client.get("/")
    otherwise = {}
    for route in routes():
        if route.path not in ROWS["group"]:
            continue
        for method in sorted((route.methods or set()) - {"HEAD"}):
            there, absent = [
                ((status, text.replace(name, "NAME")), took)
                for name in ("whistle", "nowhere")
                for (status, text), took in [
                    await asked(client, statements, method, address(route.path, name, "", "bob"))
                ]
            ]
            if there != absent:
                otherwise[f"{method} {route.path}"] = difference(there, absent)
    assert otherwise == {}


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_each_channel(
    site: str,
    cast: Cast,
    room: Room,  # noqa: F811 - the fixture
    statements: list[str],
    who: str,
) -> None:
    topic = await a_question(cast, private=True)
    ear = await room.somebody(who)
    await indexed()
    await audience("latest")
    for name, number in (("topic", topic.id), ("category", cast.private.id), ("user", cast.ids["alice"])):
        took = []
        for channel in (f"{name}:{number}", f"{name}:{ABSENT}"):
            statements.clear()
            refused = await ear.subscribe(channel)
            assert refused["code"] == 103, (channel, refused)
            took.append((refused, list(statements)))
        assert took[0] == took[1], name
