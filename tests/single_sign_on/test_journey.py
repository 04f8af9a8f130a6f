"""Signing in through a real provider (Canaille), at a real browser."""

import time

import pytest
from axe_playwright_python.async_playwright import Axe
from joserfc import jwt
from joserfc.jwk import RSAKey
from playwright.async_api import BrowserContext, Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.queries import id_of_member
from forum.single_sign_on.configuration import ProviderConfig
from forum.single_sign_on.sign_outs import EVENT
from realtime.sql import sql
from tests.cast import PASSWORD as OWN_PASSWORD
from tests.cast import Cast, give_password
from tests.people import at
from tests.servers.provider import PASSWORD
from tests.system.test_accessibility import RULES, no_sideways_scroll

BUTTON = "Sign in with ProConnect"


async def at_provider(page: Page, site: str, who: str, answer: str = "accept") -> None:
    """Press the button, sign in at the provider, answer what it asks."""
    await page.goto(f"{site}/session/new")
    await page.get_by_role("link", name=BUTTON).click()
    await page.locator("input[name=login]").fill(who)
    await page.locator("button[type=submit]").last.click()
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("button[type=submit]").last.click()
    consent = page.locator(f"#{answer}")
    await expect(consent.or_(page.locator("a[href='#content']")).first).to_be_attached()
    if await consent.count():
        await consent.click()


async def a_browser(new_context: CreateContextCallback, scripts: bool = False) -> BrowserContext:
    return await new_context(java_script_enabled=scripts, locale="en")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("provider_config", [{}, {"client_id": "relais-signed"}], indirect=True)
async def test_camille_joins_comes_back_and_leaves(
    site: str, cast: Cast, new_context: CreateContextCallback, scripts: bool
) -> None:
    """The second client's userinfo is a signed token, as ProConnect's is."""
    page = await (await a_browser(new_context, scripts)).new_page()
    await at_provider(page, site, "camille")
    await expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    await expect(page.locator("main")).to_contain_text("13002526500013")
    await expect(page.get_by_label("Your name")).to_have_value("Camille Durand")
    await expect(page.get_by_label("User name")).to_have_value("camille.durand")
    await page.get_by_label("I have read the charter").check()
    await page.get_by_role("button", name="Create my account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")
    await page.goto(f"{site}/preferences/sessions")
    await expect(page.locator("main")).to_contain_text("through ProConnect")
    await page.goto(f"{site}/preferences/account")
    await expect(page.locator("main")).to_contain_text("Bureau des élections")
    await expect(page.get_by_role("button", name="Unlink this identity")).to_have_count(0)
    await page.goto(f"{site}/u/camille.durand")
    await page.locator("main").get_by_role("button", name="Sign out").click()
    await expect(page).to_have_url(f"{site}/")
    await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    await at_provider(page, site, "camille")  # the provider asks for the password again: it was left too
    await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")
    rows = await sql("SELECT username, email, name, admin, moderator FROM users WHERE email LIKE 'camille@%'")
    assert [row["username"] for row in rows] == ["camille.durand"]
    assert not rows[0]["admin"]
    assert not rows[0]["moderator"]


async def test_camille_leaves_the_provider_and_is_out_here_too(
    site: str,
    cast: Cast,
    new_context: CreateContextCallback,
    issuer: str,
    provider_key: RSAKey,
    provider_config: ProviderConfig,
) -> None:
    """Canaille tells nobody of its sign-outs: its own key signs what a provider that does would say."""
    page = await (await a_browser(new_context, True)).new_page()
    await at_provider(page, site, "camille")
    await page.get_by_label("I have read the charter").check()
    await page.get_by_role("button", name="Create my account").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Latest topics")
    (row,) = await sql("SELECT issuer, subject FROM provider_sessions")
    assert row["issuer"] == issuer
    claims = {
        "iss": issuer, "aud": [provider_config.client_id], "sub": row["subject"], "iat": int(time.time()),
        "exp": int(time.time()) + 120, "jti": "first", "events": {EVENT: {}},
    }  # fmt: skip
    header = {"alg": "RS256", "typ": "logout+jwt", "kid": provider_key.kid}
    token = jwt.encode(header, claims, provider_key)
    program = at(site).client
    answer = await program.post("/auth/oidc/backchannel-logout", data={"logout_token": token})
    assert answer.status_code == 200, answer.text
    assert not await sql("SELECT 1 FROM sessions")
    await page.goto(f"{site}/preferences/sessions")
    await expect(page.get_by_role("link", name=BUTTON)).to_be_visible()


async def test_bob_who_has_an_account_signs_in_to_it_once_before_it_is_linked(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    """Mail-claim takeover: the same address is not the same person until the password says so."""
    await give_password("bob")
    page = await (await a_browser(new_context)).new_page()
    await at_provider(page, site, "bob")
    await expect(page.locator("main")).to_contain_text("already has your address")
    await expect(page.get_by_role("button", name="Create my account")).to_have_count(0)
    assert not await sql("SELECT 1 FROM sessions")
    await page.get_by_role("link", name="Sign in to link it").click()
    await page.get_by_label("User name or e-mail address").fill("bob")
    await page.get_by_label("Password").fill(OWN_PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in").first.click()
    await page.get_by_role("button", name="Link it to @bob").click()
    await expect(page.get_by_text("Your identity is linked")).to_be_visible()
    (row,) = await sql("SELECT user_id FROM user_associated_accounts")
    assert row["user_id"] == await id_of_member("bob")
    await page.get_by_role("button", name="Unlink this identity").click()
    await expect(page.get_by_text("no longer linked")).to_be_visible()
    assert not await sql("SELECT 1 FROM user_associated_accounts")
    # Somebody else may have done it: the owner is told of both.
    mails = await sql("SELECT to_address, payload FROM outbox WHERE kind = 'identity' ORDER BY id")
    assert [mail["to_address"] for mail in mails] == ["bob@example.org"] * 2


@pytest.mark.parametrize("provider_config", [{"client_id": "relais-refused"}], indirect=True)
async def test_whoever_refuses_at_the_provider_is_told_so_and_nothing_is_made(
    site: str, cast: Cast, new_context: CreateContextCallback
) -> None:
    page = await (await a_browser(new_context)).new_page()
    await page.goto(f"{site}/session/new")
    await page.get_by_role("link", name=BUTTON).click()
    await page.locator("input[name=login]").fill("dominique")
    await page.locator("button[type=submit]").last.click()
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.locator("button[type=submit]").last.click()
    await page.locator("#deny").click()
    await expect(page.get_by_role("alert")).to_contain_text("You did not let ProConnect")
    assert not await sql("SELECT 1 FROM sessions")


@pytest.mark.parametrize("width", [320, 1280])
async def test_the_pages_have_no_fault_that_a_machine_finds(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int
) -> None:
    context = await new_context(locale="fr-FR", viewport={"width": width, "height": 800}, bypass_csp=True)
    page = await context.new_page()
    await page.goto(f"{site}/session/new")
    await expect(page.get_by_role("link", name="S’identifier avec ProConnect")).to_be_visible()
    for path in ("/session/new", "/auth/oidc/callback"):
        await page.goto(site + path)
        await no_fault(page, path)
    # Coming back from there leads home.
    await page.goto(f"{site}/auth/signed-out")
    await expect(page).to_have_url(f"{site}/")


@pytest.mark.parametrize("width", [320, 1280])
async def test_the_page_of_whoever_arrives_has_none_either(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int
) -> None:
    context = await new_context(locale="en", viewport={"width": width, "height": 800}, bypass_csp=True)
    page = await context.new_page()
    await at_provider(page, site, "camille")
    await expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    await no_fault(page, "arrival")
    await page.get_by_label("User name").fill("a b")
    await page.get_by_label("I have read the charter").check()
    await page.get_by_role("button", name="Create my account").click()
    await expect(page.get_by_label("User name")).to_have_attribute("aria-invalid", "true")
    await no_fault(page, "arrival, refused")


async def no_fault(page: Page, name: str) -> None:
    await no_sideways_scroll(page, name)
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
