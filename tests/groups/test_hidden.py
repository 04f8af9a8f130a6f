"""What outsiders see is the same before and after a hidden group and its theme are made and used."""

import re

import pytest
from httpx2 import AsyncClient

from forum.categories.actions import create_category
from forum.categories.models import Permission
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.groups.actions import remove_member
from forum.posts.actions import reply_to_topic
from forum.topics.actions import open_topic
from forum.topics.queries import topic_visible_to
from tests.cast import Cast
from tests.factories import a_group, a_question, a_reply, seen
from tests.people import at, signed_in
from tests.rights.conftest import room  # noqa: F401 - a fixture
from tests.rights.ears import Room
from tests.waiting import until

PATHS = (
    "/", "/latest", "/new", "/unread", "/unanswered", "/categories", "/g", "/g/school-meals", "/g/whistle",
    "/g/whistle/members", "/u/alice", "/u/bob", "/u/ada", "/tag/whispers", "/notifications", "/review",
    "/about.json", "/site.json", "/categories.json", "/latest.json", "/tags.json", "/groups.json",
    "/groups/whistle.json", "/groups/whistle/members.json", "/groups/school-meals/members.json",
    "/u/alice.json", "/u/bob.json", "/session/current.json", "/notifications.json", "/new-topic",
    "/signup", "/preferences/profile",
)  # fmt: skip


async def all_of_it(client: AsyncClient) -> dict[str, tuple[int, str]]:
    """Every door, less what differs at each request."""
    found = {path: await client.get(path) for path in PATHS}
    return {
        path: (answer.status_code, re.sub(r'[0-9a-f]{32}|name="token" value="[^"]*"', "", answer.text))
        for path, answer in found.items()
    }


async def life_in_secret(cast: Cast) -> None:
    """A hidden group, its theme, what its members write there, and somebody who leaves."""
    group = await a_group(cast, "whistle", "hidden", "alice", "bob")
    theme = await create_category(
        "Whistle-blowers", permissions={group: Permission.CREATE}, description="Nobody knows"
    )
    alice, bob = await cast.alice(), await cast.bob()
    post = await open_topic(
        alice, theme.id, "question", "Something that must not be known", "Secret.", tags=["whispers"]
    )
    topic = await topic_visible_to(bob, post.topic_id)
    reply = await reply_to_topic(bob, topic, "For @eve and @mod, who may not know.")
    await flag_post(alice, await seen(alice, reply), FlagType.SPAM)
    await remove_member(await cast.ada(), group, cast.ids["bob"])


@pytest.mark.parametrize("who", ["visitor", "eve", "mod"])
async def test_cve_2021_39163_outsiders_learn_nothing_through_any_door(
    site: str,
    cast: Cast,
    room: Room,  # noqa: F811 - the fixture
    who: str,
) -> None:
    """And CVE-2021-39164, Discourse’s pull request 16339."""
    await a_reply(cast, await a_question(cast))
    person = at(site) if who == "visitor" else await signed_in(site, who)
    ear = await room.somebody(who)
    await ear.subscribe("latest")
    before = await all_of_it(person.client)
    heard = len(await ear.everything())
    await life_in_secret(cast)
    assert await all_of_it(person.client) == before
    await a_question(cast, title="For everybody to read")
    await until(lambda: len(ear.publications("latest", "topic.created")) == 1)
    since = (await ear.everything())[heard:]
    kinds = {line.push.get("pub", {}).get("data", {}).get("kind") for line in since}
    assert kinds - {None} == {"topic.created"}


async def test_a_name_that_is_taken_tells_only_administrators(site: str, cast: Cast) -> None:
    """Names of members and of groups are apart, and only administrators, who know of all, name groups."""
    await a_group(cast, "whistle", "hidden", "bob")
    eve = await signed_in(site, "eve")
    taken = await eve.post("/admin/groups", name="whistle")
    free = await eve.post("/admin/groups", name="nowhere")
    assert (taken.status_code, free.status_code) == (404, 404)
    visitor = at(site)
    answers = [await visitor.post("/signup", username=name, email="x") for name in ("whistle", "nowhere")]
    shown = [re.sub(r"[0-9a-f]{32}|whistle|nowhere", "", answer.text) for answer in answers]
    assert shown[0] == shown[1]
