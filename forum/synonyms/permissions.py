"""Who may edit the search's other words. Pure."""

from forum.accounts.viewer import Viewer


def may_edit_synonyms(viewer: Viewer) -> bool:
    """Moderators, administrators, and the animators of some theme; to everyone else there is no such page."""
    return viewer.signed_in and (viewer.staff or bool(viewer.animates))
