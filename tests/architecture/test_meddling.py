"""Fields that nobody asked for, and values of another type: each change does what it does without them.

Each unsafe request of the matrix (`test_changes.py`) is sent twice by somebody who may send it: as its page
does, and with fields beside that would give rights or pass for somebody else. What the second does to the
tables is what the first does, and nothing else.
"""

import json
import re
from collections import Counter
from contextlib import suppress
from itertools import product
from typing import Any

import pytest
from httpx2 import AsyncClient, Response
from tortoise import Tortoise
from websockets.exceptions import ConnectionClosed

import forum.api.routes
from forum.app import Relais, create_app
from forum.config import Config
from forum.limits import Limits
from realtime.sql import sql
from tests.api.programs import program_of
from tests.architecture.test_changes import COME_AND_GO, ROWS, WITH_A_FACTOR, send
from tests.cast import PASSWORD, Cast, give_password
from tests.factories import a_question, a_reply
from tests.people import Person, at, opened, signed_in
from tests.realtime.test_live import Socket, live

# None of these is a field of any request of the matrix but the administrators' (tests/people, tests/groups).
MORE = {
    "is_admin": "1", "admin": "true", "moderator": "1", "is_moderator": "1", "staff": "1", "role": "admin",
    "roles": "admin", "trust_level": "4", "pinned": "1", "pinned_at": "2026-01-01", "pinned_globally": "1",
    "banner": "1", "author_id": "5", "user_id": "5", "user[admin]": "1", "owner_id": "5", "group_id": "1",
    "group_ids[]": "1", "groups": "1", "accepted": "1", "accepted_by_id": "5", "accepted_answer": "1",
    "verified_at": "2026-01-01", "confirmed_at": "2026-01-01", "approved": "1", "hidden": "1",
    "hidden_at": "2026-01-01", "deleted_at": "2026-01-01", "closed_at": "2026-01-01", "archived": "1",
    "locked": "1", "score": "999", "views": "999", "created_at": "2001-01-01", "post_number": "1",
    "mail_status": "sent", "password_hash": "x", "suspended_until": "2099-01-01", "skip_validations": "1",
    "import_mode": "1", "auto_track": "1", "is_warning": "1", "no_bump": "1", "permission": "1",
    "api_key": "x",
}  # fmt: skip
# A value as another type, where a body is JSON.
TYPES: tuple[Any, ...] = ("1", "true", True, [], {}, [1], {"a": 1}, None, 1.5, -1, 2**70, [[]])
# What programs send to each address that is theirs.
ASKED = {
    "/posts": ("raw", "title", "category", "topic_id", "reply_to_post_number", "tags", "kind"),
    "/posts/{id:int}": ("raw", "post", "edit_reason", "original_text"),
    "/post_actions": ("id", "post_action_type_id"),
    "/post_actions/{id:int}": ("post_action_type_id",),
    "/post_voting/vote": ("post_id", "direction"),
    "/solution/accept": ("id",),
    "/solution/unaccept": ("id",),
    "/t/-/{id:int}.json": ("title", "category_id", "tags", "topic"),
    "/t/{id:int}.json": ("title", "category_id", "tags", "topic"),
    "/t/{slug}/{id:int}": ("title", "category_id", "tags", "topic"),
    "/t/{id:int}/status": ("status", "enabled"),
    "/t/{id:int}/notifications.json": ("notification_level",),
    "/category/{id:int}/notifications": ("notification_level",),
    "/category/{id:int}/notifications.json": ("notification_level",),
    "/t/{id:int}/clear-pin": ("id",),
    "/t/{id:int}/re-pin": ("id",),
    "/t/{id:int}/move-posts.json": ("post_ids", "destination_topic_id", "title", "category_id"),
    "/t/{id:int}/merge-topic.json": ("destination_topic_id",),
    "/topics/timings": ("topic_id", "timings"),
    "/notifications/mark-read.json": ("id",),
}
# What jobs write when they come to it, what counts the moment, and what is drawn by lot.
BY_THE_WAY = {
    "jobs", "job_runs", "live_log", "live_channels", "live_events", "search_documents", "search_pending",
    "search_vocabulary", "tag_counts", "notifications", "journal_head", "site", "outbox", "aerich",
    "tortoise_migrations",
}  # fmt: skip
# Fields of the few requests that have one of these names.
OWN = {
    "POST /admin/people/{username}/roles": {"role"},
    "POST /invites": {"group_id"},
}
# What a job carries out, some posts at each run (tests/sweeps).
LATER = {"POST /u/{username}/posts-deletion", "POST /u/{username}/posts-recovery"}
CAST = 5
MEMBER = re.compile(r"(user|author|actor|owner|sender|inviter|_by)_id$")
UNLIKE = re.compile(r"hash|token|secret|code|name|value|_until$")
HEADERS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app(config: Config) -> Relais:
    """A site without rate limits: they would answer for it."""
    return create_app(config, Limits(enabled=False))


class Meddler(AsyncClient):
    """A browser that sends `more` beside what its page asks for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.more: dict[str, str] = {}

    async def request(self, method: str, url: Any, **sent: Any) -> Response:
        """The request with the fields beside; those that it has itself stay."""
        part = "data" if method in ("POST", "PUT", "PATCH") else "params"
        if method != "GET":
            sent[part] = self.more | (sent.get(part) or {})
        return await super().request(method, url, **sent)


class Meddling(Person):
    """A member at such a browser."""

    client: Meddler

    def beside(self, more: dict[str, str]) -> None:
        """What is sent beside from now on."""
        self.client.more = more


async def meddling(site: str, who: str) -> Meddling:
    """The member, signed in at such a browser."""
    cookies = (await signed_in(site, who)).client.cookies
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    browser = Meddler(base_url=site, headers=headers, cookies=cookies, timeout=20, verify=False)
    return Meddling(opened(browser))


def tables() -> list[str]:
    """Each table that a request writes to."""
    assert Tortoise.apps is not None
    return sorted({model._meta.db_table for model in Tortoise.apps["forum"].values()} - BY_THE_WAY)


async def content() -> dict[tuple[str, object], dict[str, Any]]:
    """All rows, each by its table and its key."""
    found = {}
    for table in tables():
        for row in await sql(f"SELECT * FROM {table}"):
            key = row["id"] if "id" in row else tuple(row.values())[:2]
            found[table, key] = row
    return found


Rows = dict[tuple[str, object], dict[str, Any]]
Change = tuple[str, str, str, object]


def changes(before: Rows, after: Rows) -> Counter[Change]:
    """What was done, as (table, how, column, value), with nothing that differs at each request."""
    done: Counter[Change] = Counter()
    for place, row in after.items():
        was = before.get(place)
        how = "new" if was is None else "changed"
        for column, value in row.items():
            if was is None or was[column] != value:
                done[place[0], how, column, plain(column, value)] += 1
    for table, _key in before.keys() - after.keys():
        done[table, "gone", "", None] += 1
    return done


def plain(column: str, value: object) -> object:
    """Flags and members as they are; other numbers, moments and texts by their shape."""
    if value is None or isinstance(value, bool):
        return value if value is None else int(value)
    if isinstance(value, int | float):
        flag = value in (0, 1) and not re.search(r"(count|people|number|version|score|position|id)$", column)
        return value if flag or (MEMBER.search(column) and value <= CAST) else "number"
    if UNLIKE.search(column):
        return "text"
    return re.sub(r"[0-9a-f]{16,}|\d+", "#", str(value))


def rows() -> list[str]:
    """The requests, each address once where it goes with `.json` too."""
    twice = {row for row in ROWS if row.endswith(".json") and row.removesuffix(".json") in ROWS}
    return sorted(ROWS.keys() - COME_AND_GO - WITH_A_FACTOR - LATER - twice)


def who_may(row: str) -> str:
    """Somebody with as few rights as the request takes."""
    allowed = ROWS[row]
    return next((name for name in ("eve", "bob", "alice", "mod") if name in allowed), "ada")


@pytest.mark.timeout(240)
async def test_cve_2026_28219_fields_that_nobody_asked_for_change_nothing(site: str, cast: Cast) -> None:
    """At each unsafe address of the route table."""
    for _n in range(8):  # so that no topic or post has the number of a member
        await a_reply(cast, await a_question(cast))
    people = {name: await meddling(site, name) for name in ("eve", "bob", "alice", "mod", "ada")}
    before = await content()

    async def sent(row: str, more: dict[str, str]) -> tuple[int, Counter[Change]]:
        nonlocal before
        person = people[who_may(row)]
        person.beside({name: more[name] for name in more.keys() - OWN.get(row, set())})
        answer, was = await send(person, cast, row), before
        before = await content()
        return answer.status_code, changes(was, before)

    for row in rows():
        status, usual = await sent(row, {})
        meddled_status, meddled = await sent(row, MORE)
        if meddled - usual:
            usual |= (await sent(row, {}))[1]  # the first of its kind has more to do
        assert (meddled_status, meddled - usual) == (status, Counter()), f"{row} by {who_may(row)}"


async def test_cve_2026_28219_no_field_makes_more_of_whoever_comes_or_goes(site: str, cast: Cast) -> None:
    """What is left out above, since it ends what the next request needs."""
    ada, eve = await signed_in(site, "ada"), at(site)
    await give_password("eve")
    before = [told(row) for row in await sql("SELECT * FROM users ORDER BY id")]
    assert (await eve.post("/session", login="eve", password=PASSWORD, **MORE)).status_code == 303
    assert (await eve.client.get("/session/current.json")).json()["current_user"]["username"] == "eve"
    await eve.post("/session/deletion", **MORE, session_id="1", username="ada")
    assert (await ada.client.get("/session/current.json")).status_code == 200, "hers has ended, no other"
    assert [told(row) for row in await sql("SELECT * FROM users ORDER BY id")] == before
    for path in ("/preferences/deactivation", "/preferences/erasure"):
        name = "eve" if "deactivation" in path else "bob"
        person = await signed_in(site, name)
        await person.post(path, password=PASSWORD, username=name, **MORE, id=str(cast.ids["ada"]))
    rows = await sql("SELECT username, admin, moderator, deactivated_at FROM users ORDER BY id")
    assert [row["username"] for row in rows if row["deactivated_at"]] == ["eve"]
    assert [row["user_id"] for row in await sql("SELECT user_id FROM erasures")] == [cast.ids["bob"]]
    assert {row["username"] for row in rows if row["admin"] or row["moderator"]} == {"mod", "ada"}


def asked_by_programs() -> list[tuple[str, str, str, Any]]:
    """(method, path, field, value) of what programs write, each address once."""
    found = [row.split() for row in rows()]
    served = {route.path for route in forum.api.routes.routes}
    return [
        (method, path, name, value)
        for method, path in found
        if path in served and not (path.startswith("/t/{id:int}/m") and not path.endswith(".json"))
        for name, value in product(ASKED[path], TYPES)
    ]


async def test_cve_2026_27491_a_value_of_another_type_gives_eve_nothing_and_breaks_nothing(
    site: str, cast: Cast
) -> None:
    """What programs write about a question of Alice’s and a reply of Bob’s, field by field."""
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    sound = {
        "raw": "Some more words.", "topic_id": topic.id, "post_id": reply.id, "id": reply.id,
        "direction": "up", "post_action_type_id": 2, "status": "closed", "enabled": True,
        "notification_level": 3, "post": {"raw": "Other words."}, "destination_topic_id": topic.id,
        "post_ids": [reply.id],
    }  # fmt: skip
    own = {"topics": "user_id", "posts": "user_id"}
    before = {place: row for place, row in (await content()).items() if place[0] in {*own, "users", "groups"}}
    async with program_of(site, "eve") as eve:
        for method, path, name, value in asked_by_programs():
            place = path.split("/")[1]
            number = {"t": topic.id, "category": cast.theme.id}.get(place, reply.id)
            address = path.replace("{id:int}", str(number)).replace("{slug}", topic.slug)
            answer = await eve.request(method, address, json=sound | {name: value} | dict(MORE, admin=value))
            assert answer.status_code < 500, f"{method} {path} {name}={value}: {answer.text}"
    after = await content()
    assert {place: told(row) for place, row in before.items()} == {
        place: told(after[place]) for place in before
    }
    made = [
        row for (table, _id), row in after.items() if table in own and row["id"] not in (topic.id, reply.id)
    ]
    assert {row["user_id"] for row in made} <= {cast.ids["eve"]}


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what replies, votes and looks of others count."""
    return {
        name: value
        for name, value in row.items()
        if not re.search(r"count|score|number|version|_at$|last_", name)
        or name in ("deleted_at", "closed_at")
    }


async def test_fields_sent_twice_as_lists_or_as_files_break_no_form(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    eve = (await signed_in(site, "eve")).client
    names = ("raw", "title", "value", "category_id", "version", "email", "password", "tags", "reason", "id")
    for row in rows():
        method, path = row.split()
        address = re.sub(r"\{\w+(:int)?\}", "1", path)
        if method == "DELETE":
            continue
        for body in (
            {"data": {name: ["1", "2"] for name in names}},
            {"data": {f"{name}[]": "1" for name in names} | {f"{name}[a][b]": "1" for name in names}},
            {"files": {name: (f"{name}.txt", b"1", "text/plain") for name in names}},
        ):
            answer = await eve.request(method, address, headers=HEADERS, **body)
            assert answer.status_code < 500, f"{row}: {answer.status_code}"


# What a socket may say: the commands of the protocol, and what pages call.
COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("subscribe", {"channel": "latest"}),
    ("unsubscribe", {"channel": "latest"}),
    ("publish", {"channel": "latest", "data": {"kind": "post.created"}}),
    ("presence", {"channel": "latest"}),
    ("presence_stats", {"channel": "latest"}),
    ("history", {"channel": "latest", "limit": 5}),
    ("sub_refresh", {"channel": "latest", "token": ""}),
    ("refresh", {"token": ""}),
    ("rpc", {"method": "live_state", "data": {}}),
    ("rpc", {"method": "search", "data": {"q": "cooks", "seq": 1}}),
    ("rpc", {"method": "similar", "data": {"title": "Who cooks?", "raw": "We", "category_id": 1, "seq": 1}}),
    ("rpc", {"method": "grant_admin", "data": {"user_id": 3}}),
)


async def test_nothing_that_eve_says_live_makes_her_somebody_else_or_tells_her_more(
    site: str, cast: Cast
) -> None:
    """Each command with fields beside, and each of its values as another type."""
    hidden = await a_question(cast, title="Who cooks for the clerks only?", private=True)
    cookie = f"relais={(await signed_in(site, 'eve')).client.cookies['relais']}"
    identity = {"user": "5", "user_id": 5, "admin": True, "groups": [1], "channels": ["user:5"], "subs": {}}
    before, answered = {place: told(row) for place, row in (await content()).items()}, 0

    async def said(method: str, sent: dict[str, Any]) -> None:
        """On a connection of its own: one that is refused may end."""
        nonlocal answered
        with suppress(ConnectionClosed):
            async with live(site, Cookie=cookie, Origin=site) as socket:
                client = Socket(socket)
                connected = await client.ask("connect", data={**identity, "username": "ada"}, **identity)
                assert list(connected["connect"]["subs"]) == [f"user:{cast.ids['eve']}"]
                answer = json.dumps(await client.ask(method, **sent))
                assert "clerks only" not in answer
                for channel in (f"topic:{hidden.id}", f"user:{cast.ids['ada']}"):
                    refused = await client.ask("subscribe", channel=channel, **identity)
                    assert refused["error"]["code"] == 103
                answered += 1

    for method, sent in COMMANDS:
        await said(method, {**identity, **sent})
        data = sent.get("data", {})
        for value in TYPES:
            for name in sent:
                await said(method, {**sent, name: value})
            if data:
                await said(method, {**sent, "data": dict.fromkeys(data, value) | {"admin": value}})
    async with live(site, Cookie=cookie, Origin=site) as socket:
        assert "connect" in await Socket(socket).ask("connect"), "the site is as well as before"
    assert answered > 100
    assert {place: told(row) for place, row in (await content()).items()} == before
