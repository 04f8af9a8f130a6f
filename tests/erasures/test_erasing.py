"""An account is erased: who may ask, what calls it off, what stays, and that it is finished."""

import asyncio
import os
import signal
import sys
from datetime import timedelta

import pytest

from forum.accounts.nobody import NOBODY
from forum.accounts.queries import is_taken
from forum.answers.actions import accept_answer
from forum.app import Relais
from forum.clock import now
from forum.config import Config
from forum.erasures.actions import ask_for_erasure
from forum.erasures.erasing import erase_accounts
from forum.errors import Invalid
from forum.journal.models import Act
from forum.journal.queries import check_chain, entries
from forum.notifications.queries import alerts_of
from forum.posts.actions import delete_post, revise_post
from forum.votes.actions import set_vote
from realtime.sql import sql
from tests.cast import PASSWORD, Cast, give_password
from tests.erasures.leaving import BASE, an_office, later, leaves
from tests.factories import a_question, a_reply, seen
from tests.people import at, signed_in

PAGE = "/preferences/erasure"


async def is_planned(cast: Cast, name: str) -> bool:
    return bool(await sql("SELECT 1 FROM erasures WHERE user_id = {0}", cast.ids[name]))


async def is_there(cast: Cast, name: str) -> bool:
    return bool(await sql("SELECT 1 FROM users WHERE id = {0}", cast.ids[name]))


async def test_bob_asks_and_is_erased_a_week_later(site: str, cast: Cast) -> None:
    bob, other = await signed_in(site, "bob"), await signed_in(site, "bob")
    page = (await bob.get(PAGE)).text
    assert "In 7 days your account is erased" in page
    answer = await bob.post(PAGE, username="bob", password=PASSWORD)
    assert answer.headers["location"] == f"{PAGE}?planned"
    assert "Your account is going to be erased" in (await bob.get(answer.headers["location"])).text
    assert (await other.client.get("/session/current.json")).status_code == 404
    await erase_accounts()
    assert await is_there(cast, "bob")
    later(days=7, seconds=1)
    await erase_accounts()
    assert not await is_there(cast, "bob")
    assert (await bob.sign_in("bob")).status_code == 422
    assert (await at(site).client.get("/u/bob")).status_code == 404


async def test_signing_in_calls_it_off(site: str, cast: Cast) -> None:
    bob = await signed_in(site, "bob")
    await bob.post(PAGE, username="@Bob", password=PASSWORD)
    assert await is_planned(cast, "bob")
    answer = await bob.sign_in("bob")
    assert answer.headers["location"] == f"{PAGE}?kept"
    assert "You have signed in: your account is kept." in (await bob.get(answer.headers["location"])).text
    assert not await is_planned(cast, "bob")
    assert (await bob.sign_in("bob")).headers["location"] == "/"
    later(days=8)
    await erase_accounts()
    assert await is_there(cast, "bob")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "bob", "password": "not his"}, "This is not your password."),
        ({"username": "alice", "password": PASSWORD}, "Type your user name, bob."),
        ({"username": "", "password": ""}, "Type your user name, bob."),
    ],
)
async def test_it_takes_his_password_and_his_name(
    site: str, cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    bob = await signed_in(site, "bob")
    answer = await bob.post(PAGE, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not await is_planned(cast, "bob")


async def test_requests_in_parallel_plan_one_erasure_and_write_one_mail(cast: Cast) -> None:
    await give_password("bob")
    bob = await cast.bob()
    await asyncio.gather(*(ask_for_erasure(bob, PASSWORD, "bob", BASE) for _click in range(5)))
    assert len(await sql("SELECT 1 FROM erasures")) == 1
    assert len(await sql("SELECT 1 FROM outbox WHERE kind = 'erasure_planned'")) == 1


async def test_the_last_administrator_stays_whoever_asks(site: str, cast: Cast, config: Config) -> None:
    ada = await signed_in(site, "ada")
    answer = await ada.post(PAGE, username="ada", password=PASSWORD)
    assert answer.status_code == 422
    assert "You are the only administrator" in answer.text
    await sql("UPDATE users SET admin = {0} WHERE username = 'mod'", True)
    assert (await ada.post(PAGE, username="ada", password=PASSWORD)).status_code == 303
    await sql("UPDATE users SET admin = {0} WHERE username = 'mod'", False)
    later(days=8)
    await erase_accounts()
    assert await is_there(cast, "ada"), "the other one has left meanwhile"
    with pytest.raises(Invalid):
        await ask_for_erasure(await cast.ada(), PASSWORD, "nobody", BASE)


async def test_what_stays_of_two_who_left_is_signed_by_one_nobody(site: str, cast: Cast, app: Relais) -> None:
    topic = await a_question(cast)
    first = await a_reply(cast, topic, raw="We did it with a neighbour.")
    eve = await cast.eve()
    second = await a_reply(cast, topic, author=eve, raw="We did it alone.")
    await accept_answer(await cast.alice(), await seen(eve, first))
    await set_vote(await cast.bob(), await seen(eve, second), 1)
    await revise_post(eve, await seen(eve, second), "We did it all alone.", reason="", version=1)
    await leaves(cast, "bob")
    await leaves(cast, "eve")
    authors = await sql("SELECT DISTINCT user_id FROM posts WHERE post_number > 1")
    assert len(authors) == 1
    page = (await at(site).get(f"/t/{topic.slug}/{topic.id}")).text
    assert "We did it with a neighbour." in page
    assert page.count("<bdi>Deleted account</bdi>") == 2
    assert f"/u/{NOBODY}" not in page
    assert "bob" not in page.lower()
    french = at(site)
    french.client.headers["Accept-Language"] = "fr"
    assert "<bdi>Compte supprimé</bdi>" in (await french.get(f"/t/{topic.slug}/{topic.id}")).text
    program = (await at(site).client.get(f"/t/{topic.id}.json")).json()
    posts = program["post_stream"]["posts"]
    assert {(post["username"], post["name"]) for post in posts[1:]} == {(NOBODY, "Deleted account")}
    for path in (f"/u/{NOBODY}", f"/u/{NOBODY}.json", "/u/bob", "/u/eve.json"):
        assert (await at(site).client.get(path)).status_code == 404, path
    history = (await at(site).get(f"/posts/{second.id}/revisions")).text
    assert "Deleted account" in history
    assert "Eve" not in history


async def test_votes_go_on_counting_and_say_no_more_whose_they_were(cast: Cast, config: Config) -> None:
    an_office(config)
    reply = await a_reply(cast, await a_question(cast))
    bob = await cast.bob()
    for name in ("alice", "eve", "mod"):
        await set_vote(await cast.viewer(name), await seen(bob, reply), -1 if name == "mod" else 1)
    await leaves(cast, "eve")
    assert await counts(reply.id) == (1, 2)
    assert len(await sql("SELECT 1 FROM votes")) == 2
    await set_vote(await cast.alice(), await seen(bob, reply), 0)
    assert await counts(reply.id) == (0, 1)


async def counts(post_id: int) -> tuple[int, int]:
    rows = await sql("SELECT score, up_count FROM posts WHERE id = {0}", post_id)
    return rows[0]["score"], rows[0]["up_count"]


async def test_open_pages_are_told_of_each_card_that_changes(cast: Cast, config: Config) -> None:
    an_office(config)
    topic = await a_question(cast)
    replies = [await a_reply(cast, topic) for _n in range(3)]
    thanks = await a_reply(cast, topic, await cast.alice(), raw="Thank you @bob!")
    before = await sql("SELECT MAX(id) AS id FROM live_events")
    await leaves(cast, "bob")
    told = await sql(
        "SELECT kind, data FROM live_events WHERE channel = {0} AND id > {1}",
        f"topic:{topic.id}",
        before[0]["id"],
    )
    cards = [fact for fact in told if fact["kind"] == "post.revised"]
    for post in (*replies, thanks):
        assert [fact for fact in cards if f'"post_id":{post.id},' in fact["data"]], post
    assert await sql("SELECT 1 FROM live_channels WHERE name = {0}", f"user:{cast.ids['bob']}") == []


async def test_alerts_that_he_caused_say_no_name(cast: Cast, config: Config) -> None:
    an_office(config)
    await a_reply(cast, await a_question(cast))
    assert [alert.actor.name for alert in await alerts_of(await cast.alice())] == ["Bob"]
    await leaves(cast, "bob")
    assert [alert.actor.gone for alert in await alerts_of(await cast.alice())] == [True]


async def test_his_name_is_kept_by_nobody_and_that_of_nobody_cannot_be_taken(
    cast: Cast, config: Config, site: str
) -> None:
    await leaves(cast, "bob")
    assert not await is_taken("bob")
    answer = await at(site).post(
        "/signup", username=NOBODY, name="A Name", email="x@example.org", password=PASSWORD
    )
    assert answer.status_code == 422
    assert "This name is already taken." in answer.text


async def test_other_names_that_look_like_his_stay(cast: Cast, config: Config) -> None:
    an_office(config)
    topic = await a_question(cast, raw="Ask @bobby, @bob.smith, bob@example.org or /u/bobby, not @BOB.")
    await leaves(cast, "bob")
    rows = await sql("SELECT raw FROM posts WHERE topic_id = {0} AND post_number = 1", topic.id)
    assert rows[0]["raw"] == f"Ask @bobby, @bob.smith, bob@example.org or /u/bobby, not @{NOBODY}."


async def test_a_moderator_leaves_and_their_acts_and_cases_stay(cast: Cast, config: Config) -> None:
    an_office(config)
    topic, mod = await a_question(cast), await cast.mod()
    reply = await a_reply(cast, topic)
    await delete_post(mod, await seen(mod, reply))
    cases = len(await sql("SELECT 1 FROM reviewables"))
    await leaves(cast, "mod")
    assert len(await sql("SELECT 1 FROM reviewables")) == cases
    (act,) = await entries(act=Act.DELETE_POST)
    assert act.actor is not None
    assert act.actor.username == ""
    assert act.person is not None
    assert act.person.username == "bob"
    assert (await check_chain()).broken_at is None


async def test_the_journal_does_not_tell_which_posts_had_one_author(cast: Cast, config: Config) -> None:
    an_office(config)
    mod = await cast.mod()
    for _n in range(2):
        await delete_post(mod, await seen(mod, await a_reply(cast, await a_question(cast))))
    bob = cast.ids["bob"]
    assert len(await entries(person_id=bob)) == 2
    await leaves(cast, "bob")
    assert await entries(person_id=bob) == []
    assert await sql("SELECT 1 FROM staff_actions WHERE user_id = {0}", bob) == []


async def test_ada_erases_bob_with_a_reason_that_goes_with_him(site: str, cast: Cast) -> None:
    ada, bob = await signed_in(site, "ada"), await signed_in(site, "bob")
    path = "/u/bob/erasure"
    assert (await ada.post(path, username="eve", reason="Asked by letter.")).status_code == 422
    assert (await ada.post(path, username="bob", reason="")).status_code == 422
    assert (await ada.post(path, username="bob", reason="Asked by letter.")).status_code == 303
    assert (await bob.client.get("/session/current.json")).status_code == 404
    assert (await bob.sign_in("bob")).status_code == 422
    assert "Asked by letter." in (await ada.get("/admin/journal?kind=erase_user")).text
    await erase_accounts()
    assert not await is_there(cast, "bob")
    journal = (await ada.get("/admin/journal?kind=erase_user")).text
    assert "had an account erased" in journal
    assert "Asked by letter." not in journal


@pytest.mark.parametrize("who", ["visitor", "eve", "mod"])
async def test_for_others_there_is_no_such_page(site: str, cast: Cast, who: str) -> None:
    person = at(site) if who == "visitor" else await signed_in(site, who)
    for path in ("/u/bob/erasure", "/u/nobody/erasure"):
        assert (await person.client.get(path)).status_code == 404
        assert (await person.post(path, username="bob", reason="Because.")).status_code == 404


async def test_an_erasure_killed_again_and_again_is_finished(
    cast: Cast, config: Config, database_url: str
) -> None:
    """kill -9 in the middle of a long one; what is left goes on where it was."""
    await give_password("bob")
    topic = await a_question(cast)
    await a_reply(cast, topic)
    await sql(
        f"""INSERT INTO posts (topic_id, user_id, post_number, raw, cooked, cook_version, created_at,
                updated_at, post_type, version, reply_count, score, up_count, imported_like_count)
            WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            SELECT {topic.id}, {cast.ids["bob"]}, i, 'Ask @bob', '<p>Ask</p>', 1, {{0}}, {{0}}, 1, 1, 0, 0,
            0, 0 FROM n""",
        now(),
    )
    await ask_for_erasure(await cast.bob(), PASSWORD, "bob", BASE)
    await sql("UPDATE erasures SET due_at = {0}", now() - timedelta(days=1))
    left = 3000
    for _kill in range(3):
        process = await started(database_url, config)
        left = await some_less(left, cast)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    await sql("UPDATE jobs SET locked_until = NULL")
    process = await started(database_url, config)
    assert await process.wait() == 0
    assert not await is_there(cast, "bob")
    assert await sql("SELECT 1 FROM posts WHERE raw LIKE '%@bob%'") == []
    assert len(await sql("SELECT DISTINCT user_id FROM posts")) == 2


async def started(url: str, config: Config) -> asyncio.subprocess.Process:
    environment = {
        **os.environ, "RELAIS_DATABASE_URL": url, "RELAIS_DATA": str(config.data), "RELAIS_ENV": os.devnull,
    }  # fmt: skip
    command = (sys.executable, "-m", "forum", "jobs", "run", "erase_accounts")
    return await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)


async def some_less(before: int, cast: Cast) -> int:
    """Wait until the erasure has done a part; how much is left to do."""
    while True:
        (row,) = await sql("SELECT COUNT(*) AS n FROM posts WHERE raw LIKE '%@bob%'")
        if row["n"] < before or not await is_there(cast, "bob"):
            return int(row["n"])
        await asyncio.sleep(0.005)
