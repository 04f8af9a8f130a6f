"""Who may tend the outbox. Pure."""

from forum.accounts.viewer import Viewer


def may_tend_mails(viewer: Viewer) -> bool:
    """Administrators."""
    return viewer.admin
