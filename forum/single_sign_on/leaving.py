"""Signing out of the provider too, when the provider opened the session."""

from starlette.requests import Request
from starlette.responses import Response

from forum.accounts.queries import a_visitor
from forum.single_sign_on.pages import LeavingPage, ProviderPart
from forum.single_sign_on.queries import associated_of, has_password, id_token_of
from forum.web import forget_session, page, site_address, site_of, viewer_of, wants_json

SIGNED_OUT = "/auth/signed-out"


async def sign_out_address(request: Request) -> str | None:
    """Where the viewer signs out of the provider; None if it did not open their session, which still runs."""
    site = site_of(request)
    if site.provider is None or wants_json(request):
        return None
    id_token = await id_token_of(viewer_of(request))
    return (
        await site.provider.sign_out_address(id_token, site_address(request) + SIGNED_OUT)
        if id_token
        else None
    )


async def go_on_to_sign_out(request: Request, address: str) -> Response:
    """A page that goes on to the provider by itself: a form of ours may not end elsewhere (`form-action`)."""
    site = site_of(request)
    request.scope["user"] = await a_visitor(viewer_of(request).locale)
    name = site.provider.name if site.provider else ""
    response = page(request, "single_sign_on/leaving.html", LeavingPage(address, name))
    response.headers["Refresh"] = f"0; url={address}"
    response.headers["Cache-Control"] = "no-store"
    forget_session(request, response)
    return response


async def provider_part(request: Request) -> ProviderPart | None:
    """What the page of preferences shows of the provider, if there is one."""
    provider, viewer = site_of(request).provider, viewer_of(request)
    if provider is None:
        return None
    associated = await associated_of(viewer.member_id, provider.config.issuer)
    return ProviderPart(provider.name, associated, await has_password(viewer.member_id))
