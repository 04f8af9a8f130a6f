"""What requests for an account hold about people."""

from forum.i18n import gettext as _
from forum.personal import Holding, holds, signs_as_nobody
from forum.signup_requests.queries import KEPT_REFUSED, LONGEST_WAIT


def _until_decided() -> str:
    sentence = _("until it is decided, %(wait)d days at the most; %(kept)d days more if you are refused")
    return sentence % {"wait": LONGEST_WAIT.days, "kept": KEPT_REFUSED.days}


holds(
    Holding(
        "signup_requests",
        what=lambda: _(
            "Where staff decide who joins: what you say of yourself when you ask for an account, what was "
            "decided, why, and your appeal."
        ),
        kept=_until_decided,
        people=("claimed_by_id", "decided_by_id"),
        texts=("motive", "reason", "message"),
        withheld="it is of somebody who is no member yet; once approved, it goes",
        erase=(
            signs_as_nobody("signup_requests", "claimed_by_id"),
            signs_as_nobody("signup_requests", "decided_by_id"),
        ),
    )
)
