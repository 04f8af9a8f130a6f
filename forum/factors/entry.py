"""The one way in: whoever has shown a first factor comes here, and no session is opened before the second.

A password, an address that was confirmed, another site that vouches: each is a first factor only.
"""

from datetime import timedelta

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from forum.accounts.cookies import device_of, pending_cookie, set_device, set_session
from forum.accounts.queries import viewer_of_session
from forum.accounts.sessions import Browser, hash_token, open_session
from forum.config import LOCALES
from forum.drafts.actions import keep_draft
from forum.erasures.steps import may_be_called_off
from forum.factors.actions import PENDING_LIFETIME, ask_second_factor
from forum.factors.held_back import SET_UP
from forum.factors.queries import Pending, Wish, has_factor, pending_of
from forum.security import client_address, client_network
from forum.single_sign_on.actions import note_provider
from forum.web import cookie_of, site_of

SECOND_STEP = "/session/2fa"
HOME = Wish()
KEPT = "/preferences/erasure?kept"


async def let_in(request: Request, user_id: int, wish: Wish = HOME) -> Response:
    """In; to a member who has a second factor, first the page that asks for it."""
    wish = await told_if_kept(user_id, wish)
    if not await has_factor(user_id):
        browser = browser_of(request)
        token = await open_session(user_id, browser.address, browser.user_agent)
        return await welcome(request, user_id, token, wish)
    response = RedirectResponse(SECOND_STEP, 303)
    _set_pending(request, response, await ask_second_factor(user_id, wish), PENDING_LIFETIME)
    return response


async def told_if_kept(user_id: int, wish: Wish) -> Wish:
    """Whoever calls off the erasure of their account by signing in goes where that is said."""
    return replace(wish, return_to=KEPT) if await may_be_called_off(user_id) else wish


async def welcome(
    request: Request, user_id: int, token: str, wish: Wish = HOME, *, stepped: bool = False
) -> Response:
    """The browser has its session: a text typed before becomes a draft, and one goes where one wished.

    Staff who owe a second factor are led to set one up.

    Args:
        stepped: with a second factor.
    """
    member = await viewer_of_session(hash_token(token), LOCALES[0])
    if member is not None and wish.kept and wish.draft_key:
        await keep_draft(user_id, wish.draft_key, wish.kept)
    provider = site_of(request).provider
    if provider is not None and wish.id_token:
        await note_provider(token, wish.id_token, provider.name)
    held_back = member is not None and member.held_back
    response = RedirectResponse(SET_UP if held_back else wish.return_to, 303)
    set_session(request, response, token)
    set_device(request, response, user_id, stepped=stepped)
    if waiting_token(request):
        _set_pending(request, response, "", timedelta(0))
    return response


def browser_of(request: Request) -> Browser:
    """From where somebody signs in."""
    address = client_address(request, site_of(request).config)
    return Browser(address, request.headers.get("user-agent", ""))


def waiting_token(request: Request) -> str | None:
    """The token of a sign-in that owes its second factor: it opens nothing by itself."""
    return cookie_of(request.headers, pending_cookie(site_of(request).config))


async def waiting(request: Request) -> Pending | None:
    """Whoever at this browser owes a second factor.

    Raises:
        Suspended: they gave the password, and are kept out since then.
    """
    return await pending_of(waiting_token(request))


async def count_try(request: Request, user_id: int, *, guessable: bool) -> None:
    """Count one more second factor that is tried for an account.

    By place, so that an enemy in another one uses up nothing of the owner's; by all unknown browsers together
    for what could be guessed from many places. A browser in which the second factor was shown before
    counts for itself, and codes on paper and keys are not counted together: so the owner always has a way in.

    Raises:
        TooMany: there were too many.
    """
    site, device = site_of(request), device_of(request)
    known = device is not None and device.user_id == user_id and device.stepped
    where = device.name if device is not None and known else client_network(request, site.config)
    await site.limits.spend("second_factor", f"{user_id} {where}")
    if guessable and not known:
        await site.limits.spend("second_factor_account", user_id)


def _set_pending(request: Request, response: Response, token: str, lifetime: timedelta) -> None:
    config = site_of(request).config
    response.set_cookie(
        pending_cookie(config), token, max_age=int(lifetime.total_seconds()), path="/",
        secure=config.secure, httponly=True, samesite="lax",
    )  # fmt: skip
