"""Before one writes: the charter that has changed is read again."""

from collections.abc import Mapping

from msgspec.structs import replace
from starlette.requests import Request

from forum.accounts.viewer import Viewer
from forum.charter.actions import accept_charter
from forum.errors import Conflict, Invalid
from forum.web import viewer_of


async def agreed(request: Request, form: Mapping[str, str]) -> Viewer:
    """Whoever posts, who accepts the charter by ticking its box in the form.

    Raises:
        Invalid: the charter has changed once more; the sentence stands at `charter`.
    """
    viewer = viewer_of(request)
    if viewer.charter_due and form.get("charter"):
        try:
            await accept_charter(viewer, form["charter"])
        except Conflict as fault:
            raise Invalid(fields={"charter": fault.message}) from fault
        viewer = request.scope["user"] = replace(viewer, charter_due=False)
    return viewer
