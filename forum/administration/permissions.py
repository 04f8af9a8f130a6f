"""Who may see the administration's pages."""

from forum.accounts.viewer import Viewer


def may_administer(viewer: Viewer) -> bool:
    """Administrators; to everyone else these pages do not exist."""
    return viewer.signed_in and viewer.admin
