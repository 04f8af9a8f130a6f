"""A topic is moved to another theme: by whom, who is told of it, and what was under way meanwhile."""

import orjson
import pytest

from forum.answers.actions import accept_answer
from forum.app import Relais
from forum.categories.actions import create_category, set_category_groups
from forum.categories.models import Category, Permission
from forum.clock import now
from forum.errors import Conflict, Forbidden, Invalid, NotFound
from forum.groups.queries import id_of_group
from forum.live import encode, use_templates
from forum.posts.actions import delete_post, reply_to_topic, revise_post
from forum.topics.actions import delete_topic, move_topic, revise_topic, set_closed
from realtime.log import Event
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.people import at, signed_in

Told = dict[str, dict[str, int]]


@pytest.fixture
async def water(cast: Cast) -> Category:
    """A second theme that is open to all."""
    return await create_category("Water")


async def told_of(kind: str) -> Told:
    """What was told of as this kind: the ids, by channel."""
    rows = await sql("SELECT channel, data FROM live_events WHERE kind = {0} ORDER BY id", kind)
    return {row["channel"]: orjson.loads(row["data"]) for row in rows}


async def patches(channel: str, kind: str) -> list[tuple[str, str]]:
    """What the last event of this kind does to pages that hear a channel now: operations and targets."""
    rows = await sql(
        "SELECT number, data FROM live_events WHERE channel = {0} AND kind = {1} ORDER BY id DESC LIMIT 1",
        channel,
        kind,
    )
    event = Event(channel, rows[0]["number"], kind, orjson.loads(rows[0]["data"]), now())
    found = orjson.loads(await encode(event, ("en", True)))["patches"]
    return [(patch["op"], patch["target"]) for patch in found]


async def test_each_list_hears_of_the_themes_that_it_shows_and_of_no_other(
    cast: Cast, water: Category
) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    await move_topic(mod, topic, water.id)
    assert await told_of("topic.moved") == {
        f"topic:{topic.id}": {"topic_id": topic.id, "category_id": water.id},
        f"category:{cast.theme.id}": {"topic_id": topic.id, "from_category_id": cast.theme.id},
        f"category:{water.id}": {"topic_id": topic.id, "category_id": water.id},
        "latest": {"topic_id": topic.id, "category_id": water.id, "from_category_id": cast.theme.id},
    }
    await sql("DELETE FROM live_events")
    ada = await cast.ada()
    await move_topic(ada, await again(ada, topic), cast.private.id)
    assert await told_of("topic.moved") == {
        f"topic:{topic.id}": {"topic_id": topic.id, "category_id": cast.private.id},
        f"category:{water.id}": {"topic_id": topic.id, "from_category_id": water.id},
        f"category:{cast.private.id}": {"topic_id": topic.id, "category_id": cast.private.id},
        "latest": {"topic_id": topic.id, "from_category_id": water.id},
    }


async def test_the_row_goes_where_the_topic_went(cast: Cast, app: Relais) -> None:
    use_templates(app.templates)
    topic, ada = await a_question(cast), await cast.ada()
    row, head = f"topic-{topic.id}", f"topic-{topic.id}-head"
    await move_topic(ada, topic, cast.private.id)
    gone, come = [("remove", row)], [("replace", row), ("prepend", "topics")]
    assert await patches("latest", "topic.moved") == gone
    assert await patches(f"category:{cast.theme.id}", "topic.moved") == gone
    assert await patches(f"category:{cast.private.id}", "topic.moved") == come
    assert await patches(f"topic:{topic.id}", "topic.moved") == [
        ("replace", head), ("replace", f"topic-{topic.id}-crumbs"),
    ]  # fmt: skip
    await move_topic(ada, await again(ada, topic), cast.theme.id)
    assert await patches(f"category:{cast.private.id}", "topic.moved") == gone
    assert await patches("latest", "topic.moved") == come
    assert await patches(f"category:{cast.theme.id}", "topic.moved") == come


async def test_within_what_is_open_to_all_the_row_stays_where_it_is(
    cast: Cast, water: Category, app: Relais
) -> None:
    use_templates(app.templates)
    topic = await a_question(cast)
    await move_topic(await cast.mod(), topic, water.id)
    assert await patches("latest", "topic.moved") == [("replace", f"topic-{topic.id}")]


async def test_a_moved_topic_is_found_where_it_is_and_nowhere_else(site: str, cast: Cast) -> None:
    topic, visitor, alice = await a_question(cast), at(site), await signed_in(site, "alice")
    path = f"/t/{topic.slug}/{topic.id}"
    theme, private = f"/c/school-meals/{cast.theme.id}", f"/c/clerks-only/{cast.private.id}"
    assert topic.title in (await visitor.get(path)).text
    await move_topic(await cast.ada(), topic, cast.private.id)
    assert (await visitor.get(path)).status_code == 404
    for listing in ("/", theme, "/u/alice"):
        assert topic.title not in (await visitor.get(listing)).text, listing
    assert topic.title in (await alice.get(path)).text
    assert topic.title in (await alice.get(private)).text
    assert topic.title not in (await alice.get(theme)).text


async def test_a_moderator_moves_a_topic_from_its_page(site: str, cast: Cast, water: Category) -> None:
    topic, mod = await a_question(cast), await signed_in(site, "mod")
    path = f"/t/{topic.slug}/{topic.id}"
    shown = (await mod.get(path)).text
    assert "Move to the theme" in shown
    assert f'<option value="{water.id}">Water</option>' in shown
    assert "Clerks only" not in shown, "a theme that the moderator does not see"
    assert (await mod.post(f"/t/{topic.id}/category", category_id=str(water.id))).headers["location"] == path
    assert (await again(await cast.mod(), topic)).category_id == water.id
    for wrong, status in (("", 303), ("x", 422), (str(cast.private.id), 422), ("4000", 422)):
        answer = await mod.post(f"/t/{topic.id}/category", category_id=wrong)
        assert answer.status_code == status, wrong
    assert (await again(await cast.mod(), topic)).category_id == water.id
    alice = await signed_in(site, "alice")
    assert "Move to the theme" not in (await alice.get(path)).text
    refused = await alice.post(f"/t/{topic.id}/category", category_id=str(cast.theme.id))
    assert refused.status_code == 403


async def test_cve_2026_21865_both_where_it_is_and_where_it_goes_are_asked_about(cast: Cast) -> None:
    """And CVE-2026-28227."""
    topic, hidden = await a_question(cast), await a_question(cast, private=True)
    mod = await cast.mod()
    with pytest.raises(Invalid):
        await move_topic(mod, topic, cast.private.id)
    with pytest.raises(Forbidden):
        await move_topic(mod, hidden, cast.theme.id)
    for who in (await cast.alice(), await cast.eve(), await cast.visitor()):
        with pytest.raises(Forbidden):
            await move_topic(who, topic, cast.theme.id)
    readers = {await id_of_group("school-meals"): Permission.SEE}
    await sql("UPDATE users SET moderator = {1} WHERE id = {0}", cast.ids["bob"], True)
    await set_category_groups(await cast.ada(), cast.private.id, readers)
    with pytest.raises(Forbidden):
        await move_topic(await cast.bob(), topic, cast.private.id)
    assert await told_of("topic.moved") == {}


async def test_moving_to_where_it_is_changes_nothing(cast: Cast) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    await move_topic(mod, topic, topic.category_id)
    assert (await again(mod, topic)).version == topic.version
    assert await told_of("topic.moved") == {}


async def test_of_two_moderators_the_second_is_told(cast: Cast, water: Category) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    air = await create_category("Air")
    mod = await cast.mod()
    await move_topic(mod, topic, water.id)
    with pytest.raises(Conflict):
        await move_topic(mod, topic, air.id)
    now_there = await again(mod, topic)
    await delete_topic(mod, now_there)
    with pytest.raises(Conflict):
        await move_topic(mod, now_there, air.id)


async def test_a_reply_under_way_is_told_where_the_topic_is_now(cast: Cast, water: Category) -> None:
    topic, bob = await a_question(cast), await cast.bob()
    await move_topic(await cast.mod(), topic, water.id)
    await reply_to_topic(bob, topic, "Written while it moved.")
    assert set(await told_of("post.created")) == {f"topic:{topic.id}", f"category:{water.id}", "latest"}


async def test_a_reply_under_way_by_whom_it_was_moved_away_from_is_refused(cast: Cast) -> None:
    topic, eve = await a_question(cast), await cast.eve()
    await move_topic(await cast.ada(), topic, cast.private.id)
    with pytest.raises(Conflict):
        await reply_to_topic(eve, topic, "Written while it moved.")
    with pytest.raises(NotFound):
        await again(eve, topic)


async def test_what_else_was_under_way_is_told_where_the_topic_is_or_tried_again(
    cast: Cast, water: Category
) -> None:
    topic, bob, mod = await a_question(cast), await cast.bob(), await cast.mod()
    alice = await cast.alice()
    post = await seen(bob, await a_reply(cast, topic))
    await move_topic(mod, topic, water.id)
    with pytest.raises(Conflict):
        await revise_post(bob, post, "Edited while it moved.", reason="", version=1)
    with pytest.raises(Conflict):
        await delete_post(bob, post)
    with pytest.raises(Conflict):
        await accept_answer(alice, post)
    await set_closed(mod, topic, True)
    await revise_topic(mod, topic, "Retitled while it moved")
    for kind in ("topic.closed", "topic.revised"):
        assert set(await told_of(kind)) == {f"topic:{topic.id}", f"category:{water.id}", "latest"}
