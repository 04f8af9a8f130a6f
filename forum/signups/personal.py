"""What sign-ups hold about people who are not members yet."""

from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.personal import Holding, Leaver, holds
from forum.signups.queries import LIFETIME
from realtime.log import Record
from realtime.sql import sql


def _until_confirmed() -> str:
    days = LIFETIME.days
    return ngettext(
        "until your account is open; %(n)d day if you do not confirm your address",
        "until your account is open; %(n)d days if you do not confirm your address",
        days,
    ) % {"n": days}


async def _forget(leaver: Leaver, record: Record) -> int:
    """Also what somebody else had asked for under the name: it would tell of it."""
    return len(
        await sql(
            "DELETE FROM signups WHERE email = {0} OR username_lower = {1} RETURNING id",
            leaver.email,
            leaver.username.lower(),
        )
    )


holds(
    Holding(
        "signups",
        what=lambda: _(
            "What you type when you create an account: names, address, password (as a hash), language; which"
            " charter you accepted."
        ),
        kept=_until_confirmed,
        withheld="it is of somebody who is no member yet; once confirmed, it is the account",
        erase=(_forget,),
    )
)
