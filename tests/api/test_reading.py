"""What programs read: whole, true, and no more than their member may see."""

from datetime import datetime, timedelta
from typing import Any

from httpx2 import AsyncClient

from forum.answers.actions import accept_answer
from forum.categories.actions import create_category
from forum.clock import now
from forum.posts.actions import delete_post
from forum.topics.actions import set_pinned
from forum.topics.queries import TopicCard
from realtime.sql import sql
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen


def numbers(topic: dict[str, Any]) -> list[int]:
    """The numbers of the posts that an answer holds."""
    return [post["post_number"] for post in topic["post_stream"]["posts"]]


async def filled(topic: TopicCard, posts: int) -> None:
    """Make the topic as long as that: its second post on are Alice's, written in one statement."""
    await sql(
        """INSERT INTO posts (topic_id, user_id, post_number, reply_count, post_type, raw, cooked,
                cook_version, version, score, up_count, imported_like_count, created_at, updated_at)
            WITH RECURSIVE count(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM count WHERE n < {1})
            SELECT p.topic_id, p.user_id, n, 0, 1, p.raw, p.cooked, p.cook_version, 1, 0, 0, 0,
                p.created_at, p.updated_at
            FROM count, posts p WHERE p.topic_id = {0} AND p.post_number = 1""",
        topic.id,
        posts,
    )
    await sql(
        "UPDATE topics SET posts_count = {1}, highest_post_number = {1} WHERE id = {0}", topic.id, posts
    )


async def test_bob_reads_twenty_posts_around_the_one_he_wants(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await filled(topic, 50)
    async with program_of(site, "bob") as bob:

        async def read(path: str) -> list[int]:
            return numbers((await bob.get(path)).json())

        assert await read(f"/t/{topic.id}.json") == list(range(1, 21))
        assert await read(f"/t/{topic.slug}/{topic.id}.json?post_number=30") == list(range(25, 45))
        assert await read(f"/t/{topic.id}/30.json") == list(range(25, 45))
        assert await read(f"/t/{topic.id}/50.json") == list(range(31, 51))
        assert await read(f"/t/{topic.id}/999.json") == list(range(31, 51))
        assert await read(f"/t/{topic.id}/posts.json?post_number=30") == list(range(25, 45))
        whole = (await bob.get(f"/t/{topic.id}.json")).json()
        ids = whole["post_stream"]["stream"]
        assert len(ids) == 50
        some = [("post_ids[]", str(id)) for id in ids[40:43]]
        assert numbers((await bob.get(f"/t/{topic.id}/posts.json", params=some)).json()) == [41, 42, 43]


async def test_a_topic_beyond_ten_thousand_posts_comes_without_its_stream(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await filled(topic, 10_001)
    async with program_of(site, "bob") as bob:
        found = (await bob.get(f"/t/{topic.id}.json?post_number=9000")).json()
    assert numbers(found) == list(range(8995, 9015))
    assert "stream" not in found["post_stream"]
    assert found["posts_count"] == 10_001


async def test_deleted_posts_are_in_no_answer_not_even_for_staff(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    gone, stays = await a_reply(cast, topic), await a_reply(cast, topic)
    await delete_post(await cast.bob(), await seen(await cast.bob(), gone))
    for name in ("bob", "mod", "ada"):
        async with program_of(site, name) as program:
            found = (await program.get(f"/t/{topic.id}.json")).json()
            assert (numbers(found), found["post_stream"]["stream"][1:]) == ([1, 3], [stays.id])
            assert (await program.get(f"/posts/{gone.id}.json")).status_code == 404
            asked = await program.get(f"/t/{topic.id}/posts.json", params={"post_ids[]": gone.id})
            assert asked.json()["post_stream"]["posts"] == []


async def test_lists_page_to_their_end_without_a_gap_or_a_double(site: str, cast: Cast) -> None:
    topics = [(await a_question(cast)).id for _n in range(65)]
    pinned = topics[3]
    await sql("UPDATE topics SET pinned = {1} WHERE id = {0}", pinned, True)
    async with program_of(site, "bob") as bob:
        for path in ("/latest.json", f"/c/{cast.theme.id}.json", f"/c/school-meals/{cast.theme.id}.json"):
            pages, more = [], path
            while more:
                found = (await bob.get(more.replace("?", ".json?") if "?" in more else more)).json()
                pages.append([topic["id"] for topic in found["topic_list"]["topics"]])
                more = found["topic_list"]["more_topics_url"]
            listed = [id for page in pages for id in page]
            assert listed == [pinned, *(id for id in reversed(topics) if id != pinned)]
            assert len(pages) == 3


async def test_a_pinned_topic_says_where_it_is_pinned_and_for_whom(site: str, cast: Cast) -> None:
    topic, mod = await a_question(cast), await cast.mod()
    day = now() + timedelta(days=3)

    async def pins(program: AsyncClient) -> list[tuple[Any, Any, Any]]:
        """Alone, and in the list of its theme."""
        alone = (await program.get(f"/t/{topic.id}.json")).json()
        (row,) = (await program.get(f"/c/{cast.theme.id}.json")).json()["topic_list"]["topics"]
        return [(one["pinned"], one["unpinned"], one["pinned_globally"]) for one in (alone, row)]

    async with program_of(site, "bob") as bob, program_of(site, "eve") as eve:
        assert await pins(bob) == [(False, None, False)] * 2
        await set_pinned(mod, topic, True, day, in_theme=True)
        assert await pins(bob) == [(True, None, False)] * 2
        await set_pinned(mod, topic, True)
        assert await pins(bob) == [(True, None, True)] * 2
        for address in ("clear-pin", "clear-pin.json"):
            answer = await bob.put(f"/t/{topic.id}/{address}")
            assert (answer.status_code, answer.json()) == (200, {"success": "OK"})
        assert await pins(bob) == [(False, True, True)] * 2
        assert await pins(eve) == [(True, None, True)] * 2
        assert (await bob.put(f"/t/{topic.id}/re-pin")).json() == {"success": "OK"}
        assert await pins(bob) == [(True, None, True)] * 2
        await set_pinned(mod, topic, True, day)
        told = (await bob.get(f"/t/{topic.id}.json")).json()["pinned_until"]
        assert datetime.fromisoformat(told) == day.replace(microsecond=day.microsecond // 1000 * 1000)
        assert (await bob.put("/t/987654/clear-pin")).status_code == 404
    async with AsyncClient(base_url=site, verify=False) as visitor:
        assert (await visitor.put(f"/t/{topic.id}/clear-pin.json")).status_code == 403


async def test_a_list_names_its_people_and_who_wrote_last(site: str, cast: Cast) -> None:
    alone, answered = await a_question(cast), await a_question(cast)
    await a_reply(cast, answered)
    async with program_of(site, "bob") as bob:
        found = (await bob.get("/latest.json")).json()
    rows = {row["id"]: row for row in found["topic_list"]["topics"]}
    assert {user["username"] for user in found["users"]} == {"alice", "bob"}
    assert [poster["description"] for poster in rows[alone.id]["posters"]] == [
        "Original Poster, Most Recent Poster"
    ]
    assert [(poster["username"], poster["description"]) for poster in rows[answered.id]["posters"]] == [
        ("alice", "Original Poster"),
        ("bob", "Most Recent Poster"),
    ]


async def test_counts_are_of_what_the_reader_may_see(site: str, cast: Cast) -> None:
    topic, hidden = await a_question(cast), await a_question(cast, private=True)
    await a_reply(cast, topic)
    await a_reply(cast, hidden)
    for name, expected in (("bob", [(1, 2), (1, 2)]), ("eve", [(1, 2)])):
        async with program_of(site, name) as program:
            listed = (await program.get("/categories.json")).json()["category_list"]["categories"]
            assert [(one["topic_count"], one["post_count"]) for one in listed] == expected
            assert [one["position"] for one in listed] == list(range(len(expected)))
            stats = (await program.get("/about.json")).json()["about"]["stats"]
            assert (stats["topics_count"], stats["posts_count"]) == (len(expected), 2 * len(expected))


async def test_sub_categories_come_inside_theirs_when_asked_for(site: str, cast: Cast) -> None:
    child = await create_category("Menus", parent_id=cast.theme.id)
    async with program_of(site, "eve") as eve:
        plain = (await eve.get("/categories.json")).json()["category_list"]["categories"]
        nested = (await eve.get("/categories.json?include_subcategories=true")).json()
    assert (plain[0]["subcategory_ids"], "subcategory_list" in plain[0]) == ([child.id], False)
    inside = nested["category_list"]["categories"][0]["subcategory_list"]
    assert [(one["id"], one["parent_category_id"]) for one in inside] == [(child.id, cast.theme.id)]


async def test_accepted_answers_say_who_wrote_and_who_accepted_them(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    one = await a_reply(cast, topic, raw="A cook at **thirty** hours.")
    two = await a_reply(cast, topic, await cast.eve(), raw="Or two cooks.")
    for post in (one, two):
        await accept_answer(await cast.alice(), await seen(await cast.alice(), post))
    async with program_of(site, "eve") as eve:
        found = (await eve.get(f"/t/{topic.id}.json")).json()
    answers = found["accepted_answers"]
    assert [(a["post_number"], a["username"], a["accepter_username"], a["excerpt"]) for a in answers] == [
        (2, "bob", "alice", "A cook at thirty hours."),
        (3, "eve", "alice", "Or two cooks."),
    ]
    assert found["accepted_answer"] == answers[0]


async def test_participants_are_those_who_wrote_most_first(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    for _n in range(3):
        await a_reply(cast, topic)
    async with program_of(site, "eve") as eve:
        wrote = (await eve.get(f"/t/{topic.id}.json")).json()["details"]["participants"]
    assert [(one["username"], one["post_count"]) for one in wrote] == [("bob", 3), ("alice", 1)]


async def rights(program: AsyncClient, topic_id: int) -> list[str]:
    """What the program's member may do with the second post."""
    post = (await program.get(f"/t/{topic_id}.json")).json()["post_stream"]["posts"][1]
    may = [name for name in post if name.startswith("can_") and post[name]]
    return may + ["like" for action in post["actions_summary"] if action.get("can_act")]


async def test_each_reader_is_told_what_they_may_do_with_bobs_answer(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    expected = {
        "alice": ["can_accept_answer", "like"],
        "bob": ["can_edit", "can_delete"],
        "eve": ["like"],
        "mod": ["can_edit", "can_delete", "can_accept_answer", "like"],
    }
    for name, may in expected.items():
        async with program_of(site, name) as program:
            assert await rights(program, topic.id) == may, name
    await sql("UPDATE topics SET closed = {1} WHERE id = {0}", topic.id, True)
    for name in ("bob", "eve"):
        async with program_of(site, name) as program:
            assert await rights(program, topic.id) == [], name


async def test_staff_are_told_apart_among_the_authors(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    for author in (cast.bob, cast.mod, cast.ada):
        await a_reply(cast, topic, await author())
    for reader in ("eve", "mod"):
        async with program_of(site, reader) as program:
            posts = (await program.get(f"/t/{topic.id}.json")).json()["post_stream"]["posts"]
        roles = {post["username"]: (post["moderator"], post["admin"], post["staff"]) for post in posts}
        assert roles["mod"] == (True, False, True)
        assert roles["ada"] == (False, True, True)
        assert roles["alice"] == roles["bob"] == (False, False, False)


async def test_alice_pages_through_her_alerts(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    for _n in range(32):
        await a_reply(cast, topic)
    async with program_of(site, "alice") as alice:
        first = (await alice.get("/notifications.json")).json()
        rest = (await alice.get(first["load_more_notifications"])).json()
    shown = [alert["post_number"] for alert in first["notifications"] + rest["notifications"]]
    assert shown == list(range(33, 1, -1))
    assert (first["total_rows_notifications"], rest["load_more_notifications"]) == (32, None)
    assert first["seen_notification_id"] == first["notifications"][0]["id"]
