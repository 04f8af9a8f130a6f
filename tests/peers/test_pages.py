"""Alice puts her question to her peers and Berthe hears of it; each state of the page, without scripts."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.organisations.actions import join_organisation
from forum.settings.actions import change_setting
from tests.cast import Cast
from tests.factories import a_question
from tests.peers.making import a_follower, an_asker, told
from tests.people import at, signed_in
from tests.reuses.making import BEZAC, SAINT_LOUP, a_clerk, organisation
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll


async def test_each_state_says_what_one_may_do(site: str, cast: Cast) -> None:
    first, second = await a_question(cast), await a_question(cast)
    path, again = f"/t/{first.id}/peers", f"/t/{second.id}/peers"
    alice = await signed_in(site, "alice")
    assert "First say for which organisation you work" in (await alice.get(path)).text
    assert (await alice.get(f"{path}.json")).json()["state"] == "no_organisation"
    town = await organisation(SAINT_LOUP)
    await join_organisation(await cast.alice(), town, "clerk")
    unverified = (await alice.get(path)).text
    assert "First show that you work at Saint-Loup-sur-Vouvre" in unverified
    assert "a code is sent to its official address" in unverified
    refused = await alice.post(path)
    assert refused.status_code == 403
    assert "Only a verified member" in refused.text
    await an_asker(cast)
    nobody = await alice.post(path)
    assert nobody.status_code == 409
    assert "Nobody of an organisation like yours follows this theme yet." in nobody.text
    assert '<form method="post" action="/t/' not in nobody.text.split("</h1>")[1].split("</section>")[0]
    await a_follower(cast, BEZAC, "berthe")
    ready = (await alice.get(path)).text
    assert "Ask 1 organisation, 1 person" in ready
    assert "Bézac" not in ready, "what somebody follows is theirs to know"
    await change_setting(await cast.ada(), "peer_requests", "1")
    done = await alice.post(path)
    assert done.headers["location"] == f"{path}?asked"
    assert "You asked: 1 organisation, 1 person." in (await alice.get(path)).text
    assert "You asked: 1 organisation, 1 person." in (await alice.get(f"/t/{first.id}")).text
    twice = await alice.post(path)
    assert twice.status_code == 409
    assert "It is possible again:" in (await alice.get(again)).text
    limit = await alice.post(again)
    assert limit.status_code == 429
    assert "possible again in" in limit.text
    facts = (await alice.get(f"{again}.json")).json()
    assert (facts["state"], facts["people"]) == ("limit", 0)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", facts["possible_at"])
    facts = (await alice.get(f"{path}.json")).json()
    assert (facts["state"], facts["organisations"], facts["people"]) == ("asked", 1, 1)


async def test_nobody_else_is_shown_the_way_or_told_whom_she_asked(site: str, cast: Cast) -> None:
    question = await a_question(cast, await an_asker(cast))
    for name in ("bob", "mod"):
        other = await signed_in(site, name)
        assert "/peers" not in (await other.get(f"/t/{question.id}")).text
        for path in (f"/t/{question.id}/peers", f"/t/{question.id}/peers.json"):
            assert (await other.get(path)).status_code == 403
        assert (await other.post(f"/t/{question.id}/peers")).status_code == 403
    assert (await at(site).get(f"/t/{question.id}/peers")).status_code == 403


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
async def test_alice_asks_her_peers_and_berthe_answers(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    await a_follower(cast, BEZAC, "berthe")
    question = await a_question(cast, await an_asker(cast), title="Who mends the roof of the school?")
    size = {"width": width, "height": 800}
    alice = await people.signed_in(
        await new_context(viewport=size, color_scheme=scheme, bypass_csp=True), site, "alice"
    )
    berthe = await people.signed_in(await new_context(viewport=size), site, "berthe")
    await alice.goto(f"{site}/t/{question.id}")
    await alice.get_by_role("link", name="Ask my peers").click()
    found = await Axe().run(alice, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(alice, "peers")
    await alice.get_by_role("button", name="Ask 1 organisation, 1 person").click()
    await expect(alice.get_by_text("You asked: 1 organisation, 1 person.")).to_be_visible()
    await expect(berthe.locator("#badge, #badge-bar").locator("visible=true")).to_contain_text("1")
    await berthe.goto(f"{site}/notifications")
    await expect(berthe.get_by_text("commune, 812 inhabitants, 14 km away")).to_be_visible()
    await berthe.get_by_role("link", name="Alice asks organisations like yours").click()
    await berthe.get_by_label("Text of the reply").fill("We had it mended in May.")
    await people.reply_button(berthe).click()
    await expect(berthe.get_by_text("We had it mended in May.")).to_be_visible()
    await alice.goto(f"{site}/t/{question.id}")
    await expect(alice.get_by_text("We had it mended in May.")).to_be_visible()


async def test_without_scripts_alice_asks_and_berthe_who_follows_the_theme_answers(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    await a_clerk(BEZAC, "berthe")
    question = await a_question(cast, await an_asker(cast), title="Who mends the roof of the school?")
    alice = await people.signed_in(await new_context(java_script_enabled=False), site, "alice")
    berthe = await people.signed_in(await new_context(java_script_enabled=False), site, "berthe")
    await alice.goto(f"{site}/t/{question.id}/peers")
    nobody = "Nobody of an organisation like yours follows this theme yet."
    await expect(alice.get_by_text(nobody)).to_be_visible()
    await berthe.goto(f"{site}/c/school-meals/{cast.theme.id}")
    await berthe.get_by_label("How closely").select_option("Track: count the unread")
    await berthe.get_by_role("region", name="Follow this theme").get_by_role("button", name="Save").click()
    await alice.reload()
    await alice.get_by_role("button", name="Ask 1 organisation, 1 person").click()
    await expect(alice.get_by_text("You asked: 1 organisation, 1 person.")).to_be_visible()
    assert await told() == ["berthe"]
    await berthe.goto(f"{site}/notifications")
    await berthe.get_by_role("link", name="Alice asks organisations like yours").click()
    await berthe.get_by_label("Text of the reply").fill("We had it mended in May.")
    await people.reply_button(berthe).click()
    await alice.goto(f"{site}/t/{question.id}")
    await expect(alice.get_by_text("We had it mended in May.")).to_be_visible()
