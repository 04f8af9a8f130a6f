"""What slices have to say on an organisation's page: each declares a part."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from markupsafe import Markup

from forum.accounts.viewer import Viewer
from forum.organisations.queries import OrganisationCard
from forum.templating import Templates

# A partial and what it needs for this viewer, or nothing.
Part = Callable[[Viewer, OrganisationCard], Awaitable[tuple[str, Mapping[str, Any]] | None]]
_parts: list[Part] = []


def part(one: Part) -> Part:
    """Declare a part."""
    _parts.append(one)
    return one


async def parts_for(templates: Templates, viewer: Viewer, organisation: OrganisationCard) -> Markup:
    """All of them, as this viewer sees them."""
    found = [await one(viewer, organisation) for one in _parts]
    return templates.partials(filter(None, found), viewer.locale)
