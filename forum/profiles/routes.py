"""The page where members say who they are."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.accounts.queries import person_named
from forum.accounts.viewer import Viewer
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.live_positions import channels_of
from forum.preferences.routes import browser_member, sign_in_first
from forum.profiles.actions import Said, revise_profile
from forum.profiles.pages import ProfilePage, Zones
from forum.profiles.queries import OwnProfile, own_profile
from forum.web import done, form_of, page, viewer_of
from forum.zones import zone_choices

PROFILE = "/preferences/profile"
FIELDS = ("name", "title", "affiliation", "skills", "bio_raw", "locale", "time_zone", "audience")


async def edit(request: Request) -> Response:
    """One's profile, to be changed."""
    viewer = viewer_of(request)
    if not viewer.signed_in:
        return sign_in_first(request)
    told = {
        "profile": _("Your profile is saved."),
        "picture": _("Your picture is saved."),
        "no-picture": _("Your picture is removed."),
    }
    return await profile_page(request, viewer, flash=told.get(request.query_params.get("saved", "")))


async def update(request: Request) -> Response:
    """Change it; what was typed stays when something is to be corrected."""
    viewer, form = browser_member(request), await form_of(request)
    said = _said(form)
    try:
        await revise_profile(viewer, said)
    except Invalid as fault:
        return await profile_page(request, viewer, said, fault.fields)
    return done(request, f"{PROFILE}?saved=profile")


def _said(form: Mapping[str, str]) -> Said:
    return Said(**{name: form.get(name, "") for name in FIELDS})


def _as_typed(profile: OwnProfile) -> Said:
    return Said(
        name=profile.name,
        title=profile.title,
        affiliation=profile.affiliation,
        skills=", ".join(profile.skills),
        bio_raw=profile.bio_raw,
        locale=profile.locale,
        time_zone=profile.time_zone,
        audience=profile.audience,
    )


async def profile_page(
    request: Request,
    viewer: Viewer,
    said: Said | None = None,
    errors: Mapping[str, str] | None = None,
    flash: str | None = None,
) -> Response:
    """The page of the profile: as it is stored, or as it was typed with what is wrong."""
    channels = await channels_of(viewer, [])
    subject = ProfilePage(
        form=said or _as_typed(await own_profile(viewer)),
        person=await person_named(viewer.username),
        errors=dict(errors or {}),
        zones=Zones(*zone_choices(viewer.locale)),
        channels=channels,
        flash=flash,
    )
    return page(request, "profiles/edit.html", subject, 422 if errors else 200)


routes = [
    Route(PROFILE, edit, methods=["GET"]),
    Route(PROFILE, update, methods=["POST"]),
]
