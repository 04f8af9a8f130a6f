"""Who may tie an identity to an account, and untie it. Pure."""

from forum.accounts.viewer import Viewer


def may_link(viewer: Viewer, *, recent: bool) -> bool:
    """A member at a browser who showed a moment ago that the session is theirs.

    Tying an identity opens the account to it for good: a session that was left open does not do.
    """
    return viewer.signed_in and recent


def may_unlink(viewer: Viewer, *, has_password: bool) -> bool:
    """A member who has another way in."""
    return viewer.signed_in and has_password
