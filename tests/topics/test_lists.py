"""Lists of topics, for each viewer."""

from forum.posts.actions import reply_to_topic
from forum.reading.actions import read_up_to
from forum.reading.queries import read_states
from forum.topics.actions import (
    delete_topic,
    open_topic,
    recover_topic,
    revise_topic,
    set_closed,
    set_pinned,
)
from forum.topics.lists import Cursor, topics_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again
from tests.people import at, signed_in


async def ids(cast: Cast, name: str, **wishes: object) -> list[int]:
    """The ids of a list, in order."""
    viewer = await (cast.visitor() if name == "visitor" else cast.viewer(name))
    return [topic.id for topic in (await topics_visible_to(viewer, **wishes)).topics]  # type: ignore[arg-type]


async def test_the_topic_replied_to_last_comes_first(cast: Cast) -> None:
    old, new = await a_question(cast), await a_question(cast)
    assert await ids(cast, "visitor") == [new.id, old.id]
    await a_reply(cast, old)
    assert await ids(cast, "visitor") == [old.id, new.id]


async def test_a_restricted_topic_is_in_nobody_elses_list(cast: Cast) -> None:
    hidden = await a_question(cast, private=True)
    assert await ids(cast, "bob") == [hidden.id]
    assert await ids(cast, "ada") == [hidden.id]
    for outsider in ("eve", "visitor", "mod"):
        assert await ids(cast, outsider) == []
        assert await ids(cast, outsider, category_ids=frozenset({cast.private.id})) == []


async def test_pages_follow_each_other_without_hole_or_double(cast: Cast) -> None:
    made = [(await a_question(cast)).id for _n in range(7)]
    viewer, cursor, seen = await cast.visitor(), None, []
    while True:
        found = await topics_visible_to(viewer, before=cursor, limit=3)
        seen += [topic.id for topic in found.topics]
        if found.next is None:
            break
        cursor = Cursor.read(str(found.next))
        assert cursor == found.next
    assert seen == made[::-1]


async def test_a_malformed_cursor_shows_the_top(cast: Cast) -> None:
    for text in ("", "x", "2026,1", "2026-01-01T00:00:00+00:00,x", None, ",", "\x00,1"):
        assert Cursor.read(text) is None


async def test_unanswered_holds_open_questions_without_reply(cast: Cast) -> None:
    waiting, answered, closed = [await a_question(cast) for _n in range(3)]
    await a_reply(cast, answered)
    await set_closed(await cast.mod(), closed, True)
    assert await ids(cast, "visitor", filter="unanswered") == [waiting.id]


async def test_new_and_unread_follow_what_bob_has_read(cast: Cast) -> None:
    topic, bob = await a_question(cast), await cast.bob()
    assert await ids(cast, "bob", filter="new") == [topic.id]
    await a_reply(cast, topic)
    assert await ids(cast, "bob", filter="new") == []
    await reply_to_topic(await cast.alice(), topic, "Thank you, and for absences?")
    assert await ids(cast, "bob", filter="unread") == [topic.id]
    states = await read_states(bob, [(topic.id, 3)])
    assert (states[topic.id].unread, states[topic.id].new) == (1, False)
    await read_up_to(bob, await again(bob, topic), 3)
    assert await ids(cast, "bob", filter="unread") == []


async def test_a_deleted_topic_leaves_every_list(cast: Cast) -> None:
    topic = await a_question(cast)
    await delete_topic(await cast.mod(), topic)
    assert await ids(cast, "alice") == []


async def test_a_new_title_changes_the_address_and_keeps_the_number(cast: Cast) -> None:
    topic, alice = await a_question(cast), await cast.alice()
    await revise_topic(alice, topic, "Équipe réduite : qui remplace le cuisinier ?")
    now = await again(alice, topic)
    assert now.slug == "equipe-reduite-qui-remplace-le-cuisinier"
    assert now.id == topic.id


async def test_a_double_click_opens_one_topic(cast: Cast) -> None:
    alice = await cast.alice()
    wishes = (cast.theme.id, "question", "Who replaces the cook?", "She is alone in the kitchen.")
    one = await open_topic(alice, *wishes, key="form:1")
    two = await open_topic(alice, *wishes, key="form:1")
    assert one.topic_id == two.topic_id


async def test_a_deleted_topic_that_is_recovered_is_listed_again(cast: Cast) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    await delete_topic(mod, topic)
    await recover_topic(mod, await again(mod, topic))
    assert await ids(cast, "visitor") == [topic.id]


async def test_a_topic_is_pinned_until_a_day(site: str, cast: Cast) -> None:
    topic, mod = await a_question(cast), await signed_in(site, "mod")
    refused = await mod.post(f"/t/{topic.id}/pinned", value="1", until="2001-01-01", in_theme="1")
    assert refused.status_code == 422
    assert 'value="2001-01-01" aria-invalid="true" aria-describedby="pin-error"' in refused.text
    assert "Choose a day that is still to come." in refused.text
    assert 'name="in_theme" value="1" checked' in refused.text
    assert (await mod.post(f"/t/{topic.id}/pinned", value="1", until="soon")).status_code == 422
    assert not (await again(await cast.mod(), topic)).pinned
    assert (await mod.post(f"/t/{topic.id}/pinned", value="1", until="2099-01-01")).status_code == 303
    assert (await again(await cast.mod(), topic)).pinned
    rows = await sql("SELECT details FROM staff_actions ORDER BY id DESC LIMIT 1")
    assert "2098-12-31T" in rows[0]["details"] or "2099-01-01T" in rows[0]["details"]
    await sql("UPDATE topics SET pinned_until = {1} WHERE id = {0}", topic.id, topic.created_at)
    assert not (await again(await cast.mod(), topic)).pinned, "the day has come"
    assert "Pin to the head of lists" in (await mod.get(f"/t/{topic.slug}/{topic.id}")).text
    assert (await mod.post(f"/t/{topic.id}/pinned", value="1")).status_code == 303
    assert (await again(await cast.mod(), topic)).pinned, "for good"


async def listed(cast: Cast, who: str, theme: int | None = None, before: Cursor | None = None) -> list[int]:
    viewer = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    themes = None if theme is None else frozenset((theme,))
    found = await topics_visible_to(viewer, category_ids=themes, before=before)
    return [topic.id for topic in found.topics]


async def test_a_topic_is_pinned_everywhere_or_in_its_theme_only(site: str, cast: Cast) -> None:
    mod = await signed_in(site, "mod")
    first, second, third = [(await a_question(cast)).id for _n in range(3)]
    await mod.post(f"/t/{first}/pinned", value="1", in_theme="1")
    assert await listed(cast, "visitor") == [third, second, first], "in its place"
    assert await listed(cast, "visitor", cast.theme.id) == [first, third, second]
    await mod.post(f"/t/{second}/pinned", value="1")
    assert await listed(cast, "visitor") == [second, third, first]
    await mod.post(f"/t/{first}/pinned", value="1")
    assert await listed(cast, "visitor") == [second, first, third]


async def test_each_reader_may_unpin_for_themselves_until_it_is_pinned_anew(site: str, cast: Cast) -> None:
    mod, bob = await signed_in(site, "mod"), await signed_in(site, "bob")
    topic, later = await a_question(cast), await a_question(cast)
    path = f"/t/{topic.slug}/{topic.id}"
    assert "Unpin for me" not in (await bob.get(path)).text
    await mod.post(f"/t/{topic.id}/pinned", value="1")
    assert "Unpin for me" in (await bob.get(path)).text
    assert "Unpin for me" not in (await at(site).get(path)).text
    assert (await bob.post(f"/t/{topic.id}/clear-pin", value="1")).status_code == 303
    assert "Pin again for me" in (await bob.get(path)).text
    assert await listed(cast, "bob") == [later.id, topic.id]
    assert await listed(cast, "alice") == [topic.id, later.id]
    assert await listed(cast, "visitor") == [topic.id, later.id]
    await bob.post(f"/t/{topic.id}/clear-pin", value="0")
    assert await listed(cast, "bob") == [topic.id, later.id]
    await bob.post(f"/t/{topic.id}/clear-pin", value="1")
    await mod.post(f"/t/{topic.id}/pinned", value="0")
    await mod.post(f"/t/{topic.id}/pinned", value="1")
    assert await listed(cast, "bob") == [topic.id, later.id]
    assert (await at(site).post(f"/t/{topic.id}/clear-pin", value="1")).status_code in (303, 403)


async def test_of_more_pinned_topics_than_head_a_list_none_is_lost(cast: Cast) -> None:
    topics = [await a_question(cast) for _n in range(12)]
    for topic in topics:
        await set_pinned(await cast.mod(), topic, True)
    assert sorted(await listed(cast, "visitor")) == [topic.id for topic in topics]
