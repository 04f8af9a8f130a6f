"""What accounts and sessions hold about people."""

from forum.accounts.sessions import LIFETIME, close_sessions
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.personal import Export, Holding, Leaver, holds, with_the_account
from realtime.log import Record


def _a_session_long() -> str:
    days = LIFETIME.days
    return ngettext("%(n)d day after signing in", "%(n)d days after signing in", days) % {"n": days}


async def _end_sessions(leaver: Leaver, record: Record) -> int:
    return await close_sessions(record, "user_id = {0}", leaver.id)


holds(
    Holding(
        "users",
        what=lambda: _(
            "Your account: user name, name, address, password (as a hash that cannot be read back), function,"
            " place of work, language, time zone, picture, when it was made and last used; whether you may"
            " write, which mails you want, which charter you accepted and when."
        ),
        kept=with_the_account,
        people=("id",),
        texts=("suspended_reason", "silenced_reason"),
        exports=(
            Export(
                "account.json",
                """SELECT id, username, name, email, title AS function, affiliation, locale, time_zone, admin,
                    moderator, created_at, last_seen_at, suspended_until, silenced_until, silenced_reason,
                    deactivated_at, mail_level, charter_version, charter_accepted_at FROM users
                    WHERE id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
                flags=("admin", "moderator"),
            ),
        ),
        stays="the row itself goes last, when nothing refers to it any more (forum/erasures/actions.py)",
    )
)
holds(
    Holding(
        "sessions",
        what=lambda: _(
            "Where you are signed in: internet address, browser, times, when you last gave your password; so"
            " that you can see it and sign out."
        ),
        kept=_a_session_long,
        people=("user_id",),
        exports=(
            Export(
                "sessions.json",
                """SELECT id, created_at, last_seen_at, expires_at, confirmed_at, address, user_agent
                    FROM sessions WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(_end_sessions,),
    )
)
