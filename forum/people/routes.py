"""The administration's pages about members: to whoever is no administrator there are none."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from forum.accounts.permissions import may_suspend
from forum.accounts.queries import standing_of
from forum.accounts.sessions import end_all_sessions
from forum.accounts.viewer import Viewer
from forum.administration.permissions import may_administer
from forum.errors import Invalid, NotFound
from forum.groups.queries import groups_of_person
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.people.actions import Role, set_role
from forum.people.pages import AccountPage, PeoplePage, RoleButton
from forum.people.queries import PAGE_SIZE, ROLES, STATES, Account, account_named, accounts, animated_names
from forum.people.words import change_words, role_words, state_words
from forum.web import form_of, page, viewer_of


def _administrator(request: Request) -> Viewer:
    viewer = viewer_of(request)
    if not may_administer(viewer):
        raise NotFound
    return viewer


async def index(request: Request) -> Response:
    """Accounts: `?q=` a part of a name or address, `?role=`, `?state=`; `?after=` goes on."""
    viewer, query = _administrator(request), request.query_params
    channels = await channels_of(viewer, [])
    wish = {"q": query.get("q", "")[:254], "role": query.get("role", ""), "state": query.get("state", "")}
    role, state = wish["role"] if wish["role"] in ROLES else "", wish["state"]
    state = state if state in STATES else ""
    found = await accounts(wish["q"], role, state, query.get("after", "").replace("\x00", ""))
    more = {**wish, "after": found[-1].key} if len(found) == PAGE_SIZE else {}
    subject = PeoplePage(
        accounts=found,
        text=wish["q"],
        role=role,
        state=state,
        roles=[(role, role_words(role)) for role in ROLES],
        states=[(state, state_words(state)) for state in STATES],
        next_path=f"/admin/people?{urlencode(more)}" if more else None,
        channels=channels,
    )
    return page(request, "administration/people.html", subject)


async def show(request: Request) -> Response:
    """One account."""
    _administrator(request)
    return await _page(request, await account_named(request.path_params["username"]), {})


async def _page(request: Request, account: Account, errors: dict[str, str], status: int = 200) -> Response:
    viewer = viewer_of(request)
    subject = AccountPage(
        account=account,
        buttons=[_button(account, role) for role in Role],
        groups=await groups_of_person(viewer, account.person.id),
        animates=await animated_names(account.person.id),
        may_suspend=may_suspend(viewer, await standing_of(account.person.id)),
        errors=errors,
        channels=await channels_of(viewer, []),
        flash=_flash(request),
    )
    return page(request, "administration/person.html", subject, status)


def _button(account: Account, role: Role) -> RoleButton:
    has = account.admin if role is Role.ADMIN else account.moderator
    return RoleButton(role.value, "0" if has else "1", change_words(role, not has))


def _flash(request: Request) -> str | None:
    """What has just been done, told by the address that led here."""
    told = {
        "saved": _("Saved: it holds from now on."),
        "signed-out": _("Signed out everywhere: what was open there has stopped."),
    }
    return next((words for name, words in told.items() if name in request.query_params), None)


async def change_role(request: Request) -> Response:
    """Give somebody a role (`value` 1), or take it (0)."""
    viewer, form = _administrator(request), await form_of(request)
    account = await account_named(request.path_params["username"])
    try:
        if form.get("role", "") not in list(Role) or form.get("value", "") not in ("0", "1"):
            raise Invalid(fields={"role": _("Choose what to do.")})
        await set_role(viewer, account.person.id, Role(form["role"]), form["value"] == "1")
    except Invalid as fault:
        return await _page(request, account, fault.fields, fault.status)
    still = viewer.id != account.person.id or (form["role"], form["value"]) != ("admin", "0")
    return RedirectResponse(f"/admin/people/{account.person.username}?saved" if still else "/", 303)


async def sign_out(request: Request) -> Response:
    """Sign somebody out of every browser."""
    viewer = _administrator(request)
    account = await account_named(request.path_params["username"])
    await end_all_sessions(viewer, account.person.id)
    return RedirectResponse(f"/admin/people/{account.person.username}?signed-out", 303)


routes = [
    Route("/admin/people", index, methods=["GET"]),
    Route("/admin/people/{username}", show, methods=["GET"]),
    Route("/admin/people/{username}/roles", change_role, methods=["POST"]),
    Route("/admin/people/{username}/sessions/deletion", sign_out, methods=["POST"]),
]
