"""A cache on the way, or a header that misleads one: nobody is given another's bytes.

Each address that is read, asked for by Alice, by Bob and by a visitor, one after the other and back, so that
whatever the site itself keeps is kept from one and offered to the next.
"""

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response

from forum.app import SLICES, Relais, create_app
from forum.config import Config
from forum.drafts.actions import keep_draft
from forum.limits import Limits
from tests.cast import Cast
from tests.factories import a_group, a_question, a_reply
from tests.people import at, signed_in

# What makes caches and frameworks answer as for another address, another person or another page.
WEIRD = (
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Host": "evil.example"},
    {"X-Original-URL": "/preferences/account", "X-Rewrite-URL": "/preferences/account"},
    {"X-HTTP-Method-Override": "POST", "X-Forwarded-Prefix": "/evil"},
    {"Authorization": "Bearer x", "Cache-Control": "only-if-cached", "Pragma": "no-cache"},
    {"Accept": "application/json"},
    {"Accept": "*/*", "Accept-Encoding": "identity", "Range": "bytes=0-10"},
    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    {"If-None-Match": "*"},
    {"Accept-Language": "xx, *", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1;host=evil.example"},
)
PUBLIC = ("/uploads/pictures/", "/uploads/logos/")
# What is only on the pages of those whom it names: a restricted topic, a draft, an address.
MARKS = ("canary-of-alice-bob", "draft-of-alice", "draft-of-bob", "alice@example.org", "bob@example.org")


@pytest.fixture
def app(config: Config) -> Relais:
    """A site without rate limits: they would answer for it."""
    return create_app(config, Limits(enabled=False))


def pages(places: dict[str, str]) -> Iterator[str]:
    """Each address of the route table that is read, about something that there is."""
    for route in (route for slice in SLICES for route in slice.routes):
        if "GET" in (route.methods or ()):
            first = route.path.split("/")[1]
            number = places.get(first, "1")
            path = route.path.replace("{slug}", places.get(f"{first} slug", "x"))
            path = path.replace("{id:int}", number).replace("{number:int}", "1")
            path = path.replace("{name}", places.get(f"{first} name", "x")).replace("{username}", "alice")
            yield re.sub(r"\{\w+(:\w+)?\}", "x", path)


def is_kept_from_others(answer: Response) -> bool:
    """Whether no cache that several people share may keep this."""
    said = answer.headers.get("cache-control", "")
    return "private" in said or "no-store" in said


async def a_small_town(cast: Cast) -> dict[str, str]:
    """An open topic, a restricted one, and what only Alice and only Bob are shown on the same pages."""
    topic = await a_question(cast, tags=["cantine"])
    reply = await a_reply(cast, topic)
    restricted = await a_question(cast, title="Of clerks: canary-of-alice-bob", tags=["canary"], private=True)
    await a_reply(cast, restricted, raw="And canary-of-alice-bob again.")
    await a_group(cast, "readers", "open", "bob")
    for name in ("alice", "bob"):
        await keep_draft(cast.ids[name], f"topic_{topic.id}", {"raw": f"draft-of-{name}"})
    return {
        "t": str(topic.id), "p": str(reply.id), "posts": str(reply.id), "c": str(cast.theme.id),
        "t slug": topic.slug, "c slug": "school-meals", "tag name": "cantine",
        "g name": "readers", "groups name": "readers",
    }  # fmt: skip


@pytest.mark.timeout(240)
async def test_cve_2021_41271_no_header_gives_one_person_what_is_for_another(site: str, cast: Cast) -> None:
    """And CVE-2024-47773: not by the site's own memory, nor by any cache that keeps to what it is told."""
    places = await a_small_town(cast)
    people = {
        "alice": await signed_in(site, "alice"),
        "bob": await signed_in(site, "bob"),
        "visitor": at(site),
    }
    told: dict[str, set[str]] = {name: set() for name in people}
    for row, path in enumerate(pages(places)):
        for turn, who in enumerate(("visitor", "alice", "bob", "visitor")):
            first = WEIRD[(row + turn) % len(WEIRD)]
            for headers in ({}, first, WEIRD[(row + turn + 4) % len(WEIRD)]):
                answer = await people[who].client.get(path, headers=headers)
                assert answer.status_code < 500, f"{path} {headers}"
                assert path.startswith(PUBLIC) or is_kept_from_others(answer), f"{path} {headers}"
                told[who] |= {mark for mark in MARKS if mark in answer.text + repr(answer.headers)}
    for who, marks in told.items():
        assert marks == {mark for mark in MARKS if who in mark}, who


async def test_a_redirect_to_the_title_of_a_restricted_topic_stays_in_the_browser_that_asked(
    site: str, cast: Cast
) -> None:
    """Caches keep a 301 of which nothing is said, and an address holds the title."""
    topic = await a_question(cast, title="A matter of clerks", private=True)
    alice = await signed_in(site, "alice")
    for path in (f"/t/{topic.id}", f"/t/x/{topic.id}", f"/t/{topic.id}/1", f"/t/{topic.id}/go"):
        answer = await alice.client.get(path)
        assert "matter-of-clerks" in answer.headers["location"]
        assert answer.headers["cache-control"] == "private, no-cache", path
        assert "Cookie" in answer.headers["vary"]


async def test_no_cache_keeps_a_refusal(site: str, cast: Cast) -> None:
    visitor = at(site).client
    for method, path, headers, status in (
        ("GET", "/nowhere", {}, 404), ("GET", "/static/x/nothing.css", {}, 404),
        ("PATCH", "/topics", {}, 405), ("GET", "/", {"Host": "evil.example"}, 400),
        ("POST", "/topics", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/uploads/pictures/x/40.webp", {}, 404), ("GET", "/nowhere.json", {}, 404),
        ("HEAD", "/nowhere", {}, 404),
    ):  # fmt: skip
        answer = await visitor.request(method, path, headers=headers)
        assert (answer.status_code, is_kept_from_others(answer)) == (status, True), path
