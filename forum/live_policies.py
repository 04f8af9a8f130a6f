"""What the forum declares to `realtime`: who is connected, who may listen, how an event is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from msgspec import structs
from starlette.datastructures import Headers

from forum.accounts.queries import (
    a_visitor,
    groups_of,
    hearers_of_sessions,
    viewer_of_id,
    viewer_of_session_id,
)
from forum.accounts.sessions import hash_token
from forum.accounts.viewer import Viewer
from forum.api.keys import key_opens, viewer_of_key
from forum.channels import DOORMEN, audience, user_channel
from forum.config import LOCALES, Config
from forum.errors import Forbidden
from forum.i18n import negotiate
from forum.live import encode
from forum.security import forwarded_address, network_of
from forum.web import cookie_of
from realtime.policies import Handshake, Identity, Limits, Namespace, Policies, Rpc
from realtime.protocol import codes
from realtime.protocol.codes import Disconnect
from realtime.together import Together

Sessions = Together[tuple[str, str], Viewer | None]

# A page that slept longer, or missed more, refreshes what it shows. A member's own channel tells whole states
# (the badge), so that its past says little.
KEPT_FOR = timedelta(days=7)
KEPT_EVENTS = {"user": 1_000}
NAMESPACES = {
    name: Namespace(audience, encode, max_age=KEPT_FOR, max_events=KEPT_EVENTS.get(name, 10_000))
    for name in DOORMEN
}


def live_policies(
    config: Config, limits: Limits | None = None, calls: Mapping[str, Rpc] | None = None
) -> Policies:
    """The forum's policies, for the hub.

    Args:
        limits: others than the usual ones (benchmarks).
        calls: the methods that a client may call (`rpc`).
    """

    # After a restart thousands of members come back at once.
    sessions = Together(hearers_of_sessions)

    async def authenticate(handshake: Handshake, token: str, data: Any) -> Identity:
        wishes = data if isinstance(data, dict) else {}
        viewer = await _viewer(config, sessions, handshake, token, wishes)
        locale = viewer.locale if viewer.locale in LOCALES else config.default_locale
        return Identity(
            user=str(viewer.id or ""),
            variant=(locale, wishes.get("patches", True) is not False),
            channels=(user_channel(viewer.id),) if viewer.id is not None else (),
            session=viewer.session,
            address=network_of(handshake.address),
            data=viewer,
        )

    def address_of(headers: Headers, peer: str) -> str:
        return forwarded_address(headers, peer, config)

    return Policies(
        authenticate,
        namespaces=NAMESPACES,
        renew=_renew,
        rpc=calls or {},
        secure=config.secure,
        address_of=address_of,
        limits=limits or Limits(),
    )


async def _viewer(
    config: Config, sessions: Sessions, handshake: Handshake, token: str, wishes: dict[str, Any]
) -> Viewer:
    """A program's key, else the session's cookie (with `Origin`), else a visitor."""
    language = handshake.headers.get("accept-language", "")
    wish = wishes.get("locale")
    locale = negotiate(wish if isinstance(wish, str) else None, language, config.default_locale)
    if token:
        return await _with_groups(await _program(token, str(wishes.get("username", "")), locale))
    cookie = cookie_of(handshake.headers, config.cookie_name) if handshake.cookies_count else None
    if cookie is None:
        return await a_visitor(locale)
    member = await sessions.get((hash_token(cookie), locale))
    return member or await a_visitor(locale)


async def _program(key: str, username: str, locale: str) -> Viewer:
    try:
        viewer, _unlimited = await viewer_of_key(key, username, locale)
    except Forbidden:
        raise Disconnect(*codes.INVALID_TOKEN) from None
    return viewer


async def _with_groups(viewer: Viewer) -> Viewer:
    """The viewer with their groups, needed as soon as any theme becomes restricted."""
    if viewer.groups or viewer.id is None:
        return viewer
    return structs.replace(viewer, groups=await groups_of(viewer.id))


async def _renew(identity: Identity) -> Identity | None:
    """The same person with the rights of now; None once the account, the session or the key is."""
    before: Viewer = identity.data
    if before.id is None:
        return identity
    now = await _let_in_again(before)
    return replace(identity, data=await _with_groups(now)) if now else None


async def _let_in_again(before: Viewer) -> Viewer | None:
    if before.session_id is not None:
        return await viewer_of_session_id(before.session_id, before.locale)
    if before.key_id is None or before.id is None or not await key_opens(before.key_id):
        return None
    now = await viewer_of_id(before.id, before.locale)
    return structs.replace(now, key_id=before.key_id) if now else None
