"""What archives hold about people."""

from forum.exports.queries import LIFETIME
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.personal import Holding, deletes, holds


def _until_downloaded() -> str:
    days = LIFETIME.days
    return ngettext(
        "until you download it, %(n)d day at the most", "until you download it, %(n)d days at the most", days
    ) % {"n": days}


holds(
    Holding(
        "data_exports",
        what=lambda: _("The archive of your data that you have asked for."),
        kept=_until_downloaded,
        people=("user_id",),
        withheld="it is the archive itself",
        erase=(deletes("data_exports"),),
    )
)
