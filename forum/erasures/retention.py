"""Accounts that nobody uses any more: their owners are warned twice, then they are erased."""

from datetime import timedelta
from typing import Any

from forum.clock import now
from forum.erasures.queries import FIRST_WARNING, LAST_WARNING
from forum.mail.actions import write_mail
from forum.mail.office import the_office
from forum.settings.known import INACTIVE_MONTHS
from forum.settings.queries import setting
from realtime import log
from realtime.sql import sql

BATCH = 100
MONTH = timedelta(days=30.44)
# Where links lead when the site has no address of its own (a workstation).
NOWHERE = "http://127.0.0.1:8000"


async def warn_inactive_members() -> None:
    """The job: begin to count for accounts that are new here, warn those whose time comes, and warn again.

    Staff are never erased for this; nor are authors who were imported, who have no address to be warned at.
    """
    await _begin_to_count()
    unused = await setting(INACTIVE_MONTHS) * MONTH - FIRST_WARNING
    while await _warn_first(unused) == BATCH:
        pass
    while await _warn_again() == BATCH:
        pass


async def _begin_to_count() -> None:
    """Nobody knows when they were last used: from now on."""
    async with log.transaction():
        await sql("UPDATE users SET last_seen_at = {0} WHERE last_seen_at IS NULL", now())


async def _warn_first(unused: timedelta) -> int:
    """Plan the erasure of accounts that have not been used for so long, by their owners or their programs."""
    async with log.transaction():
        rows = await sql(
            f"""INSERT INTO erasures (user_id, cause, asked_at, due_at, reminded)
                SELECT u.id, 'inactive', {{0}}, {{1}}, 1 FROM users u WHERE u.last_seen_at < {{2}}
                AND u.email IS NOT NULL AND NOT u.admin AND NOT u.moderator
                AND NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.user_id = u.id AND k.last_used_at >= {{2}})
                AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.user_id = u.id)
                ORDER BY u.id LIMIT {BATCH} RETURNING user_id""",
            now(),
            now() + FIRST_WARNING,
            now() - unused,
        )
        await _write_to(rows)
    return len(rows)


async def _warn_again() -> int:
    async with log.transaction():
        rows = await sql(
            f"""UPDATE erasures SET reminded = 2 WHERE id IN (SELECT id FROM erasures WHERE cause = 'inactive'
                AND reminded = 1 AND due_at <= {{0}} ORDER BY id LIMIT {BATCH}) RETURNING user_id""",
            now() + LAST_WARNING,
        )
        await _write_to(rows)
    return len(rows)


async def _write_to(rows: list[dict[str, Any]]) -> None:
    """Whoever has closed their account is written no mail (`forum/mail/actions.py`)."""
    base_url = the_office().config.base_url or NOWHERE
    for row in rows:
        (member,) = await sql("SELECT email, locale FROM users WHERE id = {0}", row["user_id"])
        locale = member["locale"] or the_office().config.default_locale
        await write_mail("account_unused", member["email"], base_url, locale, user_id=row["user_id"])
