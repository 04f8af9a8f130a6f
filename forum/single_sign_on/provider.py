"""The identity provider: asked who somebody is, and believed only as far as its signatures go.

OpenID Connect's authorization code flow with PKCE. Nothing is asked of the provider before somebody wants to
sign in, and nothing of the site waits for it else.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from secrets import compare_digest, token_urlsafe
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from httpx2 import HTTPError, InvalidURL, Response
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from forum.i18n import gettext as _
from forum.single_sign_on.bounded import Bounded
from forum.single_sign_on.claims import identity_of
from forum.single_sign_on.configuration import ProviderConfig, is_safe
from forum.single_sign_on.vouching import Departure, ProviderAway, ProviderFault, Vouched, unproved

# Signatures that only the provider can make. Never `none`, and no HS…: its key would be ours too.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
KEY_TYPES = ("RSA", "EC", "OKP")
CONNECT_SECONDS, WHOLE_SECONDS = 5.0, 10.0
# What the provider says of itself is asked for again after an hour; new keys at once, but not all the time.
FRESH_SECONDS, KEYS_SECONDS = 3600.0, 10.0
# While it is away it is asked again this often, so that people do not queue for its silence.
REST_SECONDS = 3.0
CLOCK_SECONDS = 60
MAX_ANSWER = 200_000
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")

logger = logging.getLogger("relais.single_sign_on")


class Provider:
    """The provider that this site is configured for."""

    def __init__(self, config: ProviderConfig) -> None:
        self.config = config
        self._metadata: dict[str, Any] = {}
        self._metadata_at = self._keys_at = self._away_at = float("-inf")
        self._keys: KeySet | None = None
        self._asking = asyncio.Lock()

    @property
    def name(self) -> str:
        """What people know it by."""
        return self.config.name

    async def reach(self) -> None:
        """Ask it what it says of itself and for its keys.

        Raises:
            ProviderAway: it does not say, or not as it should.
        """
        async with self._client() as client:
            await self._told(client)
            await self._known_keys(client)

    async def address_of(self, departure: Departure, redirect_uri: str, locale: str) -> str:
        """Where the browser goes to sign in.

        Raises:
            ProviderAway: the provider does not say where.
        """
        async with self._client(redirect_uri) as client:
            metadata = await self._told(client)
            extra = {"acr_values": self.config.acr_values} if self.config.acr_values else {}
            address, _state = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=departure.state,
                nonce=departure.nonce,
                code_verifier=departure.verifier,
                ui_locales=locale,
                **extra,
            )
        return str(address)

    async def vouched(self, answer: Mapping[str, str], departure: Departure, redirect_uri: str) -> Vouched:
        """Who came back, from what the browser brings along.

        Args:
            answer: the query with which the provider sent the browser back.

        Raises:
            ProviderFault: the provider refused, or what it says does not hold.
            ProviderAway: it does not answer.
        """
        self._check_answer(answer, departure)
        async with self._client(redirect_uri) as client:
            metadata = await self._told(client)
            token = await self._token(client, metadata, answer.get("code", ""), departure)
            id_token = str(token.get("id_token") or "")
            claims = await self._id_claims(client, id_token, token.get("access_token"), departure.nonce)
            said = await self._userinfo(client, metadata)
        if said.get("sub") != claims["sub"]:
            raise unproved("the userinfo is about somebody else")
        try:
            identity = identity_of(
                self.config.issuer, {**claims, **said}, trusts_email=self.config.trusts_email
            )
        except ValueError as error:
            raise unproved(str(error)) from error
        return Vouched(identity, id_token)

    async def sign_out_address(self, id_token: str, back_to: str) -> str | None:
        """Where the browser signs out of the provider too; None if it has no such place or is away."""
        try:
            async with self._client() as client:
                place = (await self._told(client)).get("end_session_endpoint")
        except ProviderAway:
            return None
        if not is_safe(place):
            return None
        said = {
            "id_token_hint": id_token,
            "client_id": self.config.client_id,
            "post_logout_redirect_uri": back_to,
            "state": token_urlsafe(16),
        }
        return str(add_params_to_uri(place, list(said.items())))

    async def signed(self, text: str) -> jwt.Token:
        """A token that it has sent here by itself, its signature checked, its claims not.

        Raises:
            ProviderFault: the signature is not the provider's. ProviderAway: its keys cannot be had.
        """
        # Anyone may send one: what the known keys settle costs no client, which takes long to make.
        if self._keys is not None and time.monotonic() - self._keys_at <= FRESH_SECONDS:
            with suppress(InvalidKeyIdError):
                return _proved(text, self._keys)
        async with self._client() as client:
            await self._told(client)
            return await self._signed(client, text)

    def _client(self, redirect_uri: str | None = None) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self.config.client_id,
            self.config.client_secret,
            token_endpoint_auth_method=self._way_to_authenticate(),
            scope=self.config.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=CONNECT_SECONDS,
            follow_redirects=False,
            transport=Bounded(MAX_ANSWER),
            trust_env=False,
        )

    def _way_to_authenticate(self) -> str:
        ways = self._metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"

    def _check_answer(self, answer: Mapping[str, str], departure: Departure) -> None:
        if not compare_digest(answer.get("state", "").encode(), departure.state.encode()):
            raise unproved("the state is another one")
        if "iss" in answer and answer["iss"] != self.config.issuer:
            raise unproved("another issuer answered")
        if error := answer.get("error"):
            logger.info("the provider refused", extra={"error": error[:100]})
            raise ProviderFault(_refusal(error) % {"name": self.name})

    async def _told(self, client: AsyncOAuth2Client) -> dict[str, Any]:
        """What the provider says of itself; asked for once an hour."""
        async with self._asking:
            if time.monotonic() - self._metadata_at > FRESH_SECONDS:
                if time.monotonic() - self._away_at < REST_SECONDS:
                    raise self._away("asked a moment ago")
                place = f"{self.config.issuer.rstrip('/')}/.well-known/openid-configuration"
                metadata = _object(await self._ask(client, place))
                if metadata.get("issuer") != self.config.issuer:
                    raise self._away("it calls itself otherwise than RELAIS_OIDC_ISSUER")
                if not all(is_safe(metadata.get(name)) for name in ENDPOINTS):
                    raise self._away("an endpoint is missing or not https")
                self._metadata, self._metadata_at = metadata, time.monotonic()
        client.token_endpoint_auth_method = self._way_to_authenticate()
        return self._metadata

    async def _token(
        self, client: AsyncOAuth2Client, metadata: Mapping[str, Any], code: str, departure: Departure
    ) -> Mapping[str, Any]:
        if not code:
            raise unproved("there is no code")
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                token: Mapping[str, Any] = await client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=departure.verifier,
                )
                return token
        except OAuthError as error:
            raise unproved(f"the code was refused ({error.error})") from error
        except (HTTPError, InvalidURL, TimeoutError, ValueError) as error:
            raise self._away(repr(error)) from error

    async def _id_claims(
        self, client: AsyncOAuth2Client, id_token: str, access_token: object, nonce: str
    ) -> Mapping[str, Any]:
        token = await self._signed(client, id_token)
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": self.config.issuer},
                "aud": {"essential": True, "value": self.config.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            {"nonce": nonce, "client_id": self.config.client_id, "access_token": access_token},
        )
        try:
            claims.validate(leeway=CLOCK_SECONDS)
        except (JoseError, ValueError) as error:
            raise unproved(f"the identity token does not hold ({error})") from error
        return dict(claims)

    async def _userinfo(self, client: AsyncOAuth2Client, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
        """What it says of the person: as JSON, or (ProConnect) as a signed token."""
        answer = await self._ask(client, metadata["userinfo_endpoint"], withhold_token=False)
        if answer.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/jwt":
            return _object(answer)
        token = await self._signed(client, answer.text.strip())
        claims = JWTClaims(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": self.config.issuer},
                "aud": {"essential": True, "value": self.config.client_id},
            },
        )
        try:
            claims.validate(leeway=CLOCK_SECONDS)
        except (JoseError, ValueError) as error:
            raise unproved(f"the userinfo does not hold ({error})") from error
        return dict(claims)

    async def _signed(self, client: AsyncOAuth2Client, text: str) -> jwt.Token:
        """A token whose signature is the provider's; a key that is new here is asked for once."""
        with suppress(InvalidKeyIdError):
            return _proved(text, await self._known_keys(client))
        self._keys = None if time.monotonic() - self._keys_at > KEYS_SECONDS else self._keys
        try:
            return _proved(text, await self._known_keys(client))
        except InvalidKeyIdError as error:
            raise unproved(f"the signature does not hold ({error!r})") from error

    async def _known_keys(self, client: AsyncOAuth2Client) -> KeySet:
        async with self._asking:
            if self._keys is None or time.monotonic() - self._keys_at > FRESH_SECONDS:
                found = _object(await self._ask(client, self._metadata["jwks_uri"])).get("keys")
                keys = [key for key in found or () if isinstance(key, dict) and key.get("kty") in KEY_TYPES]
                try:
                    self._keys = KeySet.import_key_set({"keys": keys})
                except (JoseError, ValueError, KeyError) as error:
                    raise self._away(f"its keys cannot be read: {error!r}") from error
                self._keys_at = time.monotonic()
            return self._keys

    async def _ask(self, client: AsyncOAuth2Client, place: str, *, withhold_token: bool = True) -> Response:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                answer: Response = await client.request("GET", place, withhold_token=withhold_token)
        except (HTTPError, InvalidURL, TimeoutError, OAuthError) as error:
            raise self._away(repr(error)) from error
        if answer.status_code != 200:
            raise self._away(f"{place} answers {answer.status_code}")
        return answer

    def _away(self, why: str) -> ProviderAway:
        if time.monotonic() - self._away_at >= REST_SECONDS:
            self._away_at = time.monotonic()
        logger.warning("the identity provider does not answer", extra={"error": why})
        sentence = _("%(name)s does not answer for the moment. Try again in a few minutes.")
        fault = ProviderAway(sentence % {"name": self.name})
        fault.why = why
        return fault


def _proved(text: str, keys: KeySet) -> jwt.Token:
    """The token. InvalidKeyIdError goes through: its key may be one that we do not know yet."""
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(text, keys, registry=registry)
    except InvalidKeyIdError:
        raise
    except (JoseError, ValueError) as error:
        raise unproved(f"the signature does not hold ({error!r})") from error


def _object(answer: Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _refusal(error: str) -> str:
    """The provider's error code in plain words."""
    if error in ("access_denied", "consent_required"):
        return _("You did not let %(name)s tell this site who you are, or it refused. Nothing was changed.")
    if error in ("login_required", "interaction_required", "account_selection_required"):
        return _("%(name)s did not recognise you. Start again and sign in there.")
    if error in ("temporarily_unavailable", "server_error"):
        return _("%(name)s cannot sign you in for the moment. Try again in a few minutes.")
    return _("%(name)s refused this sign-in. If it happens again, tell the person who looks after this site.")
