"""What an organisation took up, on its own page."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.organisations.parts import part
from forum.organisations.queries import OrganisationCard
from forum.reuses.queries import count_reuses_by, reuses_by

SHOWN = 5


@part
async def taken_up(viewer: Viewer, organisation: OrganisationCard) -> tuple[str, Mapping[str, Any]] | None:
    """The last ones of what this viewer may see, and how many there are; nothing when there is nothing."""
    found = await reuses_by(viewer, organisation.id, limit=SHOWN)
    if not found:
        return None
    count = len(found) if len(found) < SHOWN else await count_reuses_by(viewer, organisation.id)
    return "reuses/_taken_up.html", {
        "reuses": found,
        "count": count,
        "path": f"{organisation.path}/reuses",
    }
