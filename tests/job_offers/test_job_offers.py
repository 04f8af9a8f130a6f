"""Job offers expire by themselves, and are open again when their deadline is put off."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.clock import set_clock
from forum.errors import Invalid
from forum.job_offers.actions import expire_offers
from forum.kinds.actions import revise_details
from realtime.sql import sql
from tests.cast import Cast
from tests.kinds.details import JOB
from tests.kinds.making import a_topic, fields_of
from tests.people import signed_in
from tests.system.people import connected
from tests.system.people import signed_in as in_a_browser


@pytest.fixture
def clock() -> Iterator[None]:
    yield
    set_clock(None)


def it_is(year: int, month: int, day: int) -> None:
    set_clock(lambda: datetime(year, month, day, 9, tzinfo=UTC))


async def states(*topics: object) -> list[str]:
    return [(await fields_of(topic)).state for topic in topics]  # type: ignore[arg-type]


async def test_an_offer_expires_the_day_after_its_deadline_and_says_so_once(cast: Cast, clock: None) -> None:
    it_is(2030, 5, 1)
    offer, later = await a_topic(cast, "job"), await a_topic(cast, "job", deadline="2030-06-30")
    it_is(2030, 5, 31)
    await expire_offers()
    assert await states(offer, later) == ["", ""]
    it_is(2030, 6, 1)
    for _twice in range(2):
        await expire_offers()
    assert await states(offer, later) == ["expired", ""]
    told = await sql(
        "SELECT COUNT(*) AS n FROM live_events WHERE channel = {0} AND kind = 'topic.revised'",
        f"topic:{offer.id}",
    )
    assert told[0]["n"] == 1
    await revise_details(await cast.alice(), offer, {**JOB, "deadline": "2030-07-31"}, 1)
    assert await states(offer) == [""]


async def test_a_deadline_that_has_passed_is_refused(cast: Cast, clock: None) -> None:
    it_is(2030, 6, 1)
    with pytest.raises(Invalid) as fault:
        await a_topic(cast, "job")
    assert set(fault.value.fields) == {"deadline"}


async def test_an_address_that_is_none_is_refused(cast: Cast) -> None:
    for link in ("javascript:alert(1)", "www.example.org", "https://", "ftp://example.org/x"):
        with pytest.raises(Invalid) as fault:
            await a_topic(cast, "job", official_link=link)
        assert set(fault.value.fields) == {"official_link"}


async def test_bob_reads_in_the_list_that_it_is_over(site: str, cast: Cast) -> None:
    offer = await a_topic(cast, "job")
    await sql("UPDATE job_offers SET deadline = '2020-01-01' WHERE topic_id = {0}", offer.id)
    await expire_offers()
    bob = await signed_in(site, "bob")
    for path in ("/latest?kind=job", f"/t/{offer.slug}/{offer.id}"):
        assert "Expired: applications are closed" in (await bob.get(path)).text
    assert "https://example.org/offer/1" in (await bob.get(f"/t/{offer.slug}/{offer.id}")).text


async def test_bob_sees_live_the_offer_that_alice_makes_without_scripts_and_that_it_is_over(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    bob = await in_a_browser(await new_context(), site, "bob")
    alice = await in_a_browser(await new_context(java_script_enabled=False), site, "alice")
    await bob.goto(f"{site}/latest?kind=job")
    await connected(bob, "latest")
    await alice.goto(f"{site}/new-topic?kind=job&category={cast.theme.id}")
    await alice.locator("#title").fill("A town clerk for Ormoy")
    await alice.locator("#raw").fill("Three communes, one desk.")
    for name in ("employer", "place", "deadline", "official_link"):
        await alice.locator(f"#f-{name}").fill(JOB[name])
    await alice.locator("#f-branch").select_option(JOB["branch"])
    await alice.get_by_role("button", name="Publish").click()
    await expect(alice.get_by_role("heading", level=1)).to_have_text("A town clerk for Ormoy")
    await bob.get_by_role("button", name="Show them at the head of the list").click()
    offer = bob.get_by_role("link", name="A town clerk for Ormoy")
    await expect(offer).to_be_visible()
    await offer.click()
    await expect(bob.locator(".details")).to_contain_text("Ormoy (80)")
    await expect(bob.locator("live-channel[name^='topic:'][connected]")).to_be_attached()
    await sql("UPDATE job_offers SET deadline = '2020-01-01'")
    await expire_offers()
    await expect(bob.locator(".details")).to_contain_text("Expired: applications are closed")
