"""What people rely on has a date: it passes, it is confirmed, it is put off."""

from datetime import UTC, datetime

import pytest

from forum.answers.actions import accept_answer, unaccept_answer
from forum.errors import Forbidden, Invalid, NotFound
from forum.freshness.actions import confirm, set_period
from forum.freshness.jobs import mark_due
from forum.freshness.periods import add_months
from forum.freshness.queries import dated_posts, dated_visible_to
from forum.posts.actions import delete_post, revise_post
from forum.posts.queries import post_card
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen
from tests.freshness.dating import (
    a_due_sheet,
    an_accepted_answer,
    dated_of,
    days_later,
    doubt_of,
    first_post,
    it_is,
)
from tests.kinds.making import a_topic
from tests.people import at, signed_in


async def told(topic_id: int) -> int:
    rows = await sql(
        "SELECT COUNT(*) AS n FROM live_events WHERE channel = {0} AND kind = 'freshness.changed'",
        f"topic:{topic_id}",
    )
    return int(rows[0]["n"])


async def test_a_sheet_is_to_be_checked_a_year_later_and_says_so_once(cast: Cast) -> None:
    it_is(2030, 1, 31)
    sheet, question = await a_topic(cast, "sheet"), await a_question(cast)
    it_is(2031, 1, 30)
    await mark_due()
    assert (await doubt_of(sheet), (await dated_of(sheet)).state) == (None, "")
    it_is(2031, 1, 31)
    for _twice in range(2):
        await mark_due()
    assert (await doubt_of(sheet), (await dated_of(sheet)).state) == ("to_check", "to_check")
    assert await doubt_of(question) is None
    assert await told(sheet.id) == 1


async def test_confirming_moves_the_date_by_a_whole_period_and_names_who_did(cast: Cast) -> None:
    it_is(2030, 1, 31)
    sheet, alice = await a_topic(cast, "sheet"), await cast.alice()
    it_is(2031, 3, 5)
    await mark_due()
    asked = await dated_of(sheet)
    assert await confirm(alice, asked)
    assert not await confirm(alice, asked), "a double click"
    found = await dated_of(sheet)
    assert (found.state, found.confirmed_by) == ("", "Alice")
    assert found.due_at == datetime(2032, 3, 5, 9, tzinfo=UTC)
    assert await doubt_of(sheet) is None
    it_is(2032, 3, 5)
    await mark_due()
    assert await doubt_of(sheet) == "to_check"


async def test_its_author_chooses_how_often(cast: Cast) -> None:
    it_is(2030, 1, 31)
    document, alice = await a_topic(cast, "document"), await cast.alice()
    await set_period(alice, await dated_of(document), 3)
    it_is(2030, 4, 30)
    await mark_due()
    assert await doubt_of(document) == "to_check"
    await set_period(alice, await dated_of(document), 24)
    assert await doubt_of(document) is None
    with pytest.raises(Invalid):
        await set_period(alice, await dated_of(document), 5)


async def test_only_whoever_wrote_it_or_a_part_of_it_confirms(cast: Cast) -> None:
    sheet = await a_due_sheet(cast)
    for other in (await cast.bob(), await cast.mod(), await cast.ada(), await cast.visitor()):
        with pytest.raises(Forbidden):
            await confirm(other, await dated_of(sheet))
        with pytest.raises(Forbidden):
            await set_period(other, await dated_of(sheet), 6)
    ada = await cast.ada()
    post = await seen(ada, await post_card(await first_post(sheet)))  # type: ignore[arg-type]
    await revise_post(ada, post, "Nobody knew, and now we do.", reason="", version=1)
    assert await confirm(ada, await dated_of(sheet)), "whoever has improved it"


async def test_an_accepted_answer_has_a_date_and_loses_it_with_the_mark(cast: Cast) -> None:
    it_is(2030, 1, 31)
    topic, answer = await an_accepted_answer(cast)
    alice, bob = await cast.alice(), await cast.bob()
    it_is(2031, 2, 1)
    await mark_due()
    assert await doubt_of(topic) == "to_check"
    await unaccept_answer(alice, answer)
    assert (await doubt_of(topic), await dated_posts([answer.id])) == (None, [])
    await accept_answer(alice, answer)
    await mark_due()
    assert await doubt_of(topic) is None, "accepted today is as good as confirmed"
    it_is(2032, 2, 2)
    await mark_due()
    assert await doubt_of(topic) == "to_check"
    other = await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, other))
    assert await doubt_of(topic) is None, "one of its answers is fresh"
    await delete_post(bob, await seen(bob, other))
    assert await doubt_of(topic) == "to_check"
    assert await confirm(bob, (await dated_posts([answer.id]))[0])


async def test_what_is_deleted_or_private_has_no_date_for_whoever_may_not_see_it(cast: Cast) -> None:
    sheet = await a_due_sheet(cast, private=True)
    post = await first_post(sheet)
    assert (await dated_visible_to(await cast.bob(), post)).post_id == post
    for outsider in (await cast.eve(), await cast.visitor(), await cast.mod()):
        with pytest.raises(NotFound):
            await dated_visible_to(outsider, post)


async def test_the_pages_say_to_check_until_its_author_presses_once(site: str, cast: Cast) -> None:
    sheet = await a_due_sheet(cast)
    bob, alice, visitor = await signed_in(site, "bob"), await signed_in(site, "alice"), at(site)
    path, post = f"/t/{sheet.slug}/{sheet.id}", await first_post(sheet)
    for reader in (bob, visitor):
        page = (await reader.get(path)).text
        assert "To check" in page
        assert "Is this still true?" not in page
        assert 'class="doubt"' in (await reader.get("/latest")).text
    assert "Is this still true?" in (await alice.get(path)).text
    assert (await bob.post(f"/posts/{post}/confirmation")).status_code == 403
    said = (await alice.client.get(f"/posts/{post}.json")).json()["freshness"]
    assert (said["to_check"], said["superseded"], said["confirmed_by"]) == (True, False, None)
    pressed = await alice.post(f"/posts/{post}/confirmation")
    assert pressed.headers.get("location") == f"{path}#post-{post}-freshness", pressed.text
    page = (await bob.get(path)).text
    assert 'class="doubt"' not in page
    assert "Confirmed" in page
    assert "<bdi>Alice</bdi>" in page
    assert 'class="doubt"' not in (await bob.get("/latest")).text


async def test_an_accepted_answer_that_was_edited_links_to_all_that_changed_since(
    site: str, cast: Cast
) -> None:
    bob = await cast.bob()
    topic = await a_question(cast)
    reply = await a_reply(cast, topic, raw="The cook costs nine euros.")
    await revise_post(bob, await seen(bob, reply), "The cook costs ten euros.", reason="", version=1)
    alice = await cast.alice()
    await accept_answer(alice, await seen(alice, reply))
    page = await signed_in(site, "eve")
    assert "edited since" not in (await page.get(f"/t/{topic.slug}/{topic.id}")).text
    await revise_post(bob, await seen(bob, reply), "The cook costs twelve euros.", reason="", version=2)
    await revise_post(bob, await seen(bob, reply), "The cook costs twelve dollars.", reason="", version=3)
    link = f"/posts/{reply.id}/revisions?since=2"
    assert link in (await page.get(f"/t/{topic.slug}/{topic.id}")).text
    shown = (await page.get(link)).text
    since = shown.partition("What has changed since version 2")[2].partition("</section>")[0]
    assert "<del>ten euros.</del><ins>twelve dollars.</ins>" in since
    for odd in ("9", "4", "0"):
        assert "What has changed" not in (await page.get(f"/posts/{reply.id}/revisions?since={odd}")).text


@pytest.mark.parametrize(
    ("months", "day"), [(1, (2028, 2, 29)), (12, (2029, 1, 31)), (-2, (2027, 11, 30)), (36, (2031, 1, 31))]
)
def test_months_end_with_the_month(months: int, day: tuple[int, int, int]) -> None:
    assert add_months(datetime(2028, 1, 31, tzinfo=UTC), months) == datetime(*day, tzinfo=UTC)


async def test_the_date_of_the_present_is_not_of_the_past(cast: Cast) -> None:
    it_is(2030, 1, 31)
    sheet = await a_topic(cast, "sheet")
    days_later(100)
    await confirm(await cast.alice(), await dated_of(sheet))
    days_later(300)
    await mark_due()
    assert await doubt_of(sheet) is None, "confirmed before it was asked"
