"""Who may do what with groups. Pure."""

from forum.accounts.viewer import Viewer


def may_manage_groups(viewer: Viewer) -> bool:
    """Administrators: a group opens themes to its members."""
    return viewer.admin
