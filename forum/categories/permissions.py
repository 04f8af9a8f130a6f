"""Who may do what with themes. Pure."""

from forum.accounts.viewer import Viewer


def may_manage_themes(viewer: Viewer) -> bool:
    """Administrators."""
    return viewer.admin
