"""Whoever did the same at their organisation may say that it still holds; the rest is its author's."""

import pytest

from forum.accounts.actions import deactivate_account
from forum.errors import Forbidden
from forum.freshness.actions import confirm, set_period, supersede
from forum.freshness.jobs import ask_reusers
from forum.freshness.queries import dated_posts
from forum.mail.actions import send_mails
from forum.notices.actions import set_mail_level
from forum.reuses.queries import item_visible_to
from forum.topics.queries import TopicCard, topic_visible_to
from tests.cast import Cast
from tests.factories import a_question
from tests.freshness.dating import a_due_sheet, an_old_sheet, days_later, doubt_of, first_post
from tests.freshness.test_mail import links_in, round_of_jobs
from tests.people import at, signed_in
from tests.reuses.making import ORMOY, declared, verified
from tests.servers.smtp import PostBox
from tests.signups.entering import text_of


async def test_bob_who_took_it_up_confirms_eve_does_not(site: str, cast: Cast) -> None:
    sheet, bob = await a_due_sheet(cast), await cast.bob()
    post_id, here = await first_post(sheet), f"/t/{sheet.slug}/{sheet.id}"
    await declared(bob, await item_visible_to(bob, post_id), await verified(bob, ORMOY))
    eve, browser = await signed_in(site, "eve"), await signed_in(site, "bob")
    assert "Is this still true at your organisation?" not in (await eve.get(here)).text
    assert (await eve.post(f"/posts/{post_id}/confirmation")).status_code == 403
    page = (await browser.get(here)).text
    assert "Is this still true at your organisation?" in page
    assert f"/posts/{post_id}/successor" not in page
    await browser.post(f"/posts/{post_id}/confirmation")
    assert await doubt_of(sheet) is None
    assert "by <bdi>Bob</bdi>" in (await eve.get(here)).text


async def test_he_neither_chooses_its_date_nor_says_what_replaces_it(cast: Cast) -> None:
    sheet, bob = await a_due_sheet(cast), await cast.bob()
    post_id = await first_post(sheet)
    await declared(bob, await item_visible_to(bob, post_id), await verified(bob, ORMOY))
    (dated,) = await dated_posts([post_id])
    other = await topic_visible_to(bob, (await a_question(cast)).id)
    with pytest.raises(Forbidden):
        await set_period(bob, dated, 6)
    with pytest.raises(Forbidden):
        await supersede(bob, dated, other)
    assert await confirm(bob, dated)


async def taken_up_by_bob(cast: Cast, sheet: TopicCard) -> None:
    bob = await cast.bob()
    await declared(bob, await item_visible_to(bob, await first_post(sheet)), await verified(bob, ORMOY))


async def both_rounds() -> None:
    await round_of_jobs()
    await ask_reusers()
    await send_mails()


async def test_after_a_month_without_a_word_bob_is_asked_once_and_his_link_confirms(
    site: str, cast: Cast, box: PostBox
) -> None:
    sheet = await an_old_sheet(cast)
    await taken_up_by_bob(cast, sheet)
    await both_rounds()
    assert [mail["To"] for mail in box.mails] == ["alice@example.org"], "first her who wrote it"
    days_later(31)
    for _twice in range(2):
        await both_rounds()
    (mail,) = box.to("bob@example.org")
    assert "votre organisation a fait de même" in text_of(mail)
    assert sheet.title in mail["Subject"]
    (link,) = links_in(mail)
    assert "Still true" in (await at(site).get(link)).text
    assert await doubt_of(sheet) == "to_check", "looking changes nothing"
    assert (await at(site).post(link)).status_code == 200
    assert await doubt_of(sheet) is None
    assert (await at(site).post(link)).status_code == 404, "spent"


async def test_an_author_who_has_left_is_not_waited_for(cast: Cast, box: PostBox) -> None:
    sheet = await an_old_sheet(cast)
    await taken_up_by_bob(cast, sheet)
    await deactivate_account(await cast.ada(), cast.ids["alice"])
    await both_rounds()
    assert [mail["To"] for mail in box.mails] == ["bob@example.org"]


async def test_who_wants_no_such_mail_is_not_asked_nor_of_what_was_confirmed(
    cast: Cast, box: PostBox
) -> None:
    first, second = await an_old_sheet(cast), await an_old_sheet(cast)
    await taken_up_by_bob(cast, first)
    await round_of_jobs()
    days_later(31)
    await confirm(await cast.alice(), (await dated_posts([await first_post(first)]))[0])
    await ask_reusers()
    await taken_up_by_bob(cast, second)
    await set_mail_level(await cast.bob(), "never")
    await ask_reusers()
    await send_mails()
    assert box.to("bob@example.org") == []
