"""What archives hold about people."""

from forum.exports.actions import forget_archive_of
from forum.exports.queries import LIFETIME
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.personal import Holding, Leaver, holds
from realtime.log import Record


def _until_downloaded() -> str:
    days = LIFETIME.days
    return ngettext(
        "until you download it, %(n)d day at the most", "until you download it, %(n)d days at the most", days
    ) % {"n": days}


async def _forget(leaver: Leaver, record: Record) -> int:
    return await forget_archive_of(leaver.id)


holds(
    Holding(
        "data_exports",
        what=lambda: _("The archive of your data that you have asked for."),
        kept=_until_downloaded,
        people=("user_id",),
        withheld="it is the archive itself",
        erase=(_forget,),
    )
)
