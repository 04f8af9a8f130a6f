"""Who may read the journal. Pure."""

from forum.accounts.viewer import Viewer


def may_read_journal(viewer: Viewer) -> bool:
    """Administrators; moderators, whose acts it tells, do not."""
    return viewer.signed_in and viewer.admin
