"""What an enemy tries through single sign-on: refused with a sentence, and nobody is signed in."""

import tracemalloc
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response
from msgspec.structs import replace

from forum.accounts.actions import suspend_member
from forum.app import Relais, create_app
from forum.categories.queries import current_face
from forum.checks import check_services
from forum.config import Config
from forum.settings.actions import change_setting
from forum.single_sign_on import provider
from forum.single_sign_on.configuration import ProviderConfig, is_safe
from realtime.sql import sql
from tests.cast import PASSWORD, Cast, give_password
from tests.credentials.test_credentials import everything_sent
from tests.people import Person, at, signed_in
from tests.servers import rogue as forging
from tests.servers.rogue import CLIENT, SECRET, Rogue, running_rogue


@pytest.fixture
async def rogue() -> AsyncIterator[Rogue]:
    """The provider, or whoever has taken its place."""
    async with running_rogue() as found:
        yield found


@pytest.fixture
def app(config: Config, rogue: Rogue) -> Relais:
    """The site, that believes in it."""
    return create_app(replace(config, provider=ProviderConfig(rogue.issuer, CLIENT, SECRET)))


async def leave(person: Person, rogue: Rogue, return_to: str = "/") -> dict[str, str]:
    """Go to the provider; what the browser is asked to say there."""
    answer = await person.client.get("/auth/oidc", params={"return_to": return_to})
    assert answer.status_code == 303, answer.text
    said = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    rogue.challenge = said["code_challenge"]
    return said


async def come_back(person: Person, said: dict[str, str], **changed: str) -> Response:
    """Come back from there with its answer."""
    answer = {"state": said["state"], "code": said["nonce"], **changed}
    return await person.client.get("/auth/oidc/callback", params=answer)


async def there_and_back(person: Person, rogue: Rogue, return_to: str = "/") -> Response:
    """The whole way."""
    return await come_back(person, await leave(person, rogue, return_to))


async def link_bob(site: str, rogue: Rogue) -> Person:
    """Bob, whose identity there is linked to his account."""
    bob = await signed_in(site, "bob")
    assert (await there_and_back(bob, rogue)).headers["location"] == "/auth/arrival"
    assert (await bob.post("/auth/arrival/link", password="")).headers[
        "location"
    ] == "/preferences/account?linked"
    return bob


async def nobody_came_in() -> bool:
    """Whether there is no session and nobody who waits for one."""
    return not await sql("SELECT 1 FROM sessions") and not await sql("SELECT 1 FROM single_sign_on_arrivals")


async def join(person: Person, **fields: str) -> Response:
    """Make an account of the identity that has arrived."""
    charter = str(current_face().charter_version)
    typed = {"name": "Robert Durand", "username": "robert", "charter": charter, **fields}
    return await person.post("/auth/arrival/account", **typed)


LIES: dict[str, Callable[[Rogue], object]] = {
    "algorithm none": lambda rogue: setattr(rogue, "sign", forging.unsigned),
    "signed with the secret that both know": lambda r: setattr(r, "sign", forging.signed_with_the_secret),
    "another key": lambda rogue: setattr(rogue, "sign", forging.signed_by_another),
    "another issuer": lambda rogue: rogue.claims.update(iss="https://evil.example"),
    "another site's token": lambda rogue: rogue.claims.update(aud="another"),
    "authorized for another": lambda rogue: rogue.claims.update(aud=[CLIENT, "another"], azp="another"),
    "over": lambda rogue: rogue.claims.update(exp=1_000_000_000),
    "another nonce": lambda rogue: rogue.claims.update(nonce="of another sign-in"),
    "no nonce": lambda rogue: rogue.claims.update(nonce=None),
    "userinfo of somebody else": lambda rogue: rogue.userinfo.update(sub="alice-there"),
    "a subject that is no text": lambda rogue: (rogue.claims.update(sub=7), rogue.userinfo.update(sub=7)),
    "no proof of the verifier": lambda rogue: setattr(rogue, "challenge", "of somebody else"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_does_not_hold_opens_nothing(
    site: str, cast: Cast, rogue: Rogue, lie: str
) -> None:
    bob = at(site)
    said = await leave(bob, rogue)
    LIES[lie](rogue)
    answer = await come_back(bob, said)
    assert answer.status_code == 403
    assert "cannot be proved" in answer.text
    assert await nobody_came_in()


@pytest.mark.parametrize(
    "changed",
    [{"state": "another"}, {"iss": "https://evil.example"}, {"code": ""}, {"error": "access_denied"}],
)
async def test_an_answer_to_another_question_opens_nothing(
    site: str, cast: Cast, rogue: Rogue, changed: dict[str, str]
) -> None:
    """State, and the mix-up of issuers (RFC 9207)."""
    bob = at(site)
    answer = await come_back(bob, await leave(bob, rogue), **changed)
    assert answer.status_code == 403
    assert await nobody_came_in()


async def test_a_link_to_the_end_of_another_s_sign_in_signs_nobody_in(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    """Log-in CSRF: Eve mails Bob the address with which she came back."""
    said = await leave(at(site), rogue)
    assert (await come_back(at(site), said)).status_code == 403
    assert await nobody_came_in()


async def test_an_answer_is_good_once(site: str, cast: Cast, rogue: Rogue) -> None:
    """Replay: what the browser took along is spent with it."""
    bob = at(site)
    said = await leave(bob, rogue)
    assert (await come_back(bob, said)).headers["location"] == "/auth/arrival"
    assert (await come_back(bob, said)).status_code == 403
    assert len(await sql("SELECT 1 FROM single_sign_on_arrivals")) == 1


@pytest.mark.parametrize("verified", [{}, {"email_verified": False}, {"email_verified": "true"}])
async def test_an_address_that_is_not_confirmed_takes_no_account_over_and_makes_none(
    site: str, cast: Cast, rogue: Rogue, verified: dict[str, object]
) -> None:
    rogue.userinfo.update(verified)
    eve = at(site)
    await there_and_back(eve, rogue)
    page = await eve.get("/auth/arrival")
    assert "No confirmed address came" in page.text
    assert (await join(eve)).status_code == 422
    assert not await sql("SELECT 1 FROM users WHERE username = 'robert'")
    assert not await sql("SELECT 1 FROM user_associated_accounts")
    assert not await sql("SELECT 1 FROM sessions")


async def test_a_confirmed_address_of_a_member_takes_no_account_over_either(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    rogue.userinfo["email_verified"] = True
    eve = at(site)
    await there_and_back(eve, rogue)
    assert "already has your address" in (await eve.get("/auth/arrival")).text
    assert (await join(eve)).status_code == 422
    assert not await sql("SELECT 1 FROM sessions")


async def test_cve_2026_28219_claims_give_no_rights(site: str, cast: Cast, rogue: Rogue) -> None:
    """Whatever the provider says of somebody, and whatever the form says besides."""
    rogue.userinfo.update(
        email="robert@elysee.example.org", email_verified=True, siret="10000001700010", admin=True,
        moderator=True, groups=["school-meals", "admins"], roles=["admin"], organizational_unit="Présidence",
    )  # fmt: skip
    robert = at(site)
    await there_and_back(robert, rogue)
    answer = await join(robert, admin="1", moderator="1", siret="1", email="ada@example.org")
    assert answer.status_code == 303, answer.text
    (row,) = await sql("SELECT id, email, admin, moderator FROM users WHERE username = 'robert'")
    assert (row["email"], bool(row["admin"]), bool(row["moderator"])) == (
        "robert@elysee.example.org",
        False,
        False,
    )
    assert not await sql("SELECT 1 FROM group_users WHERE user_id = {0}", row["id"])
    (kept,) = await sql("SELECT siret, unit FROM user_associated_accounts")
    assert (kept["siret"], kept["unit"]) == ("10000001700010", "Présidence")


@pytest.mark.parametrize("rule", ["closed", "invitation", "domains"])
async def test_cve_2022_21684_the_rules_of_signing_up_hold_here_too(
    site: str, cast: Cast, rogue: Rogue, rule: str
) -> None:
    """And CVE-2026-33393: a domain counts whole, not what ends with it."""
    await change_setting(await cast.ada(), "sign_up", rule)
    await change_setting(await cast.ada(), "sign_up_domains", "interieur.gouv.fr")
    rogue.userinfo.update(email="robert@evil-interieur.gouv.fr", email_verified=True)
    robert = at(site)
    await there_and_back(robert, rogue)
    assert "Create my account" not in (await robert.get("/auth/arrival")).text
    assert (await join(robert)).status_code == 422
    await change_setting(await cast.ada(), "sign_up_by_provider", "always")
    assert (await join(robert)).status_code == 303


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nb: c"]
)
async def test_cve_2020_7695_one_ends_on_this_site(site: str, cast: Cast, rogue: Rogue, place: str) -> None:
    """Open redirects, and headers made of them."""
    await link_bob(site, rogue)
    answer = await there_and_back(at(site), rogue, place)
    assert answer.status_code == 303
    assert "evil" not in answer.headers["location"]
    assert "b" not in answer.headers


async def test_cve_2019_1020018_opening_a_page_changes_nothing(site: str, cast: Cast, rogue: Rogue) -> None:
    rogue.userinfo.update(email="robert@example.org", email_verified=True)
    robert = at(site)
    await there_and_back(robert, rogue)
    for _time in range(2):
        page = await robert.get("/auth/arrival")
        assert page.headers["cache-control"] == "no-store"
    assert not await sql("SELECT 1 FROM sessions")
    assert (await join(robert)).status_code == 303
    assert (await join(robert)).status_code == 403  # once


async def test_a_page_of_another_site_sends_nobody_to_the_provider(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    answer = await at(site).client.get("/auth/oidc", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["location"] == "/session/new"
    assert "set-cookie" not in answer.headers


async def test_a_session_that_was_left_open_ties_no_identity(site: str, cast: Cast, rogue: Rogue) -> None:
    bob = await signed_in(site, "bob")
    await there_and_back(bob, rogue)
    await sql("UPDATE sessions SET created_at = '2026-01-01 00:00:00+00:00'")
    assert (await bob.post("/auth/arrival/link", password="")).status_code == 422
    assert (await bob.post("/auth/arrival/link", password="not his password")).status_code == 422
    assert not await sql("SELECT 1 FROM user_associated_accounts")
    assert (await bob.post("/auth/arrival/link", password=PASSWORD)).status_code == 303


async def test_whoever_is_suspended_or_has_closed_their_account_is_not_let_in(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    await link_bob(site, rogue)
    await sql("DELETE FROM sessions")
    await suspend_member(await cast.mod(), cast.ids["bob"], datetime(2126, 3, 1, tzinfo=UTC), "Enough.")
    answer = await there_and_back(at(site), rogue)
    assert answer.status_code == 403
    for words in ("suspended until", "2126", "Reason: Enough.", 'href="/suspension/appeal/'):
        assert words in answer.text, words
    await sql("UPDATE users SET deactivated_at = '2026-01-01 00:00:00+00:00' WHERE username = 'bob'")
    answer = await there_and_back(at(site), rogue)
    assert answer.status_code == 403
    assert "cannot be signed in to" in answer.text
    assert "Enough." not in answer.text
    assert await nobody_came_in()


async def test_the_second_factor_is_owed_here_too(site: str, cast: Cast, rogue: Rogue) -> None:
    await link_bob(site, rogue)
    await sql("DELETE FROM sessions")
    await sql(
        """INSERT INTO totps (user_id, secret, last_step, created_at, confirmed_at)
            VALUES ({0}, 'sealed', 0, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')""",
        cast.ids["bob"],
    )
    answer = await there_and_back(at(site), rogue)
    assert answer.headers["location"] == "/session/2fa"
    assert await nobody_came_in()


async def test_unlinking_leaves_a_way_in_and_ends_what_the_provider_opened(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    bob, elsewhere = await link_bob(site, rogue), at(site)
    await there_and_back(elsewhere, rogue)
    assert len(await sql("SELECT 1 FROM provider_sessions")) == 1
    await sql("UPDATE users SET password_hash = NULL WHERE username = 'bob'")
    assert (await bob.post("/preferences/associated-account/deletion")).status_code in (403, 404)
    assert await sql("SELECT 1 FROM user_associated_accounts")
    await give_password("bob")
    assert (await bob.post("/preferences/associated-account/deletion")).status_code == 303
    assert not await sql("SELECT 1 FROM user_associated_accounts")
    assert not await sql("SELECT 1 FROM provider_sessions")
    assert len(await sql("SELECT 1 FROM sessions")) == 1


async def test_one_identity_opens_one_account(site: str, cast: Cast, rogue: Rogue) -> None:
    await link_bob(site, rogue)
    eve = await signed_in(site, "eve")
    answer = await there_and_back(eve, rogue)
    assert answer.status_code == 403
    assert "another account than yours" in answer.text


async def test_a_provider_that_is_down_is_said_so_and_the_password_still_opens(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    rogue.down = True
    bob = at(site)
    answer = await bob.client.get("/auth/oidc")
    assert answer.status_code == 503
    assert "does not answer for the moment" in answer.text
    assert "Sign in with a password" in answer.text
    assert "User name or e-mail address" in (await bob.get("/session/new")).text
    await give_password("bob")
    assert (await bob.sign_in("bob")).status_code == 303


async def test_a_provider_that_calls_itself_otherwise_is_not_asked(
    site: str, cast: Cast, rogue: Rogue
) -> None:
    rogue.metadata["issuer"] = "https://evil.example"
    assert (await at(site).client.get("/auth/oidc")).status_code == 503


@pytest.mark.parametrize("name", ["token_endpoint", "userinfo_endpoint", "jwks_uri"])
async def test_cve_2026_2455_a_provider_sends_the_site_nowhere_unsafe(
    site: str, cast: Cast, rogue: Rogue, name: str
) -> None:
    rogue.metadata[name] = "http://169.254.169.254/latest"
    assert (await at(site).client.get("/auth/oidc")).status_code == 503


@pytest.mark.parametrize(
    "place",
    [
        "http://[::ffff:169.254.169.254]/", "http://10.0.0.1/", "http://[64:ff9b::a9fe:a9fe]/",
        "http://[fe80::1]/", "http://0.0.0.0/", "http://2130706433/", "http://localhost.evil.example/",
        "http://evil.example/", "ftp://localhost/", "file:///etc/passwd", "https://", "//localhost/",
        "localhost", "http:localhost", "", 7, None, ["https://evil.example/"],
    ],
)  # fmt: skip
def test_cve_2026_47389_it_goes_by_https_or_stays_on_this_machine(place: object) -> None:
    assert not is_safe(place)


@pytest.mark.parametrize("place", ["token", "userinfo"])
@pytest.mark.parametrize("way", ["redirect", "endless", "drops", "compressed"])
async def test_cve_2022_41952_an_answer_that_leads_on_or_never_ends_is_not_followed(
    site: str, cast: Cast, rogue: Rogue, monkeypatch: pytest.MonkeyPatch, way: str, place: str
) -> None:
    """To another place, without end, by drops, or a little that becomes much."""
    monkeypatch.setattr(provider, "WHOLE_SECONDS", 1.0)
    rogue.metadata[f"{place}_endpoint"] = f"{rogue.issuer}/{way}"
    tracemalloc.start()
    answer = await there_and_back(at(site), rogue)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 503
    assert most < 20_000_000
    assert rogue.led == 0, "nobody has come to where it leads"
    assert rogue.said < 3_000_000, "it was cut soon"
    assert await nobody_came_in()


async def test_check_reaches_the_provider_and_says_what_is_wrong(config: Config, rogue: Rogue) -> None:
    provider = ProviderConfig(rogue.issuer, CLIENT, SECRET)
    said: list[str] = []
    await check_services(replace(config, provider=provider), said.append)
    assert f"ok   identity provider {rogue.issuer}" in said
    rogue.metadata["issuer"] = "https://evil.example"
    await check_services(replace(config, provider=provider), said.append)
    assert said[-1].startswith(f"BAD  the identity provider {rogue.issuer}: it calls itself otherwise")


async def test_the_owner_is_told_by_mail_that_an_identity_is_tied_and_untied(
    site: str, cast: Cast, rogue: Rogue, config: Config
) -> None:
    bob = await link_bob(site, rogue)
    await everything_sent()
    (tied,) = letters(config)
    assert tied["To"] == "bob@example.org"
    assert "An identity was linked to your account" in tied["Subject"]
    body = tied.get_body(("plain",))
    assert body is not None
    assert "/password-reset" in body.get_content()
    assert (await bob.post("/preferences/associated-account/deletion")).status_code == 303
    assert (await bob.post("/preferences/associated-account/deletion")).status_code == 303
    await everything_sent()
    assert sorted("unlinked" in letter["Subject"] for letter in letters(config)) == [False, True]


def letters(config: Config) -> list[EmailMessage]:
    """What was mailed, as it left."""
    files = (config.data / "mail").glob("*.eml")
    return [message_from_bytes(path.read_bytes(), EmailMessage, policy=default) for path in files]
