"""The alert on the site: one for all that waits, to who wrote it, gone once nothing waits."""

from forum.accounts.viewer import Viewer
from forum.answers.actions import unaccept_answer
from forum.freshness.actions import confirm, supersede
from forum.freshness.alerts import waiting_for
from forum.freshness.jobs import mark_due
from forum.groups.actions import remove_member
from forum.notifications.actions import mark_read
from forum.notifications.queries import Alert, alerts_of, unread_count
from forum.reading.actions import set_notification_level
from forum.reading.models import NotificationLevel
from forum.topics.actions import delete_topic
from forum.topics.queries import topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.freshness.dating import a_due_sheet, an_accepted_answer, an_old_sheet, dated_of, days_later, it_is
from tests.kinds.making import a_topic
from tests.people import at, signed_in
from tests.servers.smtp import PostBox


async def asked(viewer: Viewer) -> list[Alert]:
    return [alert for alert in await alerts_of(viewer) if alert.type == "review_due"]


async def test_several_that_fall_due_are_one_alert_that_names_them(cast: Cast) -> None:
    alice = await cast.alice()
    first, second = await an_old_sheet(cast), await an_old_sheet(cast)
    await mark_due()
    await mark_due()
    (alert,) = await asked(alice)
    assert first.title in alert.names
    assert second.title in alert.names
    assert alert.path == "/still-true"
    assert await unread_count(alice.member_id) == 1
    assert await asked(await cast.bob()) == []


async def test_it_goes_with_the_last_that_waited(cast: Cast) -> None:
    alice = await cast.alice()
    first, second = await an_old_sheet(cast), await an_old_sheet(cast)
    await mark_due()
    await confirm(alice, await dated_of(first))
    (alert,) = await asked(alice)
    assert first.title not in alert.names
    assert alert.topic_id == second.id
    newer = await a_topic(cast, "sheet")
    await supersede(alice, await dated_of(second), newer)
    assert await asked(alice) == []
    assert await unread_count(alice.member_id) == 0


async def test_one_that_was_read_comes_again_with_the_next_item_only(cast: Cast) -> None:
    alice = await cast.alice()
    await a_due_sheet(cast)
    await mark_read(alice)
    await mark_due()
    assert await unread_count(alice.member_id) == 0, "not again for the same"
    await a_due_sheet(cast)
    assert await unread_count(alice.member_id) == 1
    assert len(await asked(alice)) == 1


async def test_an_answer_that_is_accepted_no_more_asks_nobody(cast: Cast, box: PostBox) -> None:
    it_is(2030, 1, 31)
    _topic, answer = await an_accepted_answer(cast)
    days_later(370)
    await mark_due()
    bob = await cast.bob()
    assert len(await asked(bob)) == 1
    await unaccept_answer(await cast.alice(), answer)
    await mark_due()
    assert await asked(bob) == []


async def test_whoever_may_see_it_no_more_learns_nothing(cast: Cast) -> None:
    alice = await cast.alice()
    hidden = await an_old_sheet(cast, private=True)
    shown = await an_old_sheet(cast)
    await mark_due()
    (alert,) = await asked(alice)
    assert hidden.title in alert.names
    (group,) = await sql("SELECT id FROM groups WHERE name = 'school-meals'")
    await remove_member(await cast.ada(), group["id"], cast.ids["alice"])
    await mark_due()
    for alert in await asked(await cast.alice()):
        assert hidden.title not in alert.names
        assert alert.topic_id == shown.id
    assert await waiting_for(cast.ids["alice"]) == [(await dated_of(shown)).post_id]


async def test_a_muted_topic_asks_by_no_alert_and_a_deleted_one_asks_no_more(cast: Cast) -> None:
    alice = await cast.alice()
    muted = await an_old_sheet(cast)
    await set_notification_level(alice, muted, NotificationLevel.MUTED)
    await mark_due()
    assert await asked(alice) == []
    gone = await a_due_sheet(cast)
    assert len(await asked(alice)) == 1
    await delete_topic(await cast.mod(), await topic_visible_to(await cast.mod(), gone.id))
    await mark_due()
    assert gone.id not in [alert.topic_id for alert in await asked(alice)]


async def test_alice_confirms_on_the_page_where_the_alert_leads(site: str, cast: Cast) -> None:
    sheet = await a_due_sheet(cast)
    visitor = await at(site).get("/still-true")
    assert visitor.url.path == "/session/new"
    alice, bob = await signed_in(site, "alice"), await signed_in(site, "bob")
    assert "Is this still true?" in (await alice.get("/notifications")).text
    assert sheet.title in (await alice.get("/still-true")).text
    assert sheet.title not in (await bob.get("/still-true")).text
    post = (await dated_of(sheet)).post_id
    answer = await alice.post(f"/posts/{post}/confirmation?then=list")
    assert answer.headers["location"] == "/still-true?confirmed"
    after = await alice.get("/still-true?confirmed")
    assert "Nothing waits for your word" in after.text
    assert "Is this still true?" not in (await alice.get("/notifications")).text
