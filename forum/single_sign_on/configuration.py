"""The identity provider as the administrator named it: `RELAIS_OIDC_*`."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from msgspec import Struct

PROCONNECT = "ProConnect"
PROCONNECT_SCOPE = "openid given_name usual_name email siret organizational_unit uid"
REQUIRED = ("RELAIS_OIDC_ISSUER", "RELAIS_OIDC_CLIENT_ID", "RELAIS_OIDC_CLIENT_SECRET")
YES_OR_NO = {"yes": True, "no": False}


class ProviderConfig(Struct, frozen=True):
    """One OpenID Connect provider.

    Args:
        issuer: exactly as the provider writes it in its tokens.
        name: what its button says.
        scope: what is asked of it, with spaces.
        acr_values: how sure it must be of the person; "" leaves that to it.
        trusts_email: whether each address that it gives counts as confirmed, also without `email_verified`.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str = PROCONNECT
    scope: str = PROCONNECT_SCOPE
    acr_values: str = ""
    trusts_email: bool = False


def read_provider(values: Mapping[str, str], faults: list[str]) -> ProviderConfig | None:
    """The provider, if one is named; what is wrong with it is added to the faults."""
    given = [name for name in REQUIRED if values.get(name)]
    if not given:
        return None
    faults.extend(
        f"{name} is missing: {', '.join(given)} {'is' if len(given) == 1 else 'are'} given without it"
        for name in REQUIRED
        if name not in given
    )
    issuer, scope = values.get(REQUIRED[0], ""), values.get("RELAIS_OIDC_SCOPE") or PROCONNECT_SCOPE
    trust = values.get("RELAIS_OIDC_TRUST_EMAIL") or "no"
    if issuer and not is_safe(issuer):
        faults.append("RELAIS_OIDC_ISSUER must start with https:// (http:// on this machine only)")
    if "openid" not in scope.split():
        faults.append("RELAIS_OIDC_SCOPE must hold openid")
    if trust not in YES_OR_NO:
        faults.append(f"RELAIS_OIDC_TRUST_EMAIL must be one of yes, no, not {trust}")
    return ProviderConfig(
        issuer=issuer,
        client_id=values.get(REQUIRED[1], ""),
        client_secret=values.get(REQUIRED[2], ""),
        name=values.get("RELAIS_OIDC_NAME") or PROCONNECT,
        scope=scope,
        acr_values=values.get("RELAIS_OIDC_ACR_VALUES") or "",
        trusts_email=YES_OR_NO.get(trust, False),
    )


def is_safe(address: object) -> bool:
    """Whether nobody listens on the way to this address: https, or http that stays on this machine."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))
    )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
