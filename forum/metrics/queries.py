"""What the metrics say of the site as a whole: its database and its jobs."""

import asyncio
import logging
import time

from msgspec import Struct

from forum.clock import now
from forum.database import database_answers
from forum.jobs import MAX_ATTEMPTS
from realtime.sql import sql

PATIENCE_SECONDS = 2.0

logger = logging.getLogger("relais.metrics")


class SiteState(Struct, frozen=True):
    """The database's answer, the jobs and the mails; zeros when it does not answer."""

    answers: bool = False
    answer_seconds: float = 0.0
    jobs_due: int = 0
    jobs_failing: int = 0
    jobs_given_up: int = 0
    mails_waiting: int = 0
    mails_failed: int = 0


async def site_state() -> SiteState:
    """The state of this moment; a database that does not answer within two seconds is said to be away."""
    try:
        return await asyncio.wait_for(_read(), PATIENCE_SECONDS)
    except Exception as error:
        logger.warning("the database does not answer", extra={"error": repr(error)})
        return SiteState()


async def _read() -> SiteState:
    began = time.perf_counter()
    await database_answers()
    seconds = time.perf_counter() - began
    rows = await sql(
        f"""SELECT COUNT(CASE WHEN attempts < {MAX_ATTEMPTS} AND run_at <= {{0}}
                AND (locked_until IS NULL OR locked_until < {{0}}) THEN 1 END) AS jobs_due,
            COUNT(CASE WHEN attempts < {MAX_ATTEMPTS} AND last_error <> '' THEN 1 END) AS jobs_failing,
            COUNT(CASE WHEN attempts >= {MAX_ATTEMPTS} THEN 1 END) AS jobs_given_up FROM jobs""",
        now(),
    )
    mails = await sql(
        """SELECT COUNT(CASE WHEN ended_at IS NULL THEN 1 END) AS mails_waiting,
            COUNT(CASE WHEN state = 'failed' THEN 1 END) AS mails_failed FROM outbox"""
    )
    return SiteState(True, seconds, **rows[0], **mails[0])
