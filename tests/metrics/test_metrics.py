"""Metrics: read on this machine or with a key of all users, absent for everyone else."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from forum.api.keys import create_key
from forum.app import Relais, create_app
from forum.clock import now
from forum.config import Config
from forum.database import close_database
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.realtime.test_live import Socket, live

GUIDE = Path(__file__).parent.parent.parent / "docs" / "administration.md"
PUBLIC = "https://relais.example.fr"


def read(answer: Response) -> dict[tuple[str, ...], float]:
    """Each sample: its name and its labels, less the worker → its value."""
    assert answer.status_code == 200, answer.text
    return {
        (
            sample.name,
            *(value for name, value in sorted(sample.labels.items()) if name != "worker"),
        ): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_they_count_who_listens_what_is_sent_and_how_it_ends(
    site: str, cast: Cast, client: AsyncClient
) -> None:
    topic, key = await a_question(cast), await create_key("bob")
    async with live(site) as visitor, live(site) as program, live(site) as nobody:
        for socket, token in ((visitor, ""), (program, key)):
            listener = Socket(socket)
            await listener.ask("connect", token=token)
            await listener.ask("subscribe", channel=f"topic:{topic.id}", recover=True, offset=0, epoch="")
        await nobody.send('{"id": 1, "connect": {"token": "not a key"}}')
        await nobody.wait_closed()
        await Socket(visitor).ask("subscribe", channel="latest", recover=True, offset=0, epoch="other")
        await a_reply(cast, topic)
        for socket in (visitor, program):
            await socket.recv()
        told = read(await client.get("/metrics"))
    assert told["relais_live_connections", "visitor"] == 1
    assert told["relais_live_connections", "token"] == 1
    assert told["relais_live_connections", "session"] == 0
    assert told["relais_live_subscriptions", "topic"] == 2
    assert told["relais_live_subscriptions", "latest"] == 1
    assert told["relais_live_subscriptions", "user"] == 1
    assert told["relais_live_connects_total",] == 2
    assert told["relais_live_deliveries_total",] >= 2
    assert told["relais_live_recoveries_asked_total",] == 3
    assert told["relais_live_recoveries_granted_total",] == 2
    assert told["relais_live_recoveries_refused_total",] == 1
    assert told["relais_live_ends_total", "3500"] == 1
    assert told["relais_live_slow_total",] == 0
    assert told["relais_live_lag_seconds_count",] >= 1
    assert told["relais_live_lag_seconds_bucket", "+Inf"] == told["relais_live_lag_seconds_count",]
    assert told["relais_database_up",] == 1
    assert told["relais_jobs_given_up",] == 0


async def test_they_count_answers_by_route_and_status_and_name_nobody(
    site: str, cast: Cast, client: AsyncClient
) -> None:
    topic = await a_question(cast, title="A quince in the register")
    for path in (f"/t/{topic.slug}/{topic.id}", "/u/alice", "/u/bob", "/nothing/there", "/nothing/else"):
        await client.get(path)
    answer = await client.get("/metrics")
    told = read(answer)
    assert told["relais_request_seconds_count", "/t/{slug}/{id:int}"] == 1
    assert told["relais_request_seconds_count", "/u/{username}"] == 2
    assert told["relais_request_seconds_count", "(none)"] == 2
    assert told["relais_request_seconds_bucket", "+Inf", "/u/{username}"] == 2
    assert told["relais_answers_total", "404"] == 2
    assert not [word for word in ("quince", "alice", "bob", "nothing") if word in answer.text]


async def test_failed_jobs_show(site: str, client: AsyncClient) -> None:
    for attempts in (1, 8):
        await sql(
            "INSERT INTO jobs (name, payload, run_at, attempts, last_error, created_at)"
            " VALUES ('notify_watchers', '{{}}', '2099-01-01 00:00:00+00:00', {0}, 'broken', '2026-01-01')",
            attempts,
        )
    told = read(await client.get("/metrics"))
    assert told["relais_jobs_failing",] == 1
    assert told["relais_jobs_given_up",] == 1


async def test_mails_that_wait_or_were_refused_show(site: str, client: AsyncClient) -> None:
    for n, state, ended in ((1, "waiting", None), (2, "failed", now()), (3, "failed", now())):
        await sql(
            """INSERT INTO outbox (message_id, kind, payload, to_address, locale, base_url, state, attempts,
                next_at, last_error, created_at, ended_at)
               VALUES ({0}, 'trial', '{}', '', 'en', '', {1}, 1, {2}, 'broken', {2}, {3})""",
            f"<{n}@example.org>",
            state,
            now() + timedelta(days=1),
            ended,
        )
    told = read(await client.get("/metrics"))
    assert told["relais_mails_waiting",] == 1
    assert told["relais_mails_failed",] == 2


async def test_they_answer_while_the_database_does_not(site: str, client: AsyncClient) -> None:
    await close_database()
    told = read(await client.get("/metrics"))
    assert told["relais_database_up",] == 0
    assert ("relais_jobs_due",) not in told
    assert told["relais_live_sockets",] == 0


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_what_a_proxy_of_this_machine_passes_on_finds_nothing(
    site: str, client: AsyncClient, header: str
) -> None:
    for value in ("127.0.0.1", "203.0.113.9"):
        await absent(client, {header: value})


async def absent(client: AsyncClient, headers: dict[str, str]) -> None:
    """The answer is that of an address where nothing is."""
    there = await client.get("/metrics", headers=headers)
    nothing = await client.get("/nothing", headers=headers)
    assert there.status_code == 404
    assert _bare(there) == _bare(nothing)


def _bare(answer: Response) -> str:
    """The body, less the address and the request's id."""
    path = answer.request.url.path
    return answer.text.replace(answer.headers["x-request-id"], "").replace(path, "")


@pytest.fixture
def public(config: Config) -> Relais:
    """A site that has an address of its own."""
    return create_app(replace(config, base_url=PUBLIC))


@pytest.fixture
async def outsider(public: Relais, cast: Cast) -> AsyncIterator[AsyncClient]:
    """Somebody elsewhere, at the site's door."""
    there = ASGITransport(public, client=("203.0.113.9", 4321))
    async with AsyncClient(transport=there, base_url=PUBLIC) as client:
        yield client


async def test_from_outside_there_is_nothing_without_a_key_of_all_users(
    outsider: AsyncClient,
) -> None:
    revoked = await create_key(None)
    await sql("UPDATE api_keys SET revoked_at = '2026-01-01'")
    for key in (await create_key("ada"), revoked, "x" * 64, ""):
        await absent(outsider, {"Api-Key": key})
        await absent(outsider, {"Authorization": f"Bearer {key}"})
    await absent(outsider, {})
    await absent(outsider, {"X-Forwarded-For": "127.0.0.1"})


@pytest.mark.parametrize("header", ["Api-Key", "Authorization"])
async def test_a_key_of_all_users_opens_them_from_outside(outsider: AsyncClient, header: str) -> None:
    key = await create_key(None)
    answer = await outsider.get("/metrics", headers={header: key if header == "Api-Key" else f"Bearer {key}"})
    assert read(answer)["relais_database_up",] == 1
    assert answer.headers["cache-control"] == "no-store"


async def test_a_site_with_a_public_name_answers_its_own_machine_by_any_of_its_names(public: Relais) -> None:
    for peer, host, status in (
        ("127.0.0.1", "127.0.0.1:8000", 200),
        ("::1", "localhost", 200),
        ("203.0.113.9", "127.0.0.1:8000", 400),
        ("127.0.0.1", "elsewhere.example", 400),
        ("127.0.0.1", "[", 400),
    ):
        near = ASGITransport(public, client=(peer, 4321))
        async with AsyncClient(transport=near, base_url="http://127.0.0.1:8000") as client:
            assert (await client.get("/healthz", headers={"Host": host})).status_code == status, (peer, host)


async def test_the_guide_lists_every_metric(site: str, client: AsyncClient) -> None:
    told = re.findall(r"^# TYPE (\w+)", (await client.get("/metrics")).text, re.MULTILINE)
    listed = re.findall(r"^\| `(relais_\w+)` \|", GUIDE.read_text(), re.MULTILINE)
    assert sorted(told) == sorted(listed)
