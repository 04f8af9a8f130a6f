"""What a browser keeps: its session, and that somebody has signed in with it before.

The second is for the limit on guesses. Guesses at an account from browsers that nobody knows are counted
together, so that an enemy uses up that count only: the member's own browsers each have a count of their own.
"""

from datetime import timedelta
from secrets import token_urlsafe

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.sessions import LIFETIME
from forum.config import Config
from forum.links import opened, sign
from forum.web import cookie_of, site_of

DEVICE_LIFETIME = timedelta(days=365)
LOCALE_COOKIE, LOCALE_LIFETIME = "locale", timedelta(days=365)


def device_cookie(config: Config) -> str:
    """Its name for the second."""
    return f"{config.cookie_name}-device"


def pending_cookie(config: Config) -> str:
    """Its name for a sign-in that owes a second factor."""
    return f"{config.cookie_name}-2fa"


def passkey_cookie(config: Config) -> str:
    """Its name for what a passkey was asked to sign, in the place of name and password."""
    return f"{config.cookie_name}-passkey"


class Device(Struct, frozen=True):
    """A browser with which a member has signed in before; `stepped` when also with a second factor."""

    user_id: int
    name: str
    stepped: bool = False


def set_session(request: Request, response: Response, token: str) -> None:
    """The browser is signed in."""
    _set(request, response, site_of(request).config.cookie_name, token, LIFETIME)


def set_device(request: Request, response: Response, user_id: int, *, stepped: bool = False) -> None:
    """This member signs in with this browser.

    Args:
        stepped: with a second factor. Who has read a mail only is not counted apart where one is guessed.
    """
    config, before = site_of(request).config, device_of(request)
    stepped = stepped or (before is not None and before.user_id == user_id and before.stepped)
    token = sign(config, "device", [user_id, token_urlsafe(12), int(stepped)])
    _set(request, response, device_cookie(config), token, DEVICE_LIFETIME)


def device_of(request: Request) -> Device | None:
    """Who has signed in with this browser before, if somebody has."""
    config = site_of(request).config
    token = cookie_of(request.headers, device_cookie(config))
    payload = opened(config, "device", token, DEVICE_LIFETIME) if token else None
    return Device(int(payload[0]), str(payload[1]), payload[2:] == [1]) if payload else None


def _set(request: Request, response: Response, name: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=site_of(request).config.secure,
        httponly=True,
        samesite="lax",
    )
