"""The live page of administrators: figures that are true, that move by themselves, and that name nobody."""

import re
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.administration.words import channel_words, end_words
from forum.app import Relais
from forum.channels import DOORMEN
from forum.i18n import speaking
from realtime import log
from realtime.protocol import codes
from realtime.sql import sql
from tests.cast import Cast
from tests.factories import a_question, a_reply
from tests.people import signed_in
from tests.realtime.test_live import Socket, live
from tests.system import people
from tests.system.test_accessibility import RULES, no_sideways_scroll
from tests.waiting import until


def figure(html: str, name: str) -> str:
    """One figure of the page, as it is read."""
    found = re.search(rf'data-figure="{name}">([^<]*)<', html)
    assert found, f"there is no {name}"
    return found[1]


async def test_ada_reads_how_many_listen_to_what_and_what_became_of_it(
    site: str, app: Relais, cast: Cast
) -> None:
    topic, ada = await a_question(cast), await signed_in(site, "ada")
    async with live(site) as first, live(site) as second:
        for socket, epoch in ((first, ""), (second, "another")):
            visitor = Socket(socket)
            await visitor.ask("connect")
            channel = f"topic:{topic.id}"
            await visitor.ask("subscribe", channel=channel, recover=True, offset=0, epoch=epoch)
        await a_reply(cast, topic)
        await first.recv()
        await second.recv()
        page = (await ada.get("/admin/live")).text
    for name, value in {
        "connections": "2", "visitors": "2", "members": "0", "programs": "0", "heard-topic": "2",
        "deliveries": "2", "asked": "2", "granted": "1", "refused": "1", "connects": "2", "slow": "0",
        "between": "nothing to carry", f"{app.hub.roster.me}-subscriptions": "2",
    }.items():  # fmt: skip
        assert figure(page, name) == value, name
    assert "Kept for 7 days." in page
    assert figure(page, "epoch") == (await log.positions(["latest"]))["latest"].epoch


async def test_the_page_holds_figures_and_no_trace_of_who_or_what(site: str, cast: Cast) -> None:
    topic, ada = (
        await a_question(cast, private=True, title="A zanzibar in the register"),
        await signed_in(site, "ada"),
    )
    alice = await signed_in(site, "alice")
    cookie = f"relais={alice.client.cookies['relais']}"
    async with live(site, Cookie=cookie, Origin=site) as socket:
        await Socket(socket).ask("connect")
        await Socket(socket).ask("subscribe", channel=f"topic:{topic.id}")
        page = (await ada.get("/admin/live")).text
    state = page[page.index("<live-state>") :]
    assert figure(page, "members") == "1"
    for trace in ("alice", "zanzibar", "127.0.0.1", f"topic:{topic.id}", f"user:{cast.ids['alice']}"):
        assert trace not in state.lower(), trace


async def call(site: str, cookie: str = "", **connect: Any) -> dict[str, Any]:
    """Call the method, as whoever the cookie or the token says."""
    headers = {"Cookie": f"relais={cookie}", "Origin": site} if cookie else {}
    async with live(site, **headers) as socket:
        client = Socket(socket)
        await client.ask("connect", **connect)
        absent = await client.ask("rpc", method="nothing")
        answer = await client.ask("rpc", method="live_state")
    return {**answer, "like nothing": answer.get("error") == absent["error"]}


@pytest.mark.parametrize("who", ["visitor", "alice", "mod"])
async def test_to_others_the_call_is_one_that_does_not_exist(site: str, cast: Cast, who: str) -> None:
    cookie = "" if who == "visitor" else (await signed_in(site, who)).client.cookies["relais"]
    answer = await call(site, cookie)
    assert answer["like nothing"]
    assert answer["error"]["code"] == 104


async def test_ada_is_told_in_the_language_of_her_page(site: str, cast: Cast) -> None:
    cookie = (await signed_in(site, "ada")).client.cookies["relais"]
    english = await call(site, cookie, data={"locale": "en"})
    french = await call(site, cookie, data={"locale": "fr"})
    assert "Who listens" in english["rpc"]["data"]["html"]
    assert "Qui écoute" in french["rpc"]["data"]["html"]


async def test_ada_is_refused_as_soon_as_she_is_no_administrator(site: str, cast: Cast) -> None:
    cookie = (await signed_in(site, "ada")).client.cookies["relais"]
    async with live(site, Cookie=f"relais={cookie}", Origin=site) as socket:
        ada = Socket(socket)
        await ada.ask("connect")
        assert "rpc" in await ada.ask("rpc", method="live_state")
        await sql("UPDATE users SET admin = {0} WHERE username = 'ada'", False)
        assert (await ada.ask("rpc", method="live_state"))["error"]["code"] == 104


def test_every_channel_and_every_end_is_explained() -> None:
    ends = {value[0] for value in vars(codes).values() if isinstance(value, tuple) and value[0] >= 3000}
    for locale in ("fr", "en"):
        with speaking(locale):
            assert not [name for name in DOORMEN if channel_words(name) == name]
            assert not [code for code in (0, *ends) if end_words(code) == end_words(4999)]


# At a browser


async def at_the_page(context: BrowserContext, site: str, cast: Cast) -> Page:
    page = await people.signed_in(context, site, "ada")
    await page.goto(f"{site}/admin/live")
    await people.connected(page, f"user:{cast.ids['ada']}")
    return page


def shown(page: Page, name: str) -> Any:
    return page.locator(f'[data-figure="{name}"]')


async def with_a_clock(context: BrowserContext, site: str, cast: Cast) -> tuple[Page, list[str]]:
    """The page, whose time a test may let go by, and what it asks for."""
    asked: list[str] = []

    def note(frame: str | bytes) -> None:
        if "live_state" in str(frame):
            asked.append(str(frame))

    context.on("page", lambda page: page.on("websocket", lambda socket: socket.on("framesent", note)))
    await context.clock.install()
    page = await at_the_page(context, site, cast)
    await page.clock.run_for(2_000)
    await until(lambda: bool(asked))
    return page, asked


async def goes_by_unasked(page: Page, asked: list[str]) -> None:
    """Ten seconds go by, and nothing is asked for."""
    before = len(asked)
    await page.clock.run_for(10_000)
    await page.evaluate("document.readyState")
    assert len(asked) == before


async def test_the_figures_move_by_themselves_until_they_are_paused(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page, asked = await with_a_clock(context, site, cast)
    await expect(shown(page, "members")).to_have_text("1")
    pause = page.get_by_role("button", name="Pause the updates")
    async with live(site) as socket:
        visitor = Socket(socket)
        await visitor.ask("connect")
        await expect(shown(page, "visitors")).to_have_text("1")
        await visitor.ask("subscribe", channel="latest")
        await expect(shown(page, "heard-latest")).to_have_text("1")
        await pause.click()
        await expect(pause).to_have_attribute("aria-pressed", "true")
    await goes_by_unasked(page, asked)
    await expect(shown(page, "visitors")).to_have_text("1")
    await pause.click()
    await expect(shown(page, "visitors")).to_have_text("0")


async def test_what_a_screen_reader_is_reading_stays_and_nothing_is_announced(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page = await at_the_page(context, site, cast)
    await page.evaluate("window.before = document.querySelector('[data-figure=connections]')")
    async with live(site) as socket:
        await Socket(socket).ask("connect")
        await expect(shown(page, "connections")).to_have_text("2")
    assert await page.evaluate("window.before.isConnected")
    live_regions = "[aria-live], [role=status], [role=alert], [role=log]"
    assert await page.locator("live-state").locator(live_regions).count() == 0
    await expect(page.locator("[data-polite]")).to_have_text("")


async def test_a_hidden_tab_asks_for_nothing(site: str, cast: Cast, context: BrowserContext) -> None:
    page, asked = await with_a_clock(context, site, cast)
    away = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })"
    await page.evaluate(away)
    await goes_by_unasked(page, asked)
    before = len(asked)
    await page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    await until(lambda: len(asked) > before)


async def test_the_page_of_who_is_no_administrator_any_more_stops_asking(
    site: str, cast: Cast, context: BrowserContext
) -> None:
    page, asked = await with_a_clock(context, site, cast)
    await sql("UPDATE users SET admin = {0} WHERE username = 'ada'", False)
    await expect(page.get_by_role("button", name="Pause the updates")).to_be_hidden()
    await goes_by_unasked(page, asked)


async def test_without_scripts_the_page_is_whole_and_has_no_dead_button(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    page = await people.signed_in(await new_context(java_script_enabled=False), site, "ada")
    await page.get_by_text("Ada").first.click()
    await page.get_by_role("link", name="Administration").click()
    await page.get_by_role("link", name="Live, right now").click()
    await expect(shown(page, "connections")).to_have_text("0")
    await expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    await page.get_by_role("link", name="Refresh").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Live, right now")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_has_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, scheme: str
) -> None:
    context = await new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = await at_the_page(context, site, cast)
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    await no_sideways_scroll(page, "live")
