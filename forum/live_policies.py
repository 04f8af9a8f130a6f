"""What the forum declares to `realtime`: who is connected, who may listen, how an event is told."""

from typing import Any

from forum.accounts.queries import a_visitor, viewer_of_id, viewer_of_session
from forum.accounts.sessions import hash_token
from forum.accounts.viewer import Viewer
from forum.api.keys import viewer_of_key
from forum.channels import DOORMEN, may_subscribe, user_channel
from forum.config import LOCALES, Config
from forum.errors import Forbidden
from forum.i18n import negotiate
from forum.live import encode
from forum.web import cookie_of
from realtime import protocol
from realtime.policies import Handshake, Identity, Namespace, Policies
from realtime.protocol import Disconnect


def live_policies(config: Config) -> Policies:
    """The forum's policies, for the hub."""

    async def authenticate(handshake: Handshake, params: dict[str, Any]) -> Identity:
        data = params.get("data") if isinstance(params.get("data"), dict) else {}
        viewer = await _viewer(config, handshake, params, data or {})
        locale = viewer.locale if viewer.locale in LOCALES else config.default_locale
        wants_patches = (data or {}).get("patches", True) is not False
        return Identity(
            user=str(viewer.id or ""),
            variant=(locale, wants_patches),
            channels=(user_channel(viewer.id),) if viewer.id is not None else (),
            data=viewer,
        )

    namespace = Namespace(may_subscribe=_may_subscribe, encode=encode)
    return Policies(authenticate, namespaces=dict.fromkeys(DOORMEN, namespace))


async def _viewer(
    config: Config, handshake: Handshake, params: dict[str, Any], data: dict[str, Any]
) -> Viewer:
    """A program's key, else the session's cookie (with `Origin`), else a visitor."""
    locale = negotiate(
        data.get("locale"), handshake.headers.get("accept-language", ""), config.default_locale
    )
    if token := params.get("token"):
        return await _program(str(token), str(data.get("username", "")), locale)
    cookie = cookie_of(handshake.headers, config.cookie_name) if handshake.cookies_count else None
    member = await viewer_of_session(hash_token(cookie), locale) if cookie else None
    return member or await a_visitor(locale)


async def _program(key: str, username: str, locale: str) -> Viewer:
    try:
        viewer, _unlimited = await viewer_of_key(key, username, locale)
    except Forbidden:
        raise Disconnect(*protocol.INVALID_TOKEN) from None
    return viewer


async def _may_subscribe(identity: Identity, channel: str) -> bool:
    """The doorman, asked with the member's rights as they are now, not as they were at connect."""
    viewer: Viewer = identity.data
    if viewer.id is None:
        present: Viewer | None = await a_visitor(viewer.locale)
    else:
        present = await viewer_of_id(viewer.id, viewer.locale)
    return present is not None and await may_subscribe(present, channel)
