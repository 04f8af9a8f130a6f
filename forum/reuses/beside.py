"""What an organisation took up, on its own page."""

from collections.abc import Mapping
from typing import Any

from forum.accounts.viewer import Viewer
from forum.organisations.parts import part
from forum.organisations.queries import OrganisationCard
from forum.reuses.queries import reuses_by

# The others are folded away.
SHOWN = 5


@part
async def taken_up(viewer: Viewer, organisation: OrganisationCard) -> tuple[str, Mapping[str, Any]] | None:
    """Of what this viewer may see; nothing when there is nothing."""
    found = await reuses_by(viewer, organisation.id)
    return ("reuses/_taken_up.html", {"reuses": found, "shown": SHOWN}) if found else None
