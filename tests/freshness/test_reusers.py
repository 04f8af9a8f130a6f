"""Whoever did the same at their organisation may say that it still holds; the rest is its author's."""

import pytest

from forum.errors import Forbidden
from forum.freshness.actions import confirm, set_period, supersede
from forum.freshness.queries import dated_posts
from forum.reuses.queries import item_visible_to
from forum.topics.queries import topic_visible_to
from tests.cast import Cast
from tests.factories import a_question
from tests.freshness.dating import a_due_sheet, doubt_of, first_post
from tests.people import signed_in
from tests.reuses.making import ORMOY, declared, verified


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
