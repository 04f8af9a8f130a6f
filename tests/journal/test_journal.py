"""The journal of staff acts: each act written with it, in one chain that nobody changes unseen."""

import asyncio
import os
import sys
from datetime import timedelta

import pytest
from asyncpg import RaiseError
from axe_playwright_python.async_playwright import Axe
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback
from tortoise.exceptions import BaseORMException

from forum.accounts.actions import create_user, deactivate_account, reinstate_member, suspend_member
from forum.accounts.queries import id_of_member
from forum.accounts.sessions import end_all_sessions
from forum.answers.actions import accept_answer
from forum.api.keys import create_key, revoke_key
from forum.categories.actions import set_category_groups
from forum.clock import now
from forum.errors import Conflict
from forum.groups.actions import add_member, create_group, remove_member
from forum.journal.models import Act
from forum.journal.queries import Verdict, check_chain, entries
from forum.posts.actions import delete_post, recover_post, revise_post
from forum.topics.actions import delete_topic, move_topic, recover_topic, revise_topic, set_closed, set_pinned
from realtime import log
from realtime.sql import dialect, sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, a_theme_like, again, seen
from tests.people import signed_in
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll

TOMORROW = timedelta(days=1)


async def acts_of(name: str, cast: Cast) -> list[Act]:
    """What somebody did, in the order in which it was done."""
    found = await entries(person_id=cast.ids[name])
    return [entry.act for entry in reversed(found) if entry.actor and entry.actor.username == name]


async def test_what_mod_does_to_others_is_written_down_and_what_people_do_to_their_own_is_not(
    cast: Cast,
) -> None:
    mod, alice, bob = await cast.mod(), await cast.alice(), await cast.bob()
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    await revise_post(bob, await seen(bob, reply), "Better said.", reason="", version=1)
    await revise_topic(alice, topic, "Who cooks for seventy children?")
    await revise_post(mod, await seen(mod, reply), "Said without a name.", reason="a name", version=2)
    await delete_post(mod, await seen(mod, reply))
    await recover_post(mod, await seen(mod, reply))
    await accept_answer(mod, await seen(mod, reply))
    await revise_topic(mod, topic, "Who cooks for eighty children?")
    await set_closed(mod, topic, True)
    await set_closed(mod, topic, True)
    await set_closed(mod, topic, False)
    for pinned in (True, True, False):
        await set_pinned(mod, topic, pinned)
    archive = await a_theme_like(cast.theme.id)
    mod = await cast.mod()
    await move_topic(mod, topic, archive.id)
    await delete_topic(mod, await again(mod, topic))
    await recover_topic(mod, await again(mod, topic))
    assert await acts_of("mod", cast) == [
        Act.POST_EDIT, Act.DELETE_POST, Act.RECOVER_POST, Act.ACCEPT_ANSWER, Act.EDIT_TOPIC, Act.TOPIC_CLOSED,
        Act.TOPIC_OPENED, Act.PIN_TOPIC, Act.UNPIN_TOPIC, Act.MOVE_TOPIC, Act.DELETE_TOPIC, Act.RECOVER_TOPIC,
    ]  # fmt: skip
    assert await acts_of("bob", cast) == await acts_of("alice", cast) == []


async def test_what_is_done_to_accounts_groups_themes_and_keys_is_written_down(cast: Cast) -> None:
    ada, bob = await cast.ada(), cast.ids["bob"]
    await suspend_member(ada, bob, now() + TOMORROW)
    await reinstate_member(ada, bob)
    await end_all_sessions(ada, bob)
    await deactivate_account(ada, bob)
    group = await create_group(ada, "cooks")
    await add_member(ada, group, cast.ids["eve"])
    await remove_member(ada, group, cast.ids["eve"])
    await set_category_groups(ada, cast.private.id, {})
    await create_key("eve")
    keys = await sql("SELECT id FROM api_keys")
    await revoke_key(ada, keys[0]["id"])
    assert await acts_of("ada", cast) == [
        Act.SUSPEND_USER, Act.REINSTATE_USER, Act.LOG_OUT_USER, Act.DEACTIVATE_USER, Act.CREATE_GROUP,
        Act.ADD_TO_GROUP, Act.REMOVE_FROM_GROUP, Act.CHANGE_CATEGORY_GROUPS, Act.API_KEY_REVOKE,
    ]  # fmt: skip
    by_the_keeper = [entry.act for entry in await entries() if entry.actor is None]
    assert by_the_keeper == [Act.API_KEY_CREATE, Act.GRANT_ADMIN, Act.GRANT_MODERATION]


async def test_an_act_that_fails_leaves_no_line(cast: Cast) -> None:
    ada, topic = await cast.ada(), await a_question(cast)
    before = len(await entries())
    await delete_topic(ada, topic)
    with pytest.raises(Conflict):
        await delete_topic(ada, topic)
    assert len(await entries()) == before + 1


async def test_acts_in_parallel_make_one_chain(cast: Cast) -> None:
    mod, topics = await cast.mod(), [await a_question(cast) for _n in range(12)]
    before = (await check_chain()).rows
    await asyncio.gather(*(set_closed(mod, topic, True) for topic in topics for _click in range(3)))
    assert await check_chain() == Verdict(before + len(topics))


async def test_the_database_refuses_to_change_or_to_erase_a_line(cast: Cast) -> None:
    await set_closed(await cast.mod(), await a_question(cast), True)
    attempts = ["UPDATE staff_actions SET actor_id = 1", "DELETE FROM staff_actions"]
    if dialect() == "sqlite":
        attempts.append("INSERT OR REPLACE INTO staff_actions SELECT * FROM staff_actions WHERE id = 1")
    else:
        attempts.append("TRUNCATE staff_actions")
    for attempt in attempts:
        with pytest.raises((BaseORMException, RaiseError), match="cannot be"):
            async with log.transaction():
                await sql(attempt)
    assert (await check_chain()).broken_at is None


async def without_triggers(*statements: str) -> None:
    """What somebody can do who owns the database's files and takes the triggers away."""
    names = (
        ["staff_actions_kept", "staff_actions_unchanged"] if dialect() == "sqlite" else ["staff_actions_kept"]
    )
    async with log.transaction():
        for name in names:
            await sql(f"DROP TRIGGER {name}" + ("" if dialect() == "sqlite" else " ON staff_actions"))
        for statement in statements:
            await sql(statement)


@pytest.mark.parametrize(
    ("harm", "broken_at"),
    [
        ("UPDATE staff_actions SET actor_id = 99 WHERE id = 3", 3),
        ("UPDATE staff_actions SET details = '{}' WHERE id = 4", 4),
        ("UPDATE staff_actions SET hash = previous_hash WHERE id = 2", 2),
        ("DELETE FROM staff_actions WHERE id = 3", 3),
        ("DELETE FROM staff_actions WHERE id >= 4", 4),
    ],
)
async def test_whoever_takes_the_triggers_away_is_still_found_out(
    cast: Cast, harm: str, broken_at: int
) -> None:
    mod = await cast.mod()
    for _n in range(4):
        await revise_topic(mod, await a_question(cast), "Who cooks for ninety children?")
    assert (await check_chain()).broken_at is None
    await without_triggers(harm)
    assert (await check_chain()).broken_at == broken_at


async def test_the_command_says_whether_the_journal_is_whole_and_where_it_breaks(
    cast: Cast, database_url: str
) -> None:
    await set_closed(await cast.mod(), await a_question(cast), True)
    code, said = await run_check(database_url)
    assert (code, said) == (0, "The journal is whole (acts: 3).")
    await without_triggers("UPDATE staff_actions SET kind = 'topic_opened' WHERE id = 3")
    code, said = await run_check(database_url)
    assert code == 1
    assert said.startswith("The journal breaks at row 3")


async def run_check(url: str) -> tuple[int | None, str]:
    environment = {**os.environ, "RELAIS_DATABASE_URL": url, "RELAIS_ENV": os.devnull}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "forum", "journal", "check", env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _nothing = await process.communicate()
    return process.returncode, said.decode().strip()


async def test_ada_reads_the_journal_by_person_and_by_kind(site: str, cast: Cast) -> None:
    mod, topic = await cast.mod(), await a_question(cast, title="Who cooks for two hundred children?")
    await set_closed(mod, topic, True)
    await suspend_member(mod, cast.ids["eve"], now() + TOMORROW)
    ada = await signed_in(site, "ada")
    everything = (await ada.get("/admin/journal")).text
    assert "closed a topic</p>" in everything
    assert topic.title in everything
    about_eve = (await ada.get("/admin/journal?person=@eve")).text
    assert "suspended a member</p>" in about_eve
    assert "closed a topic</p>" not in about_eve
    closings = (await ada.get("/admin/journal?kind=topic_closed&person=mod")).text
    assert "closed a topic</p>" in closings
    assert "suspended a member</p>" not in closings
    unknown = await ada.get("/admin/journal?person=nobody")
    assert unknown.status_code == 422
    assert "There is no member of that name." in unknown.text


async def test_the_journal_goes_on_page_after_page(site: str, cast: Cast) -> None:
    mod, topic = await cast.mod(), await a_question(cast)
    for n in range(60):
        await set_closed(mod, topic, n % 2 == 0)
    ada = await signed_in(site, "ada")
    first = (await ada.get("/admin/journal")).text
    assert first.count('id="act-') == 50
    second = (await ada.get("/admin/journal?before=13")).text
    assert 'href="/admin/journal?before=13"' in first
    assert second.count('id="act-') == 12
    assert 'rel="next"' not in second


async def test_a_journal_that_names_somebody_unknown_is_still_readable(site: str, cast: Cast) -> None:
    user = await create_user("brief", None, None)
    await suspend_member(await cast.mod(), user.id, now() + TOMORROW)
    async with log.transaction():
        await sql("UPDATE users SET username = 'gone', username_lower = 'gone' WHERE id = {0}", user.id)
    assert await id_of_member("gone") == user.id
    ada = await signed_in(site, "ada")
    assert 'href="/u/gone"' in (await ada.get("/admin/journal")).text


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_the_page_has_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    mod, topic = await cast.mod(), await a_question(cast)
    await revise_topic(mod, topic, "Who cooks for ninety children?")
    await move_topic(await cast.ada(), topic, cast.private.id)
    await suspend_member(mod, cast.ids["eve"], now() + TOMORROW)
    size = {"width": width, "height": 800}
    context = await new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    page = await people.signed_in(context, site, "ada")
    await page.goto(f"{site}/admin/journal")
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(page, "journal")
