"""Signing in through a real provider (Canaille): in both languages, with scripts and without."""

import time
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from joserfc import jwt
from joserfc.jwk import RSAKey
from playwright.async_api import Page, expect
from pytest_playwright_asyncio.pytest_playwright import CreateContextCallback

from forum.accounts.queries import id_of_member
from forum.i18n import gettext, speaking
from forum.single_sign_on.configuration import ProviderConfig
from forum.single_sign_on.sign_outs import EVENT
from realtime.sql import sql
from tests.cast import PASSWORD as OWN_PASSWORD
from tests.cast import Cast, give_password
from tests.people import at
from tests.servers.provider import PASSWORD
from tests.system.test_accessibility import RULES, no_sideways_scroll

BUTTON = "Sign in with %(name)s"


class Browser:
    """One person's, who reads one language."""

    def __init__(self, page: Page, site: str, locale: str) -> None:
        self.page, self.site, self._locale = page, site, locale

    def says(self, sentence: str, **values: str) -> str:
        """A sentence of the site in the language of the page."""
        with speaking(self._locale):
            return gettext(sentence) % values if values else gettext(sentence)

    async def go(self, path: str) -> None:
        await self.page.goto(self.site + path)

    async def fill(self, label: str, value: str) -> None:
        await self.page.locator("main").get_by_label(self.says(label), exact=True).fill(value)

    async def press(self, name: str, **values: str) -> None:
        button = self.page.locator("main").get_by_role("button", name=self.says(name, **values))
        await button.first.click()

    async def headed(self, title: str) -> None:
        """The page has this title, in the language that its reader speaks."""
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(self.says(title))
        await expect(self.page.locator("html")).to_have_attribute("lang", self._locale)

    async def shows(self, sentence: str, **values: str) -> None:
        await expect(self.page.locator("main")).to_contain_text(self.says(sentence, **values))

    async def at_provider(self, who: str, answer: str = "accept") -> None:
        """Press the button, sign in at the provider, answer what it asks."""
        await self.go("/session/new")
        await self.page.get_by_role("link", name=self.says(BUTTON, name="ProConnect")).click()
        await self._enter("login", who)
        await self._enter("password", PASSWORD)
        consent = self.page.locator(f"#{answer}")
        await expect(consent.or_(self.page.locator("a[href='#content']")).first).to_be_attached()
        if await consent.count():
            await consent.click()

    async def _enter(self, field: str, value: str) -> None:
        """One step of the provider's, once its scripts have arranged the page: a press before is lost."""
        await self.page.locator(f"input[name={field}]").fill(value)
        await self.page.wait_for_load_state("networkidle")
        await self.page.locator("button[type=submit]").last.click()

    async def joins(self) -> None:
        """Accept the charter and make the account that the identity proposes."""
        await self.page.get_by_label(self.says("I have read the charter and accept it.")).check()
        await self.press("Create my account")
        await self.headed("Latest topics")


async def a_browser(
    new_context: CreateContextCallback, site: str, locale: str = "en", scripts: bool = False, **more: Any
) -> Browser:
    context = await new_context(java_script_enabled=scripts, locale=locale, **more)
    return Browser(await context.new_page(), site, locale)


SIGNED = {"client_id": "relais-signed"}


@pytest.mark.parametrize(
    ("provider_config", "locale", "scripts"),
    [({}, "en", True), (SIGNED, "en", False), (SIGNED, "fr", True), ({}, "fr", False)],
    indirect=["provider_config"],
)
async def test_camille_joins_comes_back_and_leaves(
    site: str, cast: Cast, new_context: CreateContextCallback, locale: str, scripts: bool
) -> None:
    """The second client's userinfo is a signed token, as ProConnect's is."""
    camille = await a_browser(new_context, site, locale, scripts)
    page = camille.page
    await camille.at_provider("camille")
    await camille.headed("One more step")
    await camille.shows("13002526500013")
    await expect(page.get_by_label(camille.says("Your name"))).to_have_value("Camille Durand")
    await expect(page.get_by_label(camille.says("User name"))).to_have_value("camille.durand")
    await camille.joins()
    await camille.go("/preferences/sessions")
    await camille.shows("through %(name)s", name="ProConnect")
    await camille.go("/preferences/account")
    await camille.shows("Bureau des élections")
    unlink = camille.says("Unlink this identity")
    await expect(page.get_by_role("button", name=unlink)).to_have_count(0)
    await camille.go("/u/camille.durand")
    await camille.press("Sign out")
    await expect(page).to_have_url(f"{site}/")
    await expect(page.get_by_role("link", name=camille.says("Sign in")).first).to_be_visible()
    await camille.at_provider("camille")  # the provider asks for the password again: it was left too
    await camille.headed("Latest topics")
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
    camille = await a_browser(new_context, site, scripts=True)
    await camille.at_provider("camille")
    await camille.joins()
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
    await camille.go("/preferences/sessions")
    button = camille.says(BUTTON, name="ProConnect")
    await expect(camille.page.get_by_role("link", name=button)).to_be_visible()


@pytest.mark.parametrize(("locale", "scripts"), [("en", False), ("fr", True)])
async def test_bob_who_has_an_account_signs_in_to_it_once_before_it_is_linked(
    site: str, cast: Cast, new_context: CreateContextCallback, locale: str, scripts: bool
) -> None:
    """Mail-claim takeover: the same address is not the same person until the password says so."""
    await give_password("bob")
    bob = await a_browser(new_context, site, locale, scripts)
    await bob.at_provider("bob")
    await bob.shows("An account here already has your address: sign in to it once to link it.")
    join = bob.says("Create my account")
    await expect(bob.page.get_by_role("button", name=join)).to_have_count(0)
    assert not await sql("SELECT 1 FROM sessions")
    await bob.page.get_by_role("link", name=bob.says("Sign in to link it")).click()
    await bob.fill("User name or e-mail address", "bob")
    await bob.fill("Password", OWN_PASSWORD)
    await bob.press("Sign in")
    await bob.press("Link it to @%(username)s", username="bob")
    linked = bob.says("Your identity is linked: you can sign in with it.")
    await expect(bob.page.get_by_text(linked)).to_be_visible()
    (row,) = await sql("SELECT user_id FROM user_associated_accounts")
    assert row["user_id"] == await id_of_member("bob")
    await bob.press("Unlink this identity")
    unlinked = bob.says("Your identity is no longer linked to this account.")
    await expect(bob.page.get_by_text(unlinked)).to_be_visible()
    assert not await sql("SELECT 1 FROM user_associated_accounts")
    # Somebody else may have done it: the owner is told of both.
    mails = await sql("SELECT to_address, payload FROM outbox WHERE kind = 'identity' ORDER BY id")
    assert [mail["to_address"] for mail in mails] == ["bob@example.org"] * 2


REFUSED = "You did not let %(name)s tell this site who you are, or it refused. Nothing was changed."


@pytest.mark.parametrize("provider_config", [{"client_id": "relais-refused"}], indirect=True)
@pytest.mark.parametrize("locale", ["en", "fr"])
async def test_whoever_refuses_at_the_provider_is_told_so_and_nothing_is_made(
    site: str, cast: Cast, new_context: CreateContextCallback, locale: str
) -> None:
    dominique = await a_browser(new_context, site, locale)
    await dominique.at_provider("dominique", "deny")
    told = dominique.says(REFUSED, name="ProConnect")
    await expect(dominique.page.get_by_role("alert")).to_contain_text(told)
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


@pytest.mark.parametrize(("width", "locale"), [(320, "fr"), (1280, "en")])
async def test_the_page_of_whoever_arrives_has_none_either(
    site: str, cast: Cast, new_context: CreateContextCallback, width: int, locale: str
) -> None:
    viewport = {"width": width, "height": 800}
    camille = await a_browser(new_context, site, locale, scripts=True, viewport=viewport, bypass_csp=True)
    page = camille.page
    await camille.at_provider("camille")
    await camille.headed("One more step")
    await no_fault(page, "arrival")
    await camille.fill("User name", "a b")
    await page.get_by_label(camille.says("I have read the charter and accept it.")).check()
    await camille.press("Create my account")
    username = page.locator("main").get_by_label(camille.says("User name"), exact=True)
    await expect(username).to_have_attribute("aria-invalid", "true")
    await no_fault(page, "arrival, refused")


async def no_fault(page: Page, name: str) -> None:
    await no_sideways_scroll(page, name)
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
