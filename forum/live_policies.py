"""What the forum declares to `realtime`: who is connected, who may listen, how an event is told."""

from dataclasses import replace
from typing import Any

from starlette.datastructures import Headers

from forum.accounts.queries import a_visitor, groups_of, viewer_of_id, viewer_of_session
from forum.accounts.sessions import hash_token
from forum.accounts.viewer import Viewer
from forum.api.keys import viewer_of_key
from forum.channels import DOORMEN, audience, user_channel
from forum.config import LOCALES, Config
from forum.errors import Forbidden
from forum.i18n import negotiate
from forum.live import encode
from forum.security import forwarded_address
from forum.web import cookie_of
from realtime.policies import Handshake, Identity, Limits, Namespace, Policies
from realtime.protocol import codes
from realtime.protocol.codes import Disconnect


def live_policies(config: Config, limits: Limits | None = None) -> Policies:
    """The forum's policies, for the hub.

    Args:
        limits: others than the usual ones (benchmarks).
    """

    async def authenticate(handshake: Handshake, token: str, data: Any) -> Identity:
        wishes = data if isinstance(data, dict) else {}
        viewer = await _viewer(config, handshake, token, wishes)
        locale = viewer.locale if viewer.locale in LOCALES else config.default_locale
        return Identity(
            user=str(viewer.id or ""),
            variant=(locale, wishes.get("patches", True) is not False),
            channels=(user_channel(viewer.id),) if viewer.id is not None else (),
            session=str(viewer.session_id or ""),
            data=viewer,
        )

    def address_of(headers: Headers, peer: str) -> str:
        return forwarded_address(headers, peer, config)

    namespace = Namespace(audience, encode)
    return Policies(
        authenticate,
        namespaces=dict.fromkeys(DOORMEN, namespace),
        renew=_renew,
        address_of=address_of,
        limits=limits or Limits(),
    )


async def _viewer(config: Config, handshake: Handshake, token: str, wishes: dict[str, Any]) -> Viewer:
    """A program's key, else the session's cookie (with `Origin`), else a visitor."""
    language = handshake.headers.get("accept-language", "")
    wish = wishes.get("locale")
    locale = negotiate(wish if isinstance(wish, str) else None, language, config.default_locale)
    if token:
        return await _with_groups(await _program(token, str(wishes.get("username", "")), locale))
    cookie = cookie_of(handshake.headers, config.cookie_name) if handshake.cookies_count else None
    member = await viewer_of_session(hash_token(cookie), locale) if cookie else None
    return await _with_groups(member) if member else await a_visitor(locale)


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
    return replace(viewer, groups=await groups_of(viewer.id))


async def _renew(identity: Identity) -> Identity | None:
    """The same person with the rights of now; None once the account is stopped."""
    before: Viewer = identity.data
    if before.id is None:
        return identity
    now = await viewer_of_id(before.id, before.locale)
    if now is None:
        return None
    return replace(identity, data=await _with_groups(replace(now, session_id=before.session_id)))
