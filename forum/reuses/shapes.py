"""Reuses for programs."""

from typing import Any

from forum.api.list_shapes import moment
from forum.reuses.queries import ReuseCard


def reuse_shape(record: ReuseCard) -> dict[str, Any]:
    """One organisation's record; `taken_from_id` is another's number, null for the item itself."""
    return {
        "id": record.id,
        "organisation": {
            "id": record.organisation_id,
            "slug": record.organisation_slug,
            "name": record.organisation,
            "kind": record.organisation_kind,
            "population": record.population,
        },
        "taken_from_id": record.taken_from_id,
        **record.values,
        "updated_at": moment(record.updated_at),
    }
