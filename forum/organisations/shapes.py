"""Organisations for programs."""

from typing import Any

from forum.organisations.queries import OrganisationCard

# Of its mail, programs learn nothing: the official address is written to, not handed out.
SHOWN = (
    "id", "kind", "siren", "code", "name", "slug", "population", "department", "region", "group_siren",
    "latitude", "longitude", "site",
)  # fmt: skip


def organisation_shape(organisation: OrganisationCard) -> dict[str, Any]:
    """An organisation; what is not known is null or an empty text."""
    return {name: getattr(organisation, name) for name in SHOWN}
