"""Decisions in words."""

from forum.i18n import gettext as _
from forum.reviewables.models import Decision


def decision_words(decision: Decision) -> str:
    """What a moderator chooses, and what was chosen."""
    return {
        Decision.HIDE: _("Hide the post"),
        Decision.DELETE: _("Delete the post"),
        Decision.DISAGREE: _("Leave it: the reports are wrong"),
        Decision.IGNORE: _("Leave it: nothing to decide"),
        Decision.UPHOLD: _("Uphold the decision"),
        Decision.OVERTURN: _("Bring the post back"),
    }[decision]


def ruling_words(decision: Decision, swept: int = 0) -> str:
    """What its author is told was done to the post; to all of them when so many were `swept` away."""
    if swept and decision is Decision.DELETE:
        return _("All your posts are deleted: only you and the moderators can read them.")
    return {
        Decision.HIDE: _("Your post is hidden: only you and the moderators can read it."),
        Decision.DELETE: _("Your post is deleted: only you and the moderators can read it."),
        Decision.UPHOLD: _("Somebody else looked at it again: the decision stands."),
        Decision.OVERTURN: _("Somebody else looked at it again: your post is back."),
    }[decision]
