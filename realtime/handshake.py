"""The request that opens a socket: from which page, from where, with or without cookies that count."""

import re

from starlette.datastructures import Headers

from realtime import journal
from realtime.policies import Handshake, Policies

ORIGIN = re.compile(r"(https?)://([^\s/?#@\\,]+)")


def read_handshake(headers: Headers, address: str, policies: Policies) -> Handshake | None:
    """What a host may go by, or None for a page of another site. Without `Origin`, cookies do not count.

    Args:
        address: the peer's, as the socket knows it.
    """
    origin = headers.get("origin")
    allowed = policies.origins or {headers.get("host", "").lower()}
    host = host_of(origin or "", secure=policies.secure)
    own_page = host != "" and host in allowed
    client_address = policies.address_of(headers, address)
    if origin is not None and not own_page and not policies.any_origin:
        journal.turned_away(headers, client_address)
        return None
    return Handshake(headers, client_address, cookies_count=own_page)


def host_of(origin: str, *, secure: bool) -> str:
    """Host and port of an origin as browsers write it: only a scheme goes before them. "" for others.

    Args:
        secure: the site is reached by https: a page that came by http is another site's.
    """
    found = ORIGIN.fullmatch(origin.lower())
    return found[2] if found and (found[1] == "https" or not secure) else ""
