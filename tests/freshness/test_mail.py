"""The mail that asks whether it still holds: one for all, once a date; its link confirms once, by a press."""

import asyncio
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest

from forum.accounts.actions import deactivate_account, suspend_member
from forum.clock import now
from forum.freshness.actions import confirm
from forum.freshness.jobs import ask_authors, mark_due
from forum.freshness.links import LIFETIME
from forum.groups.actions import remove_member
from forum.mail.actions import send_mails
from forum.notices.actions import set_mail_level
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question
from tests.freshness.dating import (
    a_due_sheet,
    an_accepted_answer,
    an_old_sheet,
    dated_of,
    days_later,
    doubt_of,
    it_is,
)
from tests.kinds.making import a_topic
from tests.people import at, signed_in
from tests.servers.smtp import PostBox
from tests.signups.entering import text_of
from tests.waiting import until


async def round_of_jobs() -> None:
    await mark_due()
    await ask_authors()
    await send_mails()


def links_in(mail: EmailMessage) -> list[str]:
    return list(dict.fromkeys(re.findall(r"/still-true/[\w.-]+", text_of(mail))))


async def test_several_items_are_one_mail_and_each_date_is_mailed_once(cast: Cast, box: PostBox) -> None:
    it_is(2030, 1, 31)
    first, second = await a_topic(cast, "sheet"), await a_topic(cast, "document")
    topic, _answer = await an_accepted_answer(cast)
    it_is(2031, 2, 1)
    for _round in range(2):
        await round_of_jobs()
    by_reader = {mail["To"]: mail for mail in box.mails}
    assert set(by_reader) == {"alice@example.org", "bob@example.org"}
    assert len(box.mails) == 2
    mail = by_reader["alice@example.org"]
    assert mail["Subject"] == "2 de vos textes : toujours vrais ?"
    assert [first.title in text_of(mail), second.title in text_of(mail)] == [True, True]
    assert len(links_in(mail)) == 2
    assert topic.title in by_reader["bob@example.org"]["Subject"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    days_later(30)
    await round_of_jobs()
    assert len(box.mails) == 2, "unanswered is not asked again and again"
    await confirm(await cast.alice(), await dated_of(first))
    days_later(370)
    await round_of_jobs()
    assert len(box.mails) == 3, "the next date is another question"


async def test_what_falls_due_within_a_week_waits_for_the_next_mail(cast: Cast, box: PostBox) -> None:
    it_is(2030, 1, 31)
    await a_topic(cast, "sheet")
    it_is(2030, 2, 2)
    await a_topic(cast, "sheet")
    it_is(2031, 1, 31)
    await round_of_jobs()
    it_is(2031, 2, 3)
    await round_of_jobs()
    assert len(box.mails) == 1
    it_is(2031, 2, 8)
    await round_of_jobs()
    assert len(box.mails) == 2


async def test_two_processes_write_one_mail(cast: Cast, box: PostBox) -> None:
    await a_due_sheet(cast)
    await asyncio.gather(*(ask_authors() for _n in range(5)))
    await send_mails()
    assert len(box.mails) == 1


async def test_closed_and_suspended_accounts_and_who_wants_none_get_no_mail(cast: Cast, box: PostBox) -> None:
    for author in (await cast.alice(), await cast.eve(), await cast.bob()):
        await an_old_sheet(cast, author)
    await set_mail_level(await cast.alice(), "never")
    await deactivate_account(await cast.ada(), cast.ids["eve"])
    await suspend_member(await cast.mod(), cast.ids["bob"], now() + timedelta(days=2))
    await round_of_jobs()
    assert box.mails == []


async def test_an_account_closed_after_the_mail_was_written_gets_none(cast: Cast, box: PostBox) -> None:
    await a_due_sheet(cast)
    await ask_authors()
    await deactivate_account(await cast.ada(), cast.ids["alice"])
    await send_mails()
    assert box.mails == []


async def test_nothing_is_mailed_of_a_theme_that_has_closed_to_its_author(cast: Cast, box: PostBox) -> None:
    await a_due_sheet(cast, private=True)
    await ask_authors()
    (group,) = await sql("SELECT id FROM groups WHERE name = 'school-meals'")
    await remove_member(await cast.ada(), group["id"], cast.ids["alice"])
    await send_mails()
    assert box.mails == []


async def a_link(cast: Cast, box: PostBox) -> str:
    await ask_authors()
    await until(lambda: box.mails)
    return links_in(box.mails[0])[0]


async def test_looking_changes_nothing_pressing_confirms_and_the_link_is_spent(
    site: str, cast: Cast, box: PostBox
) -> None:
    sheet = await a_due_sheet(cast)
    path, program = await a_link(cast, box), at(site)
    for _scanner in range(3):
        shown = await program.get(path)
        assert (shown.status_code, sheet.title in shown.text) == (200, True)
        await program.client.head(path)
    assert await doubt_of(sheet) == "to_check"
    pressed = [program.post(path) for _n in range(5)]
    assert sorted(answer.status_code for answer in await asyncio.gather(*pressed)) == [
        200,
        404,
        404,
        404,
        404,
    ]
    found = await dated_of(sheet)
    assert (found.state, found.confirmed_by) == ("", "Alice")
    assert (await program.get(path)).status_code == 404


async def test_the_link_is_for_its_reader_only(site: str, cast: Cast, box: PostBox) -> None:
    sheet = await a_due_sheet(cast)
    path, bob = await a_link(cast, box), await signed_in(site, "bob")
    for answer in (await bob.get(path), await bob.post(path)):
        assert answer.status_code == 403
        assert "This link was sent to somebody else" in answer.text
        assert sheet.title not in answer.text
    # Not the last letter: it holds a few bits that say nothing.
    forged = path[:-2] + ("A" if path[-2] != "A" else "B") + path[-1]
    assert (await at(site).post(forged)).status_code == 404
    assert await doubt_of(sheet) == "to_check"
    alice = await signed_in(site, "alice")
    assert (await alice.post(path)).status_code == 200
    assert await doubt_of(sheet) is None


@pytest.mark.parametrize("what", ["age", "address", "closed", "theme", "confirmed"])
async def test_a_link_opens_nothing_once_it_is_out_of_date(
    site: str, cast: Cast, box: PostBox, what: str
) -> None:
    sheet = await a_due_sheet(cast, private=True)
    path = await a_link(cast, box)
    if what == "age":
        days_later(LIFETIME.days + 1)
    elif what == "address":
        await sql("UPDATE users SET email = 'new@example.org' WHERE username = 'alice'")
    elif what == "closed":
        await deactivate_account(await cast.ada(), cast.ids["alice"])
    elif what == "theme":
        (group,) = await sql("SELECT id FROM groups WHERE name = 'school-meals'")
        await remove_member(await cast.ada(), group["id"], cast.ids["alice"])
    else:
        await confirm(await cast.alice(), await dated_of(sheet))
    before = await dated_of(sheet)
    for answer in (await at(site).get(path), await at(site).post(path)):
        assert (answer.status_code, sheet.title in answer.text) == (404, False)
    assert await dated_of(sheet) == before


async def test_questions_and_discussions_are_never_asked_about(cast: Cast, box: PostBox) -> None:
    it_is(2030, 1, 31)
    await a_question(cast)
    await a_topic(cast, "discussion")
    it_is(2033, 1, 31)
    await round_of_jobs()
    assert box.mails == []
