"""The page that makes the first administrator; once there is one, it is as any link that was used."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.cookies import set_device, set_session
from forum.accounts.passwords import MIN_LENGTH
from forum.accounts.sessions import open_session
from forum.errors import Invalid
from forum.installation.actions import Typed, make_first_administrator
from forum.installation.queries import check_first_link
from forum.links import LinkSpent
from forum.security import client_address, client_network
from forum.signups.pages import SignupForm
from forum.signups.routes import spent
from forum.web import LiveChannel, form_of, page, site_of


@dataclass(frozen=True, slots=True)
class SetupPage:
    """The form, with what was typed but the password."""

    form: SignupForm = field(default_factory=SignupForm)
    min_length: int = MIN_LENGTH
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


async def new(request: Request) -> Response:
    """What the link of the terminal opens."""
    try:
        await check_first_link(site_of(request).config, request.path_params["token"])
    except LinkSpent:
        return spent(request)
    return page(request, "installation/new.html", SetupPage())


async def create(request: Request) -> Response:
    """Become the first administrator, signed in."""
    form, site = await form_of(request), site_of(request)
    await site.limits.spend("sign_up", client_network(request, site.config))
    typed = Typed(
        form.get("username", "").strip(),
        form.get("name", ""),
        form.get("email", ""),
        form.get("password", ""),
    )
    try:
        user_id = await make_first_administrator(site.config, request.path_params["token"], typed)
    except LinkSpent:
        return spent(request)
    except Invalid as fault:
        shown = SignupForm(typed.username, typed.name, typed.email, errors=fault.fields)
        return page(request, "installation/new.html", SetupPage(shown), fault.status)
    response, agent = RedirectResponse("/admin/settings", 303), request.headers.get("user-agent", "")
    set_session(request, response, await open_session(user_id, client_address(request, site.config), agent))
    set_device(request, response, user_id)
    return response


routes = [
    Route("/setup/{token}", new, methods=["GET"]),
    Route("/setup/{token}", create, methods=["POST"]),
]
