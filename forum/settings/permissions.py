"""Who may change how the site works. Pure."""

from forum.accounts.viewer import Viewer


def may_set(viewer: Viewer) -> bool:
    """Administrators."""
    return viewer.admin
