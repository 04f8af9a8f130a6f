"""Reuses on pages, in the JSON, in lists, live; nothing of them where the item may not be seen."""

import re

import orjson
import pytest
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.answers.actions import accept_answer
from forum.app import Relais
from forum.channels import audience
from forum.live import SURFACES, encode, use_templates
from forum.personal import HOLDINGS, Leaver
from realtime import log
from realtime.log import Event
from realtime.policies import Identity
from realtime.sql import sql
from tests.architecture.test_kinds import events
from tests.cast import Cast
from tests.factories import seen
from tests.people import at, signed_in
from tests.reuses.making import (
    BEZAC,
    ORMOY,
    SAINT_LOUP,
    a_clerk,
    a_sheet,
    an_answer,
    declared,
    organisation,
    verified,
)
from tests.system.people import connected
from tests.system.people import signed_in as in_a_browser

SECRET = "Nobody else may know of these valves"


async def test_bob_says_that_his_town_did_it_too_without_scripts(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    browser = await in_a_browser(await new_context(java_script_enabled=False), site, "bob")
    await browser.goto(f"{site}{item.path}")
    await browser.get_by_role("link", name="We did it too").click()
    await expect(browser.get_by_text("First show for which organisation you speak")).to_be_visible()
    await verified(bob, SAINT_LOUP)
    await browser.reload()
    await browser.get_by_label("State").select_option("given up")
    await browser.get_by_label("What was changed").fill("Two valves only.")
    await browser.get_by_role("button", name="We did it too").click()
    await expect(browser.get_by_text("Say why in a few words: others learn from it.").first).to_be_visible()
    await expect(browser.get_by_label("What was changed")).to_have_value("Two valves only.")
    await browser.get_by_label("Why it was given up").fill("The heating was replaced.")
    await browser.get_by_role("button", name="We did it too").click()
    record = browser.locator("article.reuse")
    await expect(record).to_contain_text("Saint-Loup-sur-Vouvre")
    await expect(record).to_contain_text("The heating was replaced.")
    await browser.get_by_role("link", name="Back to the topic").click()
    await expect(browser.get_by_text("reused by 1 organisation")).to_be_visible()
    await browser.goto(f"{site}/latest?kind=sheet")
    await expect(browser.locator(".topic")).to_contain_text("reused by 1 organisation")
    await browser.goto(f"{site}/o/{SAINT_LOUP}")
    await expect(browser.get_by_text("What it took up from others")).to_be_visible()
    await browser.goto(f"{site}/posts/{item.post_id}/reuses")
    await browser.get_by_role("button", name="Withdraw it").click()
    await expect(browser.get_by_text("No organisation has said so yet")).to_be_visible()


async def test_one_declares_and_the_others_page_list_and_badge_follow_live(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    await verified(bob, SAINT_LOUP)
    alice = await in_a_browser(await new_context(), site, "alice")
    await alice.goto(f"{site}{item.path}")
    await connected(alice, f"topic:{item.topic_id}")
    eve = await in_a_browser(await new_context(), site, "eve")
    await connected(eve, "latest")
    browser = await in_a_browser(await new_context(), site, "bob")
    await browser.goto(f"{site}/posts/{item.post_id}/reuses")
    await browser.get_by_label("State").select_option("in service")
    await browser.get_by_role("button", name="We did it too").click()
    await expect(alice.get_by_text("reused by 1 organisation")).to_be_visible()
    await expect(eve.locator(f"#topic-{item.topic_id}")).to_contain_text("reused by 1 organisation")
    await expect(alice.locator("#badge")).to_contain_text("1")
    await connected(browser, f"topic:{item.topic_id}")
    other, there = await a_clerk(BEZAC)
    (record,) = await sql("SELECT id FROM reuses")
    await declared(other, item, there, taken_from=str(record["id"]))
    await expect(alice.get_by_text("reused by 2 organisations")).to_be_visible()
    await expect(browser.locator(".branch .branch")).to_contain_text("taken from Saint-Loup-sur-Vouvre")
    await alice.goto(f"{site}/notifications")
    named = "Saint-Loup-sur-Vouvre and Bézac-le-Vieux did it too"
    await expect(alice.get_by_role("link", name=named)).to_be_visible()


async def test_what_is_pushed_is_what_the_page_shows(site: str, cast: Cast, app: Relais) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    await declared(bob, item, await verified(bob, SAINT_LOUP))
    (event,) = [one for one in await events() if (one.kind, one.channel[:5]) == ("reuse.changed", "topic")]
    patches = {one["target"]: one["html"] for one in await patches_of(app, event)}
    visitor = at(site)
    assert patches[f"post-{item.post_id}-reuses"].strip() in (await visitor.get(item.path)).text
    tree = patches[f"reuses-{item.post_id}"].strip()
    assert tree in (await visitor.get(f"/posts/{item.post_id}/reuses")).text


async def patches_of(app: Relais, event: Event) -> list[dict[str, str]]:
    use_templates(app.templates)
    found: list[dict[str, str]] = orjson.loads(await encode(event, ("en", True)))["patches"]
    return found


async def test_programs_read_who_took_it_up(site: str, cast: Cast) -> None:
    topic, reply = await an_answer(cast)
    alice, bob = await cast.alice(), await signed_in(site, "bob")
    await accept_answer(alice, await seen(alice, reply))
    eve = await signed_in(site, "eve")
    town = await verified(await cast.eve(), SAINT_LOUP)
    program = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
    address = f"/posts/{reply.id}/reuses"
    wish = {"organisation_id": str(town), "state": "testing", "cost": "4 200 €"}
    assert (await eve.client.post(address, data=wish, headers=program)).status_code == 200
    assert (await eve.client.post(address, data=wish, headers=program)).status_code == 409
    shape = (await bob.client.get(f"{address}.json")).json()
    assert (shape["reuse_count"], shape["reuses"][0]["cost"]) == (1, 4200)
    assert shape["reuses"][0]["organisation"]["slug"] == SAINT_LOUP
    assert (await bob.client.get(f"/posts/{reply.id}.json")).json()["reuse_count"] == 1
    refused = await bob.client.post(address, data=wish, headers=program)
    assert (refused.status_code, "two colleagues" in refused.json()["errors"][0]) == (403, True)
    first = (await bob.client.get(f"/t/{topic.id}.json")).json()["post_stream"]["posts"][0]
    assert "reuse_count" not in first
    assert (await bob.client.get(f"/posts/{first['id']}/reuses.json")).status_code == 404


async def test_whoever_speaks_for_two_organisations_chooses(site: str, cast: Cast) -> None:
    item, viewer = await a_sheet(cast), await cast.bob()
    one, other = await verified(viewer, SAINT_LOUP), await verified(viewer, BEZAC)
    bob = await signed_in(site, "bob")
    for number in (one, other):
        address = f"/posts/{item.post_id}/reuses"
        assert (await bob.post(address, organisation_id=str(number), state="studied")).status_code == 303
        page = (await bob.get(f"{address}?organisation={number}")).text
        assert f'name="organisation_id" value="{number}"' in page
    assert page.count('class="reuse"') == 2


async def test_a_form_without_an_organisation_is_refused_with_the_ways(site: str, cast: Cast) -> None:
    item = await a_sheet(cast)
    bob = await signed_in(site, "bob")
    for number in ("", str(await organisation(ORMOY))):
        answer = await bob.post(f"/posts/{item.post_id}/reuses", organisation_id=number, state="studied")
        assert answer.status_code == 403
        assert "a code is sent to its official address" in answer.text


@pytest.mark.parametrize("who", ["visitor", "eve", "mod"])
async def test_of_a_restricted_theme_outsiders_learn_nothing(
    site: str, cast: Cast, app: Relais, who: str
) -> None:
    """Page, JSON, count, tree, organisation's page, lists, alerts, live."""
    item, viewer = await a_sheet(cast, private=True), await cast.bob()
    town = await verified(viewer, SAINT_LOUP)
    outsider = at(site) if who == "visitor" else await signed_in(site, who)
    town_pages = (f"/o/{SAINT_LOUP}", f"/o/{SAINT_LOUP}.json")
    there = ("/", "/latest.json", "/latest?kind=sheet", "/notifications", *town_pages)
    before = [(await outsider.get(path)).text for path in there]
    await declared(viewer, item, town, changes=SECRET)
    assert [_less_ids(a) for a in before] == [_less_ids((await outsider.get(path)).text) for path in there]
    for path in ("reuses", "reuses.json"):
        hidden = await outsider.get(f"/posts/{item.post_id}/{path}")
        absent = await outsider.get(f"/posts/987654/{path}")
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert SECRET not in hidden.text
    person = await (cast.visitor() if who == "visitor" else cast.viewer(who))
    for event in [one for one in await events() if one.kind == "reuse.changed"]:
        assert SURFACES[event.channel.partition(":")[0]] != "user"
        may_hear = await audience(event.channel)
        assert may_hear is not None
        assert not may_hear(Identity("", data=person)), event.channel
    alice = await signed_in(site, "alice")
    assert SECRET in (await alice.get(f"/posts/{item.post_id}/reuses")).text
    assert "What it took up from others" in (await alice.get(f"/o/{SAINT_LOUP}")).text


def _less_ids(text: str) -> str:
    """A page without what differs at each request."""
    return re.sub(r"[0-9a-f]{32}", "", text)


async def test_who_leaves_signs_no_more_and_is_contacted_no_more(cast: Cast) -> None:
    item, bob = await a_sheet(cast), await cast.bob()
    await declared(bob, item, await verified(bob, SAINT_LOUP), contact="Bob, town hall", changes="Less.")
    leaver = Leaver(bob.member_id, "bob", "Bob", "bob@example.org", "", cast.ids["ada"])
    async with log.transaction() as record:
        for step in HOLDINGS["reuses"].erase:
            while await step(leaver, record):
                pass
    (row,) = await sql("SELECT user_id, contact, changes FROM reuses")
    assert (row["user_id"], row["contact"], row["changes"]) == (cast.ids["ada"], None, "Less.")
