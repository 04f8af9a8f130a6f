"""Who may change what others are on the site. Pure."""

from forum.accounts.viewer import Viewer


def may_change_roles(viewer: Viewer) -> bool:
    """Administrators alone: no lower rank acts on a higher one."""
    return viewer.admin
