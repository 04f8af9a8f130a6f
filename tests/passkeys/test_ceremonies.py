"""Passkeys at a real browser: made, used alone and as a second step, taken away; no copy, no replay."""

import asyncio
import json
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote_plus

from playwright.async_api import BrowserContext, Page, Request, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.actions import suspend_member
from forum.clock import now
from forum.erasures.actions import ask_for_erasure
from forum.passkeys.ceremonies import party_at
from realtime.sql import sql
from tests.cast import PASSWORD, Cast
from tests.factors.phones import SET_UP, is_in
from tests.passkeys.authenticators import Authenticator
from tests.people import at
from tests.servers.smtp import PostBox
from tests.signups.entering import mail_to, text_of
from tests.system.people import signed_in

Later = Callable[..., None]


async def add(page: Page, named: str, name: str) -> None:
    """Add a passkey from the page of factors."""
    await page.goto(named + SET_UP)
    await page.get_by_label("Name of the key").fill(name)
    await page.get_by_role("button", name="Add a passkey").click()


async def sign_out(page: Page) -> None:
    """As at the menu."""
    await page.locator(".menu summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


async def with_password(page: Page, named: str) -> None:
    """Bob gives his name and password."""
    await page.goto(f"{named}/session/new")
    await page.get_by_label("User name or e-mail address").fill("bob")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


async def test_bob_adds_a_passkey_and_signs_in_with_it_alone(
    named: str, cast: Cast, box: PostBox, context: BrowserContext
) -> None:
    page = await signed_in(context, named, "bob")
    device = await Authenticator.plugged_in(page)
    await add(page, named, "Office computer")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    await expect(page.locator(".codes li")).to_have_count(10)
    await page.get_by_role("link", name="I have kept them").click()
    await expect(page.get_by_role("heading", name="Office computer")).to_be_visible()
    assert "“Office computer” can now be used" in text_of(await mail_to(box, "bob@example.org"))
    (key,) = await device.keys()
    assert key["isResidentCredential"]
    await sign_out(page)
    await page.goto(f"{named}/session/new?return_to=/categories")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Themes")
    await page.goto(named + SET_UP)
    await expect(page.locator(".session")).to_contain_text("last used:")
    assert len(await sql("SELECT 1 FROM sessions WHERE user_id = {0}", cast.ids["bob"])) == 1


async def test_a_key_alone_calls_an_erasure_off_and_it_is_said(
    named: str, cast: Cast, context: BrowserContext
) -> None:
    page = await signed_in(context, named, "bob")
    await Authenticator.plugged_in(page)
    await add(page, named, "Office computer")
    await expect(page.locator(".codes li")).to_have_count(10)
    await ask_for_erasure(await cast.bob(), PASSWORD, "bob", named)
    await page.goto(f"{named}/session/new?return_to=/categories")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_text("You have signed in: your account is kept.")).to_be_visible()
    assert not await sql("SELECT 1 FROM erasures")


async def test_a_security_key_is_a_second_step_only(named: str, cast: Cast, context: BrowserContext) -> None:
    page = await signed_in(context, named, "bob")
    await Authenticator.plugged_in(page, verifies=False)
    await add(page, named, "")
    await expect(page.locator(".codes li")).to_have_count(10)
    await sign_out(page)
    await page.goto(f"{named}/session/new")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_text("The key was not used.")).to_be_visible()
    await with_password(page, named)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    await page.get_by_role("button", name="Use a passkey or a security key").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")


async def test_of_several_keys_each_is_taken_away_alone(
    named: str, cast: Cast, box: PostBox, context: BrowserContext
) -> None:
    page = await signed_in(context, named, "bob")
    await Authenticator.plugged_in(page)
    await add(page, named, "First")
    await expect(page.locator(".codes li")).to_have_count(10)
    await add(page, named, "Again, on the same device")
    await expect(page.get_by_text("The key was not used.")).to_be_visible()
    await Authenticator.plugged_in(page, verifies=False)
    await add(page, named, "Second")
    await expect(page.get_by_role("heading", name="Second", exact=True)).to_be_visible()
    assert "“Second”" in text_of(await mail_to(box, "bob@example.org", 2))
    await page.get_by_role("button", name=re.compile("Take away.*First")).click()
    await expect(page.get_by_role("heading", name="First")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Second", exact=True)).to_be_visible()
    assert "“First” opens nothing any more" in text_of(await mail_to(box, "bob@example.org", 3))
    assert len(await sql("SELECT 1 FROM recovery_codes")) == 10
    await page.get_by_role("button", name=re.compile("Take away.*Second")).click()
    await expect(page.get_by_text("You have none yet.")).to_be_visible()
    assert await sql("SELECT 1 FROM recovery_codes") == []


async def test_a_copied_key_is_known_by_its_count(named: str, cast: Cast, context: BrowserContext) -> None:
    page = await signed_in(context, named, "bob")
    device = await Authenticator.plugged_in(page)
    await add(page, named, "Office computer")
    await expect(page.locator(".codes li")).to_have_count(10)
    (copy,) = await device.keys()
    for _n in range(2):
        await sign_out(page)
        await page.goto(f"{named}/session/new")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")
    await sign_out(page)
    await device.copy_of(copy)
    await page.goto(f"{named}/session/new")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_text("This key does not open an account here.")).to_be_visible()


async def test_what_a_key_has_signed_opens_one_session_at_the_browser_that_asked(
    named: str, site: str, cast: Cast, context: BrowserContext, later: Later
) -> None:
    page = await signed_in(context, named, "bob")
    await Authenticator.plugged_in(page)
    await add(page, named, "Office computer")
    await expect(page.locator(".codes li")).to_have_count(10)
    await sign_out(page)
    await page.goto(f"{named}/session/new")
    sent: list[Request] = []
    await page.route("**/session/passkey", lambda route: (sent.append(route.request), route.abort())[1])
    await page.get_by_role("button", name="Sign in with a passkey").click()
    while not sent:
        await page.wait_for_timeout(20)
    (cookie,) = [one for one in await context.cookies(named) if one["name"] == "relais-passkey"]
    fields = dict(part.split("=", 1) for part in (sent[0].post_data or "").split("&"))
    answer = unquote_plus(fields["credential"])
    people = [at(named) for _n in range(10)]
    stranger = await people[0].post("/session/passkey", credential=answer)
    assert stranger.status_code == 422, "another browser"
    for person in people:
        person.client.cookies.set("relais-passkey", cookie["value"], domain="localhost.local")
    answers = await asyncio.gather(*(one.post("/session/passkey", credential=answer) for one in people))
    assert sorted(found.status_code for found in answers) == [303] + [422] * 9
    assert sum([await is_in(one) for one in people]) == 1
    for wrong in ("", "{}", "[]", "null", json.dumps({"id": "x"}), json.dumps({"id": 7}), answer[:-9], "\0"):
        assert (await people[0].post("/session/passkey", credential=wrong)).status_code == 422


async def test_a_suspended_member_enters_with_no_key_and_is_told_why(
    named: str, cast: Cast, context: BrowserContext
) -> None:
    page = await signed_in(context, named, "bob")
    await Authenticator.plugged_in(page)
    await add(page, named, "Office computer")
    await expect(page.locator(".codes li")).to_have_count(10)
    await suspend_member(await cast.mod(), cast.ids["bob"], now() + timedelta(days=7), "Enough.")
    await page.goto(f"{named}/session/new")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("suspended until")
    await expect(page.get_by_role("alert")).to_contain_text("Enough.")
    await expect(page.get_by_role("link", name="Appeal against the suspension")).to_be_visible()


async def test_a_site_called_by_a_number_offers_none(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    page = await (await new_context(locale="en")).new_page()
    await page.goto(f"{site}/session/new")
    await expect(page.get_by_label("Password")).to_be_visible()
    await expect(page.get_by_role("button", name="passkey")).to_have_count(0)
    assert (await at(site).post("/session/passkey/challenge")).status_code == 404


async def test_without_scripts_the_page_says_what_does(
    named: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    page = await signed_in(await new_context(java_script_enabled=False), named, "bob")
    await page.goto(named + SET_UP)
    await expect(page.get_by_role("button", name="Add a passkey")).to_have_count(0)
    await expect(page.get_by_text("An app and its codes do without.")).to_be_visible()


def test_the_party_is_the_sites_own_name() -> None:
    for address, id, origin in (
        ("https://Relais.example.fr", "relais.example.fr", "https://relais.example.fr"),
        ("https://relais.example.fr:443", "relais.example.fr", "https://relais.example.fr"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
    ):
        party = party_at(address)
        assert party is not None
        assert (party.id, party.origin) == (id, origin)
    for number in ("http://127.0.0.1:8000", "http://[::1]:8000"):
        assert party_at(number) is None
