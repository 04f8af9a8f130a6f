"""Why one flags a post, and what came of it, in words."""

from forum.flags.models import FlagType
from forum.i18n import gettext as _
from forum.reviewables.models import Decision


def flag_words(flag_type: FlagType) -> str:
    """The reason as its form offers it."""
    return {
        FlagType.OFF_TOPIC: _("It is off topic here"),
        FlagType.INAPPROPRIATE: _("It is out of place: hurtful, unlawful, or against the code of conduct"),
        FlagType.SPAM: _("It is advertising"),
        FlagType.NOTIFY_MODERATORS: _("Something else"),
    }[flag_type]


def outcome_words(decision: Decision | None) -> str:
    """What came of a flag, for whoever raised it."""
    return {
        None: _("The moderators have it before them. You will be told what they decide."),
        Decision.HIDE: _("The moderators agreed with you: the post is hidden."),
        Decision.DELETE: _("The moderators agreed with you: the post is deleted."),
        Decision.DISAGREE: _("The moderators looked at the post and found that it may stay."),
    }.get(decision, _("The moderators looked at the post and left it as it is."))
