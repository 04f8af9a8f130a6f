"""Members say for which organisation they work, prove it, and their posts keep saying it."""

import re
from datetime import datetime, timedelta

import pytest

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.errors import Invalid, NotFound
from forum.i18n import speaking
from forum.organisations.actions import (
    MAX_ATTEMPTS,
    change_function,
    confirm_code,
    join_organisation,
    leave_organisation,
    renew_badges,
    send_code,
    sign_with,
    verify_by_domain,
    verify_by_siren,
    vouch_for,
)
from forum.organisations.domains import domain_fault
from forum.organisations.members import Membership, affiliations, memberships_of, organisation_of
from forum.posts.new import NewPost
from forum.posts.queries import post_card
from realtime.sql import as_datetime, sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.organisations.files import the_valley
from tests.people import signed_in

SITE = "http://127.0.0.1:8000"


async def number_of(slug: str) -> int:
    return int((await sql("SELECT id FROM organisations WHERE slug = {0}", slug))[0]["id"])


async def member(viewer: Viewer, slug: str = "saint-loup-sur-vouvre", function: str = "clerk") -> Membership:
    """A member says that they work there."""
    number = await number_of(slug)
    await join_organisation(viewer, number, function)
    return next(m for m in await memberships_of(viewer) if m.organisation_id == number)


async def with_address(cast: Cast, name: str, email: str) -> Viewer:
    await sql("UPDATE users SET email = {1} WHERE id = {0}", cast.ids[name], email)
    return await cast.viewer(name)


async def last_code() -> str:
    rows = await sql("SELECT payload FROM outbox WHERE kind = 'organisation_code' ORDER BY id DESC LIMIT 1")
    found = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", rows[0]["payload"])
    assert found
    return found[0]


async def signature(post: NewPost) -> tuple[str, str, bool] | None:
    """What a post's card says of its author's work."""
    card = await post_card(post.id)
    assert card is not None
    found = card.signature
    return (found.organisation, found.function, found.verified) if found else None


def soon() -> datetime:
    """When badges are looked at again."""
    return now() + timedelta(days=9)


async def is_verified(cast: Cast, name: str) -> bool:
    found = await organisation_of(cast.ids[name])
    return found is not None and found.verified


async def test_a_post_says_for_whom_its_author_worked_that_day(db: None, cast: Cast) -> None:
    await the_valley()
    bob = await with_address(cast, "bob", "bob@saint-loup.example")
    membership = await member(bob)
    topic = await a_question(cast)
    before = await a_reply(cast, topic)
    await verify_by_domain(bob, membership)
    await change_function(bob, membership, "deputy mayor")
    after = await a_reply(cast, topic)
    assert await signature(before) == ("Saint-Loup-sur-Vouvre", "clerk", False)
    assert await signature(after) == ("Saint-Loup-sur-Vouvre", "deputy mayor", True)
    await leave_organisation(bob, membership)
    assert await signature(after) == ("Saint-Loup-sur-Vouvre", "deputy mayor", True)
    assert await signature(await a_reply(cast, topic)) is None


async def test_who_has_several_signs_with_the_one_they_choose(db: None, cast: Cast) -> None:
    await the_valley()
    bob = await cast.bob()
    first, second = await member(bob), await member(bob, "cc-du-val-d-orselle", "adviser")
    assert (first.main, second.main) == (True, False)
    await sign_with(bob, second)
    assert (await affiliations(cast.ids.values()))[cast.ids["bob"]].kind == "epci"
    await leave_organisation(bob, second)
    assert (await affiliations(cast.ids.values()))[cast.ids["bob"]].name == "Saint-Loup-sur-Vouvre"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("bob@Saint-Loup.example", ""),
        ("bob@saint-1oup.example", "resembles"),
        ("bob@saint-loups.example", "resembles"),
        ("bob@saint-loup.example.org", "resembles"),
        ("bob@mail.saint-loup.example", "resembles"),
        ("bob@xn--saint-lup-2bb.example", "resembles"),
        ("bob@other.test", "not in saint-loup.example"),
    ],
)
def test_only_the_very_domain_proves_it_and_a_refusal_tells_the_other_ways(address: str, told: str) -> None:
    with speaking("en"):
        fault = domain_fault(address, ("saint-loup.example",))
        assert told in fault
        assert bool(fault) == bool(told)
        assert not fault or ("code" in fault and "colleagues" in fault)
        assert "no mail domain" in domain_fault("bob@orange.fr", ("orange.fr",))


async def test_a_code_from_the_official_address_proves_it(db: None, cast: Cast) -> None:
    await the_valley()
    alice = await cast.alice()
    membership = await member(alice)
    await send_code(alice, membership, SITE)
    rows = await sql("SELECT to_address FROM outbox WHERE kind = 'organisation_code'")
    assert [row["to_address"] for row in rows] == ["mairie@saint-loup.example"]
    await confirm_code(alice, membership, f" {(await last_code()).lower()} ")
    assert await is_verified(cast, "alice")
    with pytest.raises(Invalid):
        await confirm_code(alice, membership, await last_code())


async def test_five_wrong_codes_lock_also_for_the_right_one_and_for_another(db: None, cast: Cast) -> None:
    await the_valley()
    alice = await cast.alice()
    membership = await member(alice)
    await send_code(alice, membership, SITE)
    for _try in range(MAX_ATTEMPTS):
        with pytest.raises(Invalid):
            await confirm_code(alice, membership, "AAAA-AAAA")
    with pytest.raises(Invalid):
        await confirm_code(alice, membership, await last_code())
    await leave_organisation(alice, membership)
    membership = await member(alice)
    with pytest.raises(Invalid):
        await send_code(alice, membership, SITE)
    assert not await is_verified(cast, "alice")


async def test_two_verified_colleagues_vouch_and_nobody_else_may(db: None, cast: Cast) -> None:
    await the_valley()
    alice, bob, mod, eve = await cast.alice(), await cast.bob(), await cast.mod(), await cast.eve()
    waiting = await member(alice)
    for viewer, name in ((bob, "bob"), (mod, "mod")):
        await verify_by_domain(
            await with_address(cast, name, f"{name}@saint-loup.example"), await member(viewer)
        )
    await member(eve)
    for nobody in (eve, alice):
        with pytest.raises(NotFound):
            await vouch_for(nobody, waiting.id)
    await vouch_for(bob, waiting.id)
    await vouch_for(bob, waiting.id)
    assert not await is_verified(cast, "alice")
    await vouch_for(mod, waiting.id)
    assert await is_verified(cast, "alice")


async def test_a_single_sign_on_proves_it_by_its_siret(db: None, cast: Cast) -> None:
    await the_valley()
    found = await verify_by_siren(cast.ids["eve"], "21000000600013")
    assert found is not None
    assert (found.slug, found.verified) == ("saint-loup-sur-vouvre", True)
    assert await verify_by_siren(cast.ids["eve"], "210000055") is None


async def test_a_badge_ends_after_a_year_unless_the_address_still_proves_it(db: None, cast: Cast) -> None:
    await the_valley()
    bob = await with_address(cast, "bob", "bob@saint-loup.example")
    await verify_by_domain(bob, await member(bob))
    await verify_by_siren(cast.ids["eve"], "210000006")
    for way in ("domain", "siren"):
        await sql("UPDATE organisation_members SET verified_until = {1} WHERE verified_by = {0}", way, soon())
    await renew_badges()
    rows = await sql("SELECT verified_by, verified_until FROM organisation_members ORDER BY verified_by")
    assert [as_datetime(row["verified_until"]) > now() + timedelta(days=300) for row in rows] == [True, False]


async def test_whoever_writes_from_the_official_address_keeps_their_badge(db: None, cast: Cast) -> None:
    await the_valley()
    membership = await member(await cast.bob())
    await sql("UPDATE organisations SET email = {0}", "mairie@orange.fr")
    bob = await with_address(cast, "bob", "mairie@orange.fr")
    await verify_by_domain(bob, membership)
    await sql("UPDATE organisation_members SET verified_until = {0}", soon())
    await renew_badges()
    (row,) = await sql("SELECT verified_until FROM organisation_members")
    assert as_datetime(row["verified_until"]) > now() + timedelta(days=300)


async def test_after_a_year_two_colleagues_give_their_word_again(db: None, cast: Cast) -> None:
    await the_valley()
    waiting = await member(await cast.alice())
    for name in ("bob", "mod"):
        viewer = await with_address(cast, name, f"{name}@saint-loup.example")
        await verify_by_domain(viewer, await member(viewer))
        await vouch_for(viewer, waiting.id)
    year_ago = now() - timedelta(days=366)
    await sql("UPDATE organisation_vouches SET created_at = {0}", year_ago)
    await sql("UPDATE organisation_members SET verified_until = {0} WHERE id = {1}", year_ago, waiting.id)
    assert [one.vouches for one in await memberships_of(await cast.alice())] == [0]
    await vouch_for(await cast.bob(), waiting.id)
    assert not await is_verified(cast, "alice")
    await vouch_for(await cast.mod(), waiting.id)
    assert await is_verified(cast, "alice")


async def test_a_member_finds_their_organisation_without_scripts(site: str, cast: Cast) -> None:
    await the_valley()
    alice = await signed_in(site, "alice")
    found = await alice.get("/preferences/organisations?q=saint+loup")
    number = re.search(r'name="organisation_id" value="(\d+)"', found.text)
    assert number
    refused = await alice.post("/preferences/organisations", q="saint loup", function="clerk")
    assert refused.status_code == 422
    assert 'value="clerk"' in refused.text
    done = await alice.post("/preferences/organisations", organisation_id=number[1], function="town clerk")
    assert done.status_code == 303
    page = (await alice.get("/preferences/organisations")).text
    own = re.search(r'id="membership-(\d+)"', page)
    assert own
    refused = await alice.post(f"/preferences/organisations/{own[1]}/verification", way="domain")
    assert refused.status_code == 422
    assert "example.org" in refused.text
    refused = await alice.post(f"/preferences/organisations/{own[1]}", function="Moderator")
    assert refused.status_code == 422
    assert 'value="Moderator"' in refused.text
    assert f'aria-describedby="function-error-{own[1]}"' in refused.text
    assert "town clerk" in (await alice.get("/o/saint-loup-sur-vouvre")).text


async def test_nobody_changes_somebody_elses_place(site: str, cast: Cast) -> None:
    await the_valley()
    membership = await member(await cast.bob())
    alice = await signed_in(site, "alice")
    for path in ("", "/verification"):
        answer = await alice.post(f"/preferences/organisations/{membership.id}{path}", do="leave")
        assert answer.status_code == 404
