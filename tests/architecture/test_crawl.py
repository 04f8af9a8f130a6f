"""Whoever may not look follows every link of the site before and after: what they read is the same.

Nobody says which pages are asked: each link, and each address for programs beside it, is followed from the
first page on. So a page that comes later is in it by itself.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from httpx2 import AsyncClient

from forum.accounts.actions import create_user, suspend_member
from forum.animators.actions import name_animator
from forum.answers.actions import accept_answer
from forum.app import Relais, create_app
from forum.categories.actions import create_category
from forum.categories.models import Permission
from forum.clock import now, set_clock
from forum.config import Config
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.groups.actions import add_member, remove_member
from forum.limits import Limits
from forum.pending.actions import hold_reply
from forum.posts.actions import reply_to_topic
from forum.reviewables.actions import remove_post, remove_topic
from forum.search.indexing import index_all_pending
from forum.topics.actions import open_topic
from forum.topics.queries import topic_visible_to
from forum.votes.actions import set_vote
from realtime.sql import sql
from tests.architecture.test_matrix import ROWS, address, routes
from tests.cast import Cast
from tests.factories import a_group, a_question, a_reply, seen
from tests.people import at, signed_in
from tests.reviewables.cases import decided

LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
# Beside a page: what programs read of it, and what is asked of it while somebody types.
BESIDE = (
    "/latest.json", "/categories.json", "/site.json", "/about.json", "/tags.json", "/groups.json",
    "/notifications.json", "/session/current.json", "/o.json", "/valeur.json", "/search?q=zinzolin",
    "/search.json?q=zinzolin", "/search?q=kitchen", "/search.json?q=kitchen", "/tag/zinzolin",
    "/tag/kitchen", "/u/alice.json", "/u/bob.json", "/g/whistle", "/groups/whistle.json", "/review",
    "/unread", "/new",
)  # fmt: skip
STILL = re.compile(r"/static/|/locale|/session/deletion|/auth/|/setup/")
# What differs at each request.
PASSING = re.compile(r'[0-9a-f]{32}|name="token" value="[^"]*"')
LEAST = 40


@pytest.fixture
def app(config: Config) -> Relais:
    """A site without rate limits: a crawl is fast."""
    return create_app(config, Limits(enabled=False))


async def crawl(client: AsyncClient, more: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Every address that links lead to from the first page on: status and text, less what passes."""
    found: dict[str, tuple[int, str]] = {}
    waiting = ["/", *BESIDE, *more]
    while waiting:
        path = waiting.pop()
        if path in found or STILL.search(path):
            continue
        answer = await client.get(path)
        kind = answer.headers.get("content-type", "")
        text = answer.text if kind.startswith(("text/", "application/json")) else ""
        found[path] = (answer.status_code, PASSING.sub("", text))
        waiting += [unescape(link) for link in LINK.findall(text) if not urlsplit(link).netloc]
        waiting += [urlsplit(answer.headers.get("location", "")).path or "/"]
    return found


async def a_site(cast: Cast) -> None:
    """What everybody sees; time stands still, so that nothing is older the second time."""
    moment = now()
    set_clock(lambda: moment)
    topic = await a_question(cast, tags=["kitchen"])
    reply = await a_reply(cast, topic)
    await accept_answer(await cast.alice(), await seen(await cast.alice(), reply))
    await a_question(cast, await cast.eve(), title="A kitchen for eight villages")
    await index_all_pending()


async def in_a_restricted_theme(cast: Cast) -> None:
    """A question, answered, voted for, accepted, reported, that names those who may not look."""
    alice, bob = await cast.alice(), await cast.bob()
    topic = await a_question(
        cast, private=True, title="The zinzolin kitchen", raw="Zinzolin, @eve.", tags=["zinzolin", "kitchen"]
    )
    reply = await a_reply(cast, topic, raw="For @eve and @mod, who may not know of zinzolin.")
    await set_vote(alice, await seen(alice, reply), 1)
    await accept_answer(alice, await seen(alice, reply))
    await flag_post(alice, await seen(alice, reply), FlagType.SPAM)
    await hold_reply(bob, topic, "Zinzolin waits.")


async def in_a_hidden_group(cast: Cast) -> None:
    """A group that nobody knows of, its theme, and what is said there."""
    group = await a_group(cast, "whistle", "hidden", "alice", "bob")
    theme = await create_category(
        "Zinzolin", permissions={group: Permission.CREATE}, description="Nobody knows"
    )
    alice, bob = await cast.alice(), await cast.bob()
    made = await open_topic(
        alice, theme.id, "question", "Something zinzolin is known", "For @eve.", tags=["zinzolin"]
    )
    await reply_to_topic(bob, await topic_visible_to(bob, made.topic_id), "Zinzolin, @mod.")


HAPPENS: dict[str, Callable[[Cast], Awaitable[None]]] = {
    "in a restricted theme": in_a_restricted_theme,
    "in a hidden group": in_a_hidden_group,
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("where", HAPPENS)
@pytest.mark.parametrize("who", ["visitor", "eve", "mod"])
async def test_what_an_outsider_reads_is_the_same_before_and_after(
    site: str, cast: Cast, who: str, where: str
) -> None:
    await a_site(cast)
    person = at(site) if who == "visitor" else await signed_in(site, who)
    before = await crawl(person.client)
    assert len([path for path, (status, _text) in before.items() if status == 200]) > LEAST
    await HAPPENS[where](cast)
    await index_all_pending()
    after = await crawl(person.client)
    assert sorted(after) == sorted(before)
    assert [path for path in before if before[path] != after[path]] == []


@pytest.mark.timeout(240)
async def test_the_crawl_sees_what_a_member_of_the_group_sees(site: str, cast: Cast) -> None:
    """Else the other test proves nothing."""
    await a_site(cast)
    bob = await signed_in(site, "bob")
    before = await crawl(bob.client)
    await in_a_restricted_theme(cast)
    await index_all_pending()
    after = await crawl(bob.client)
    assert len(after) > len(before)
    telling = [path for path, (_status, text) in after.items() if "inzolin" in text]
    assert len(telling) > 5, telling


# Where each word stands, and who reads it somewhere: on a page, in JSON, in a search, in a queue.
READERS = {
    "canaripublic": {"visitor", "eve", "carole", "denis", "alice", "bob", "farid", "mod", "ada"},
    "canarirestricted": {"alice", "bob", "ada"},
    "canarihidden": {"bob", "farid", "mod", "ada"},
    "canarideleted": {"bob", "farid", "mod", "ada"},
    "canaritopic": {"alice", "farid", "mod", "ada"},
    "canariheld": {"eve", "farid", "mod", "ada"},
}
EVERYONE = sorted(READERS["canaripublic"])


async def canaries(cast: Cast) -> tuple[str, ...]:
    """A word in each kind of place; every address that names one of these topics and posts."""
    for name in ("carole", "denis", "farid"):
        cast.ids[name] = (await create_user(name, f"{name}@example.org", None, name=name.title())).id
    ada, mod = await cast.ada(), await cast.mod()
    (group,) = await sql("SELECT id FROM groups WHERE name = 'school-meals'")
    await add_member(ada, group["id"], cast.ids["carole"])
    await name_animator(ada, cast.theme.id, user_id=cast.ids["farid"])
    shown, gone = (
        await a_question(cast, raw="The canaripublic."),
        await a_question(cast, raw="A canaritopic."),
    )
    within = await a_question(cast, private=True, raw="The canarirestricted.")
    hidden, deleted = [await a_reply(cast, shown, raw=f"A canari{word}.") for word in ("hidden", "deleted")]
    await hold_reply(await cast.eve(), shown, "The canariheld.")
    await decided(cast, hidden, "hide")
    await remove_post(mod, await seen(mod, deleted), "It was said before.")
    await remove_topic(mod, gone, "It was asked before.")
    await remove_member(ada, group["id"], cast.ids["carole"])
    topics = [topic.id for topic in (shown, gone, within)]
    rows = await sql("SELECT id FROM posts ORDER BY id")
    cases = await sql("SELECT id FROM reviewables ORDER BY id")
    await index_all_pending()
    return (
        *addresses("topic", topics), *addresses("post", [row["id"] for row in rows]),
        *(f"/review/{row['id']}" for row in cases), "/review/pending/1", "/pending/1",
        *(f"/search.json?q={word}" for word in READERS), *(f"/search?q={word}" for word in READERS),
    )  # fmt: skip


def addresses(kind: str, numbers: list[int]) -> list[str]:
    """Each page that names one of these topics or posts."""
    kinds = {path: kind for kind, paths in ROWS.items() for path in paths}
    pages = [route.path for route in routes() if "GET" in (route.methods or ()) and kinds[route.path] == kind]
    return [address(path, number, "any") for path in pages for number in numbers]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("who", EVERYONE)
async def test_who_reads_what(site: str, cast: Cast, who: str) -> None:
    """Carole has left the group, Denis is suspended, Farid looks after the open theme, Ada is in no group."""
    more = await canaries(cast)
    person = at(site) if who == "visitor" else await signed_in(site, who)
    if who == "denis":
        await suspend_member(await cast.ada(), cast.ids[who], now() + timedelta(days=30), "Too loud.")
    pages = await crawl(person.client, more)
    for word, readers in READERS.items():
        # What somebody typed into a search is said back to them.
        telling = [
            path for path, (_status, text) in pages.items() if word in text and f"q={word}" not in path
        ]
        found = [
            path for path, (_status, text) in pages.items() if f"q={word}" in path and f"{word}." in text
        ]
        assert bool(telling or found) == (who in readers), f"{who} {word}: {telling + found}"
