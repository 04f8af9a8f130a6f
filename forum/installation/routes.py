"""The page that makes the first administrator; once there is one, it is as any link that was used."""

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.passwords import MIN_LENGTH
from forum.errors import Invalid
from forum.factors.entry import let_in
from forum.factors.queries import Wish
from forum.installation.actions import Typed, make_first_administrator
from forum.installation.queries import check_first_link
from forum.links import LinkSpent
from forum.security import client_network
from forum.signups.pages import SignupForm
from forum.signups.routes import spent
from forum.web import LiveChannel, form_of, page, site_of


class SetupPage(Struct, frozen=True):
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
    return await let_in(request, user_id, Wish("/admin/settings"))


routes = [
    Route("/setup/{token}", new, methods=["GET"]),
    Route("/setup/{token}", create, methods=["POST"]),
]
