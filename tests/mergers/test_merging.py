"""An organisation goes into another one: its people, records and addresses follow, nothing is lost."""

import asyncio
from datetime import timedelta

import pytest

from forum.clock import now
from forum.comparables.queries import comparables_of
from forum.errors import Conflict, Forbidden, Invalid
from forum.i18n import speaking
from forum.journal.queries import check_chain, entries
from forum.mergers.actions import merge_organisations, move_latecomers
from forum.organisations.actions import confirm_code, join_organisation, send_code, verify_by_domain
from forum.organisations.load import load_organisations
from forum.organisations.members import memberships_of, organisation_of
from forum.organisations.queries import Wanted, find_organisations, organisation_at
from forum.posts.queries import post_card
from forum.reuses.actions import withdraw_reuse
from forum.reuses.queries import as_tree, reuses_by, reuses_of
from forum.topics.queries import topic_visible_to
from realtime.sql import as_datetime, sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.mail.conftest import box, clock
from tests.mergers.making import REASON, merged, the_record
from tests.organisations.files import VALLEY, a_file, the_valley
from tests.organisations.test_members import SITE, last_code, member, with_address
from tests.people import at
from tests.reuses.making import (
    BEZAC,
    ETRIGNY,
    ORMOY,
    SAINT_LOUP,
    a_clerk,
    a_sheet,
    declared,
    organisation,
    verified,
)

__all__ = ["box", "clock"]


async def test_its_people_belong_to_the_other_one_each_once_with_the_better_proof(cast: Cast) -> None:
    await the_valley()
    alice, bob, eve = await cast.alice(), await cast.bob(), await cast.eve()
    for viewer in (alice, bob):
        await verified(viewer, BEZAC)
    await join_organisation(alice, await organisation(SAINT_LOUP), "deputy mayor")
    await join_organisation(eve, await organisation(SAINT_LOUP), "clerk")
    await verified(eve, BEZAC)
    soon = now() + timedelta(days=3)
    await sql(
        """UPDATE organisation_members SET verified_until = {1}, verified_by = 'domain'
            WHERE user_id = {0} AND organisation_id = {2}""",
        eve.id,
        soon,
        await organisation(SAINT_LOUP),
    )
    await merged(cast, BEZAC, SAINT_LOUP)
    for viewer in (alice, bob, eve):
        (place,) = await memberships_of(viewer)
        assert (place.slug, place.main, place.verified, place.verified_by) == (
            SAINT_LOUP, True, True, "code",
        )  # fmt: skip
    (place,) = await memberships_of(alice)
    assert place.function == "deputy mayor"


async def test_a_post_shows_the_organisation_as_it_was_and_leads_to_where_it_has_gone(
    site: str, cast: Cast
) -> None:
    bob = await cast.bob()
    await verified(bob, BEZAC)
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    before = (await topic_visible_to(bob, topic.id)).version
    await merged(cast, BEZAC, SAINT_LOUP)
    card = await post_card(reply.id)
    assert card is not None
    assert card.signature is not None
    assert (card.signature.organisation, card.signature.slug) == ("Bézac-le-Vieux", SAINT_LOUP)
    assert card.signature.population is None, "the other one’s people are not its own"
    assert (await topic_visible_to(bob, topic.id)).version > before
    for path in (f"/o/{BEZAC}", f"/o/{BEZAC}?x=1"):
        moved = await at(site).client.get(path)
        assert (moved.status_code, moved.headers["location"]) == (301, f"/o/{SAINT_LOUP}")
    assert (await at(site).get(f"/o/{BEZAC}.json")).json()["organisation"]["slug"] == SAINT_LOUP


async def test_of_two_records_about_one_item_the_further_and_the_later_stay_with_all_words(
    cast: Cast,
) -> None:
    item, bob, eve = await a_sheet(cast), await cast.bob(), await cast.eve()
    here, there = await verified(bob, SAINT_LOUP), await verified(eve, BEZAC)
    await declared(
        bob,
        item,
        here,
        state="studied",
        since="2026-03-01",
        changes="Two menus.",
        cost="900",
        contact="Town hall",
    )
    await declared(
        eve, item, there, state="in_service", since="2025-01-05", changes="A cook of our own.", cost="3800",
        months="4",
    )  # fmt: skip
    with speaking("en"):
        await merged(cast, BEZAC, SAINT_LOUP)
    (record,) = await reuses_of(item.post_id)
    assert (record.organisation, record.state, record.values["since"]) == (
        "Saint-Loup-sur-Vouvre", "in_service", "2026-03-01",
    )  # fmt: skip
    assert (record.by.username, record.version) == ("eve", 2)
    assert (record.values["cost"], record.values["months"]) == (3800, 4)
    assert record.values["contact"] == "Town hall"
    changes = str(record.values["changes"])
    assert changes.startswith("A cook of our own.\n\nSaint-Loup-sur-Vouvre\nTwo menus.\nReal cost: ")
    assert "900" in changes
    assert (await topic_visible_to(bob, item.topic_id)).reuse_count == 1
    assert [one.title for one in await reuses_by(bob, here)] == [item.title]


async def test_why_one_gave_it_up_is_still_read_where_the_other_went_on(cast: Cast) -> None:
    item, bob, eve = await a_sheet(cast), await cast.bob(), await cast.eve()
    here, there = await verified(bob, SAINT_LOUP), await verified(eve, BEZAC)
    await declared(bob, item, here, state="testing")
    await declared(eve, item, there, state="abandoned", reason="Nobody had the time.")
    with speaking("en"):
        await merged(cast, BEZAC, SAINT_LOUP)
    record = await the_record(item, SAINT_LOUP)
    assert record.state == "testing"
    assert record.values["changes"] == "Bézac-le-Vieux\nWhy it was given up: Nobody had the time."


async def test_who_took_it_from_whom_stays_a_tree_without_a_ring(cast: Cast) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    town = await verified(bob, SAINT_LOUP)
    await declared(bob, item, town)
    source = str((await the_record(item, SAINT_LOUP)).id)
    for slug in (ORMOY, BEZAC, ETRIGNY):
        clerk, number = await a_clerk(slug)
        await declared(clerk, item, number, taken_from=source)
        source = str((await the_record(item, slug)).id)
    await merged(cast, BEZAC, SAINT_LOUP)
    (root,) = as_tree(await reuses_of(item.post_id))
    assert root.record.organisation == "Saint-Loup-sur-Vouvre"
    assert sorted(one.record.organisation for one in root.branches) == ["Ormoy-le-Petit", "Étrigny"]
    await merged(cast, ORMOY, SAINT_LOUP)
    (root,) = as_tree(await reuses_of(item.post_id))
    assert root.record.taken_from_id is None
    assert [one.record.organisation for one in root.branches] == ["Étrigny"]


async def test_what_an_organisation_took_up_from_one_that_became_its_own_may_be_withdrawn(
    cast: Cast,
) -> None:
    await verified(await cast.alice(), SAINT_LOUP)
    item, (clerk, number) = await a_sheet(cast), await a_clerk(BEZAC)
    await declared(clerk, item, number, changes="Smaller plates.")
    await merged(cast, BEZAC, SAINT_LOUP)
    town = await organisation(SAINT_LOUP)
    await declared(clerk, item, town, version=1, state="abandoned", reason="It was ours.")
    assert len(await reuses_of(item.post_id)) == 1
    await withdraw_reuse(clerk, item, town)
    with pytest.raises(Invalid):
        await declared(clerk, item, town)


async def test_a_code_under_way_and_a_colleagues_word_stay_good(cast: Cast) -> None:
    await the_valley()
    alice, bob = await cast.alice(), await with_address(cast, "bob", "bob@saint-loup.example")
    membership = await member(alice)
    await send_code(alice, membership, SITE)
    code = await last_code()
    await verify_by_domain(bob, await member(bob))
    await merged(cast, SAINT_LOUP, ORMOY)
    (place,) = await memberships_of(alice)
    assert (place.slug, place.has_address) == (ORMOY, True)
    await confirm_code(alice, place, code)
    (theirs,) = await memberships_of(bob)
    await sql("UPDATE organisation_members SET verified_until = NULL WHERE id = {0}", theirs.id)
    await verify_by_domain(bob, theirs)
    found = await organisation_of(cast.ids["alice"])
    assert found is not None
    assert found.verified


async def test_the_file_that_named_it_does_not_bring_it_back(cast: Cast) -> None:
    await the_valley()
    await merged(cast, BEZAC, SAINT_LOUP)
    await merged(cast, "departement-de-la-vouvre", "cc-du-val-d-orselle")
    file = VALLEY.replace("Bézac-le-Vieux,640", "Bézac,700").replace("812", "1452")
    done = await load_organisations(a_file(*file.strip().splitlines()))
    assert (await organisation_at("cc-du-val-d-orselle")).domains == "orselle.example vouvre.example"
    assert (done.made, done.changed, done.same, done.merged) == (0, 1, 3, 2)
    names = [one.name for one in (await find_organisations(Wanted())).organisations]
    assert names == ["CC du Val d'Orselle", "Étrigny", "Ormoy-le-Petit", "Saint-Loup-sur-Vouvre"]
    assert (await organisation_at(BEZAC)).population == 1452


async def test_one_entered_twice_becomes_one_that_both_files_know(cast: Cast) -> None:
    await load_organisations(b"kind,name,siren,domains\ncommune,Vaubrun,210000006,vaubrun.example\n")
    await load_organisations(b"kind,name,code,population,domains\ncommune,Vaubrun (98),98123,312,v.example\n")
    await merged(cast, "vaubrun", "vaubrun-98")
    (kept,) = (await find_organisations(Wanted())).organisations
    assert (kept.siren, kept.code, kept.population) == ("210000006", "98123", 312)
    assert kept.domains == "v.example vaubrun.example"
    done = await load_organisations(b"kind,name,siren,code\ncommune,Vaubrun,210000006,98123\n")
    assert (done.made, done.changed, done.merged) == (0, 1, 0)


async def test_communes_of_a_merged_intermunicipal_body_are_those_of_the_other_one(cast: Cast) -> None:
    await the_valley()
    await load_organisations(a_file("200000016,epci,CA des Plateaux,52000,98,99,,,46.2,3.2,,,"))
    await merged(cast, "cc-du-val-d-orselle", "ca-des-plateaux")
    with speaking("en"):
        near = await comparables_of(await organisation(BEZAC))
    assert "same intermunicipal body" in near[0].closeness.reason
    assert (await organisation_at(BEZAC)).group_siren == "200000016"
    await the_valley()
    assert (await organisation_at(BEZAC)).group_siren == "200000016"


async def test_what_had_gone_into_it_goes_along_and_nobody_compares_with_it(cast: Cast) -> None:
    await the_valley()
    assert "Bézac-le-Vieux" in {
        one.organisation.name for one in await comparables_of(await organisation(ETRIGNY))
    }
    await merged(cast, BEZAC, SAINT_LOUP)
    await merged(cast, SAINT_LOUP, ORMOY)
    assert (await organisation_at(BEZAC)).slug == ORMOY
    near = {one.organisation.name for one in await comparables_of(await organisation(ETRIGNY))}
    assert near == {"Ormoy-le-Petit", "CC du Val d'Orselle", "Département de la Vouvre"}


async def test_a_merge_is_in_the_journal_with_who_and_why(cast: Cast) -> None:
    await the_valley()
    await merged(cast, BEZAC, SAINT_LOUP)
    (entry, *_rest) = await entries()
    assert (entry.act, entry.actor and entry.actor.username) == ("merge_organisations", "ada")
    assert (entry.details["organisation"], entry.details["reason"]) == ("Bézac-le-Vieux", REASON)
    assert entry.details["to_organisation"] == "Saint-Loup-sur-Vouvre"
    assert (await check_chain()).broken_at is None


async def test_what_cannot_be_merged_is_refused_in_words_and_nothing_moves(cast: Cast) -> None:
    await the_valley()
    ada, here, there = await cast.ada(), await organisation(SAINT_LOUP), await organisation(BEZAC)
    with speaking("en"):
        for absorbed, kept, reason, field in (
            (here, here, REASON, "kept"),
            (here, 987_654, REASON, "kept"),
            (987_654, here, REASON, "absorbed"),
            (here, there, "  ", "reason"),
        ):
            with pytest.raises(Invalid) as fault:
                await merge_organisations(ada, absorbed, kept, reason)
            assert list(fault.value.fields) == [field]
        for nobody in (await cast.mod(), await cast.alice(), await cast.visitor()):
            with pytest.raises(Forbidden):
                await merge_organisations(nobody, here, there, REASON)
        assert len((await find_organisations(Wanted())).organisations) == 6
        await merge_organisations(ada, here, there, REASON)
        for absorbed, kept in ((here, there), (there, here)):
            with pytest.raises(Conflict) as gone:
                await merge_organisations(ada, absorbed, kept, REASON)
            assert "already been merged into Bézac-le-Vieux" in gone.value.message


async def test_of_two_who_merge_at_once_one_does_and_the_other_is_told(cast: Cast) -> None:
    await the_valley()
    ada, here, there = await cast.ada(), await organisation(SAINT_LOUP), await organisation(BEZAC)
    found = await asyncio.gather(
        merge_organisations(ada, here, there, REASON),
        merge_organisations(ada, there, here, REASON),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Merge"]
    assert len((await find_organisations(Wanted())).organisations) == 5


async def test_what_was_being_written_at_that_very_moment_follows(cast: Cast) -> None:
    bob = await cast.bob()
    await verified(bob, BEZAC)
    topic = await a_question(cast)
    reply = await a_reply(cast, topic)
    gone = (await merged(cast, BEZAC, SAINT_LOUP)).absorbed_id
    await sql("UPDATE posts SET organisation_id = {1} WHERE id = {0}", reply.id, gone)
    await sql("UPDATE organisation_members SET organisation_id = {0}", gone)
    rows = await sql("SELECT payload FROM jobs WHERE name = 'move_latecomers'")
    assert [row["payload"] for row in rows] == [f'{{"organisation_id":{gone}}}']
    await move_latecomers(gone)
    await move_latecomers(gone)
    assert await sql("SELECT 1 FROM posts WHERE organisation_id = {0}", gone) == []
    assert [place.slug for place in await memberships_of(bob)] == [SAINT_LOUP]


async def test_an_alert_names_whoever_is_left_and_goes_when_nobody_is(cast: Cast) -> None:
    item = await a_sheet(cast)
    for slug in (SAINT_LOUP, BEZAC):
        clerk, number = await a_clerk(slug)
        await declared(clerk, item, number)
    await sql("UPDATE notifications SET created_at = {0}", as_datetime("2099-01-01 00:00:00+00:00"))
    await merged(cast, BEZAC, SAINT_LOUP)
    assert await sql("SELECT 1 FROM notifications WHERE notification_type = 703") == []
