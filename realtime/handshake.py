"""The request that opens a socket: from which page, from where, with or without cookies that count."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from realtime.policies import Handshake, Policies


def read_handshake(headers: Headers, address: str, policies: Policies) -> Handshake | None:
    """What a host may go by, or None for a page of another site. Without `Origin`, cookies do not count.

    Args:
        address: the peer's, as the socket knows it.
    """
    origin = headers.get("origin")
    allowed = policies.origins or {headers.get("host", "").lower()}
    own_page = origin is not None and urlsplit(origin).netloc.lower() in allowed
    if origin is not None and not own_page and not policies.any_origin:
        return None
    return Handshake(headers, policies.address_of(headers, address), cookies_count=own_page)
