"""Who may have a file. Pure: asked by the door of files, by whoever cooks a text, by the export."""

from collections.abc import Sequence
from typing import Protocol

from forum.accounts.viewer import Viewer


class Place(Protocol):
    """A post that shows the file."""

    @property
    def category_id(self) -> int: ...
    @property
    def topic_deleted(self) -> bool: ...
    @property
    def author_id(self) -> int: ...
    @property
    def deleted(self) -> bool: ...


def may_have_upload(viewer: Viewer, sender_id: int, places: Sequence[Place]) -> bool:
    """Whoever may read a post that shows it; while none does, whoever sent it."""
    if not places:
        return viewer.signed_in and viewer.id == sender_id
    return any(_may_read(viewer, place) for place in places)


def _may_read(viewer: Viewer, place: Place) -> bool:
    """The same as `post_visible_to`."""
    looks_after = viewer.moderates(place.category_id)
    gone = place.deleted and not (looks_after or viewer.id == place.author_id)
    return viewer.may_see(place.category_id) and (looks_after or not place.topic_deleted) and not gone
