"""Decisions about appeals in words."""

from forum.i18n import gettext as _
from forum.reviewables.models import Decision


def choice_words(decision: Decision) -> str:
    """What a moderator chooses."""
    return {
        Decision.OVERTURN: _("Lift the suspension"),
        Decision.UPHOLD: _("Keep the suspension"),
    }[decision]
