"""WebAuthn's two ceremonies: what a browser is asked, what it answers. Pure.

The library is imported at first use: it weighs on a start that most people never need it for.
"""

import re
from hashlib import sha256
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
from msgspec import Struct

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

# Milliseconds that a browser waits for the person.
TIMEOUT = 120_000
PORTS = {"http": 80, "https": 443}
CREDENTIAL_ID = re.compile(r"[A-Za-z0-9_-]{1,1400}", re.ASCII)
KNOWN_TRANSPORTS = ("usb", "nfc", "ble", "internal", "hybrid", "smart-card")


class Refused(Exception):
    """What the browser answered proves nothing: malformed, of another site, or wrongly signed."""


class Party(Struct, frozen=True):
    """The site as keys know it: its name without a port, and the address that pages have."""

    id: str
    origin: str


class Key(Struct, frozen=True):
    """A key of a member's: its id in base 64, by what ways it is reached, what it is checked with."""

    credential_id: str
    transports: tuple[str, ...]
    public_key: bytes = b""
    sign_count: int = 0


def party_at(address: str) -> Party | None:
    """The party of a site's address; None for one that is a number: browsers know no keys for those.

    >>> party_at("https://Relais.example.fr:443")
    Party(id='relais.example.fr', origin='https://relais.example.fr')
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        port = f":{parts.port}" if parts.port and parts.port != PORTS.get(parts.scheme) else ""
        return Party(host, f"{parts.scheme}://{host}{port}")
    return None


def options_to_add(
    party: Party, site: str, user_id: int, username: str, challenge: bytes, keys: list[Key]
) -> str:
    """What a browser is asked for to make a key, as JSON; a device that has one makes no other.

    A key that keeps the account by itself (discoverable) and asks for a finger or a PIN is preferred: it
    signs in alone. Others do as a second step.
    """
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    return options_to_json(
        generate_registration_options(
            rp_id=party.id,
            rp_name=site,
            user_id=sha256(f"relais member {user_id}".encode()).digest(),
            user_name=username,
            challenge=challenge,
            timeout=TIMEOUT,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
            exclude_credentials=[_descriptor(key) for key in keys],
        )
    )


def options_to_enter(party: Party, challenge: bytes, keys: list[Key] | None) -> str:
    """What a browser is asked for to sign in, as JSON.

    Args:
        keys: a member's, as a second step; None for whichever key knows an account here, which then must have
            asked for a finger or a PIN.
    """
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    return options_to_json(
        generate_authentication_options(
            rp_id=party.id,
            challenge=challenge,
            timeout=TIMEOUT,
            allow_credentials=[_descriptor(key) for key in keys or []],
            user_verification=UserVerificationRequirement.REQUIRED
            if keys is None
            else UserVerificationRequirement.PREFERRED,
        )
    )


def _descriptor(key: Key) -> "PublicKeyCredentialDescriptor":
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    transports = [AuthenticatorTransport(name) for name in key.transports]
    return PublicKeyCredentialDescriptor(base64url_to_bytes(key.credential_id), transports=transports or None)


def key_added(party: Party, challenge: bytes, answer: str) -> Key:
    """The key that a browser has made.

    Raises:
        Refused: the answer does not hold.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url

    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
        said = orjson.loads(answer)["response"].get("transports") or []
        transports = tuple(name for name in KNOWN_TRANSPORTS if name in said)
    except Exception as error:  # whatever a hostile answer makes the library trip over
        raise Refused from error
    return Key(
        bytes_to_base64url(made.credential_id), transports, made.credential_public_key, made.sign_count
    )


def id_in(answer: str) -> str:
    """Which key answers, as it says itself.

    Raises:
        Refused: it does not say.
    """
    try:
        found = orjson.loads(answer)["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused from error
    if not isinstance(found, str) or not CREDENTIAL_ID.fullmatch(found):
        raise Refused
    return found


def sign_count_shown(party: Party, challenge: bytes, answer: str, key: Key, *, alone: bool) -> int:
    """What a key counts after it has signed in.

    Args:
        alone: it is all that is shown: it must have asked for a finger or a PIN.

    Raises:
        Refused: the answer does not hold, or counts no further than before: the key has been copied.
    """
    from webauthn import verify_authentication_response

    try:
        shown = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=alone,
        )
    except Exception as error:  # whatever a hostile answer makes the library trip over
        raise Refused from error
    return shown.new_sign_count
