"""What the outbox holds about people."""

from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.mail.actions import forget_mails_of
from forum.mail.delivery import KEPT
from forum.personal import Export, Holding, Leaver, holds
from realtime.log import Record


def _as_long_as_the_outbox() -> str:
    return ngettext("%(n)d day after it was sent", "%(n)d days after it was sent", KEPT.days) % {
        "n": KEPT.days
    }


async def _forget(leaver: Leaver, record: Record) -> int:
    """Those that have left too: rows, and files where there is no mail server."""
    names = {leaver.username, leaver.name} - {""}
    return await forget_mails_of(leaver.id, leaver.email, names)


holds(
    Holding(
        "outbox",
        what=lambda: _("The mails that you are sent: what kind, to which address, when. Not their text."),
        kept=_as_long_as_the_outbox,
        people=("member_id",),
        exports=(
            Export(
                "mails.json",
                """SELECT id, kind, to_address, state, created_at, ended_at FROM outbox WHERE id > {1}
                    AND (member_id = {0} OR to_address = (SELECT email FROM users WHERE id = {0}))
                    ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(_forget,),
    )
)
