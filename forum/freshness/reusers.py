"""Asking those who did the same, when its author has not answered for a month, whether it still holds."""

from datetime import timedelta

from forum.categories.queries import ids
from forum.clock import now
from forum.freshness.jobs import APART, BATCH, MOST, Due, to_be_asked, write_to
from forum.freshness.queries import ASKED, TABLES
from forum.notices.levels import MailLevel
from realtime import log
from realtime.sql import sql

# For so long it is the author's to answer; whoever has left is not waited for.
PATIENCE = timedelta(days=30)

TAKEN_UP = f"""{TABLES} JOIN reuses k ON k.post_id = p.id JOIN users u ON u.id = k.user_id
    JOIN users w ON w.id = p.user_id"""


def _unanswered() -> str:
    """The condition on `TAKEN_UP` of what its author has left open since {0}, its reuser not asked yet."""
    return f"""{ASKED} AND {to_be_asked()} AND u.id <> p.user_id
        AND (r.asked_at <= {{0}} OR w.deactivated_at IS NOT NULL)
        AND (k.asked_at IS NULL OR k.asked_at < r.asked_at)"""


async def ask_reusers() -> None:
    """The job: a mail to whoever told of taking it up; harmless when it runs twice."""
    rows = await sql(
        f"""SELECT DISTINCT u.id AS user_id, u.email, u.locale FROM {TAKEN_UP} WHERE {_unanswered()}
            AND u.email IS NOT NULL AND u.deactivated_at IS NULL AND u.mail_level <> '{MailLevel.NEVER}'
            AND (u.suspended_until IS NULL OR u.suspended_until < {{1}})
            AND NOT EXISTS (SELECT 1 FROM reuses m WHERE m.user_id = u.id AND m.asked_at > {{2}})
            ORDER BY u.id LIMIT {BATCH}""",
        now() - PATIENCE,
        now(),
        now() - APART,
    )
    for row in rows:
        await _write(Due(**row))


async def _write(due: Due) -> None:
    """One mail for all that the member took up; each record is asked about once a date."""
    async with log.transaction():
        waiting = await sql(
            f"""SELECT k.id FROM {TAKEN_UP} WHERE u.id = {{1}} AND {_unanswered()}
                ORDER BY r.due_at, k.id LIMIT {MOST}""",
            now() - PATIENCE,
            due.user_id,
        )
        records = ids(frozenset(row["id"] for row in waiting))
        rows = await sql(
            f"""UPDATE reuses SET asked_at = {{0}} WHERE id IN ({records}) AND (asked_at IS NULL
                OR asked_at < (SELECT d.asked_at FROM review_dates d WHERE d.post_id = reuses.post_id))
                RETURNING post_id""",
            now(),
        )
        await write_to(due, [row["post_id"] for row in rows])
