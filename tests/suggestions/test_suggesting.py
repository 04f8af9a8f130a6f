"""Somebody writes a question; what answers it is shown before it is asked."""

import pytest

from forum.accounts.viewer import Viewer
from forum.answers.actions import accept_answer
from forum.i18n import speaking
from forum.limits import Limits
from forum.notifications.actions import mark_read
from forum.notifications.queries import alerts_of, unread_count
from forum.reuses.queries import item_visible_to
from forum.search.indexing import index_all_pending
from forum.suggestions.actions import note_answered
from forum.suggestions.calls import similar_within, tell_similar
from forum.suggestions.queries import Draft, similar
from realtime.policies import Identity
from realtime.protocol.codes import ErrorReply
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply, again, seen
from tests.kinds.making import a_topic
from tests.people import signed_in
from tests.reuses.making import (
    BEZAC,
    ETRIGNY,
    ORMOY,
    SAINT_LOUP,
    a_clerk,
    a_sheet,
    declared,
    first_post,
    organisation,
    verified,
)
from tests.waiting import until


async def suggested(viewer: Viewer, title: str, category_id: int | None = None) -> list[str]:
    await index_all_pending()
    return [one.title for one in await similar(viewer, Draft(title, "", category_id))]


async def test_one_solved_question_is_enough_and_its_why_says_what_speaks_for_it(cast: Cast) -> None:
    topic = await a_question(cast, title="Passer la cantine en régie directe")
    reply = await a_reply(cast, topic, raw="Nous l’avons fait en 2022.")
    await accept_answer(await cast.alice(), await seen(await cast.alice(), reply))
    await index_all_pending()
    with speaking("en"):
        draft = Draft("Reprendre la restauration scolaire", "", cast.theme.id)
        (only,) = await similar(await cast.eve(), draft)
    assert (only.kind, only.title) == ("solved", topic.title)
    assert only.why.startswith("Answer accepted · same theme · 1 reply")


async def test_a_sheet_says_at_once_what_it_cost(cast: Cast) -> None:
    await a_topic(cast, "sheet", title="Passer la cantine en régie directe", cost="31 000 €", months="9")
    await index_all_pending()
    with speaking("en"):
        (only,) = await similar(await cast.eve(), Draft("Reprendre la cantine", "", None))
    assert "31,000 euros · 9 months" in only.why.replace("\u00a0", " ")


async def test_two_words_are_needed_and_nothing_far_is_shown(cast: Cast) -> None:
    await a_question(cast, title="Passer la cantine en régie directe")
    assert await suggested(await cast.eve(), "la") == []
    assert await suggested(await cast.eve(), "déneigement des chemins ruraux") == []


def test_a_title_alone_is_read_as_the_search_would_read_it() -> None:
    assert Draft("La cantine en régie", "", None).words == "La cantine en régie", (
        "a blank changes its meaning"
    )


async def test_nobody_is_suggested_what_they_may_not_see(cast: Cast) -> None:
    private = await a_question(cast, title="Le canari de la cantine", private=True)
    assert await suggested(await cast.eve(), "canari de cantine") == []
    assert await suggested(await cast.visitor(), "canari de cantine") == []
    assert await suggested(await cast.bob(), "canari de cantine") == [private.title]


async def test_the_live_call_answers_with_the_number_of_the_question(cast: Cast) -> None:
    topic = await a_question(cast, title="Passer la cantine en régie directe")
    await a_question(cast, title="Le canari de la cantine", private=True)
    await index_all_pending()
    eve = Identity(user=str(cast.ids["eve"]), variant=("fr", True))
    answer = await tell_similar(eve, {"title": "restauration scolaire régie", "raw": "", "seq": 7})
    assert answer["seq"] == 7
    assert [item["id"] for item in answer["items"]] == [topic.id]
    assert set(answer["items"][0]) == {"kind", "id", "url", "title", "why", "organisation"}
    for odd in (None, [], {"title": 3, "raw": None, "seq": "x"}, {"title": "\x00" * 9, "category_id": True}):
        assert (await tell_similar(eve, odd))["items"] == []


async def test_without_scripts_a_step_shows_it_and_nothing_is_posted_when_it_answers(
    site: str, cast: Cast
) -> None:
    topic = await a_question(cast, title="Passer la cantine en régie directe")
    reply = await a_reply(cast, topic, raw="Nous l’avons fait en 2022.")
    await accept_answer(await cast.alice(), await seen(await cast.alice(), reply))

    async def indexed() -> bool:
        return not await sql("SELECT 1 FROM search_pending")

    await until(indexed)
    eve, before = await signed_in(site, "eve"), await sql("SELECT COUNT(*) AS n FROM posts")
    typed = {"title": "Restauration scolaire en régie ?", "raw": "Qui l’a fait ?", "kind": "question"}
    page = await eve.post("/suggestions", **typed)
    assert page.status_code == 200
    assert topic.title in page.text
    assert "Qui l’a fait" in page.text
    near = await eve.post("/suggestions/close", item=str(topic.id), **typed)
    assert f"/t/{topic.slug}/{topic.id})" in near.text
    for _twice in range(2):
        answer = await eve.post("/suggestions/answered", item=str(topic.id), **typed)
        assert answer.headers["location"] == f"/t/{topic.slug}/{topic.id}?answered"
    assert "Nothing was posted." in (await eve.get(answer.headers["location"])).text
    assert await sql("SELECT COUNT(*) AS n FROM posts") == before
    assert len(await sql("SELECT id FROM avoided_questions")) == 1
    thanks = await sql("SELECT user_id FROM notifications WHERE notification_type = 36")
    assert thanks == [{"user_id": cast.ids["bob"]}]
    bob = await signed_in(site, "bob")
    assert "spared Eve a question" in (await bob.get("/notifications")).text


async def test_whoever_answered_is_thanked_once_by_name_for_all_until_they_have_read_it(cast: Cast) -> None:
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    alice, bob = await cast.alice(), await cast.bob()
    await accept_answer(alice, await seen(alice, reply))
    for asker in (await cast.eve(), await cast.mod(), await cast.ada(), bob):
        await note_answered(asker, await again(asker, topic))
    with speaking("en"):
        (alert,) = [one for one in await alerts_of(bob) if one.type == "thanked"]
    assert alert.names == "Eve, Mod and 1 other"
    await mark_read(bob)
    await note_answered(alice, await again(alice, topic))
    (alert,) = [one for one in await alerts_of(bob) if one.type == "thanked"]
    assert (alert.names, alert.read) == ("Alice", False)
    assert await unread_count(bob.member_id) == 1


async def test_nobody_is_thanked_by_somebody_who_presses_without_end(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    eve = await signed_in(site, "eve")
    pressed = [await eve.post("/suggestions/answered", item=str(topic.id)) for _n in range(61)]
    assert [answer.status_code for answer in pressed[-2:]] == [303, 429]


async def test_five_topics_are_shown_and_who_did_it_takes_the_place_of_none(cast: Cast) -> None:
    sheets = [await a_topic(cast, "sheet", title=f"Passer la cantine en régie, {n}") for n in range(7)]
    bob = await cast.bob()
    item = await item_visible_to(bob, await first_post(sheets[3]))
    await declared(bob, item, await verified(bob, SAINT_LOUP))
    await index_all_pending()
    found = await similar(await cast.eve(), Draft("Cantine en régie", "", None))
    assert [one.kind for one in found] == ["sheet", "organisation", *["sheet"] * 4]


async def test_what_one_may_not_see_answers_nobody(site: str, cast: Cast) -> None:
    private = await a_question(cast, private=True)
    eve = await signed_in(site, "eve")
    for path in ("/suggestions/answered", "/suggestions/close"):
        there = await eve.post(path, item=str(private.id))
        absent = await eve.post(path, item="987654")
        assert there.status_code == absent.status_code == 404


async def test_whoever_asks_without_end_is_told_to_wait_and_others_are_not(cast: Cast) -> None:
    answer = similar_within(Limits())
    eve, bob = (Identity(user=str(cast.ids[name]), variant=("fr", True)) for name in ("eve", "bob"))
    near, far = (
        Identity(user="", variant=("fr", True), address=place) for place in ("192.0.2.1", "192.0.2.2")
    )
    for who, other in ((eve, bob), (near, far)):
        for _n in range(150):
            await answer(who, {"title": "x", "seq": 1})
        with pytest.raises(ErrorReply, match="too many requests"):
            await answer(who, {"title": "x", "seq": 1})
        assert (await answer(other, {"title": "x", "seq": 1}))["seq"] == 1


@pytest.mark.parametrize(
    "typed", ["\x00", '"', "NEAR(a b)", "mot " * 10_000, "💥" * 900, "{0} {1}", "l'" * 900]
)
async def test_strange_drafts_are_harmless(cast: Cast, typed: str) -> None:
    await a_question(cast, raw="A mot in the text.")
    await index_all_pending()
    eve = Identity(user=str(cast.ids["eve"]), variant=("fr", True))
    assert "items" in await tell_similar(eve, {"title": typed, "raw": typed, "category_id": 2**80, "seq": -1})


async def test_what_others_took_up_comes_first_and_who_did_it_stands_beside(cast: Cast) -> None:
    plain, taken = [
        await a_topic(cast, "sheet", title="Passer la cantine en régie directe") for _n in range(2)
    ]
    bob, eve = await cast.bob(), await cast.eve()
    item = await item_visible_to(bob, await first_post(taken))
    await declared(bob, item, await verified(bob, SAINT_LOUP))
    other, there = await a_clerk(ETRIGNY)
    await declared(other, item, there)
    gave_up, town = await a_clerk(ORMOY)
    await declared(gave_up, item, town, state="abandoned", reason="No time.")
    await verified(eve, BEZAC)
    await index_all_pending()
    with speaking("en"):
        found = await similar(eve, Draft("Reprendre la cantine en régie", "", None))
    assert [(one.kind, one.id) for one in found][:2] == [
        ("sheet", taken.id),
        ("organisation", await organisation(SAINT_LOUP)),
    ]
    assert "reused by 3 organisations" in found[0].why
    assert found[1].title == "Saint-Loup-sur-Vouvre"
    assert found[1].why.startswith(f"in service · {taken.title} · commune")
    assert found[1].url == f"/posts/{item.post_id}/reuses"
    assert plain.id in {one.id for one in found}


async def test_who_did_it_where_one_may_not_look_is_named_to_nobody_else(cast: Cast) -> None:
    bob = await cast.bob()
    item = await a_sheet(cast, private=True)
    await declared(bob, item, await verified(bob, SAINT_LOUP))
    draft = Draft(item.title, "", None)
    await index_all_pending()
    assert {one.kind for one in await similar(await cast.alice(), draft)} == {"sheet", "organisation"}
    for viewer in (await cast.eve(), await cast.visitor(), await cast.mod()):
        assert await similar(viewer, draft) == []
