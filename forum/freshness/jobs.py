"""Asking authors, when the date has come, whether what they wrote still holds; later those who took it up."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct

from forum.categories.queries import ids, site_version
from forum.channels import public_lists, topic_channel
from forum.clock import now
from forum.config import LOCAL_ADDRESS
from forum.freshness.alerts import ask_on_site, settle, unsettled
from forum.freshness.periods import ANSWERS_HOLD_FOR, add_months, dated_kinds
from forum.freshness.queries import ASKED, TABLES, dated_posts, is_dated, marks_of
from forum.freshness.steps import mark_topic, tell
from forum.mail.actions import write_mail
from forum.mail.office import the_office
from forum.notices.levels import MailLevel
from realtime import log
from realtime.sql import as_datetime, sql

BATCH = 200
# Of items in one mail, the others coming in the next one.
MOST = 20
# Between two mails to one member: what falls due within a week is asked together.
APART = timedelta(days=7)

# For so long it is the author's to answer; whoever has left is not waited for.
PATIENCE = timedelta(days=30)

TAKEN_UP = f"""{TABLES} JOIN reuses k ON k.post_id = p.id JOIN users u ON u.id = k.user_id
    JOIN users w ON w.id = p.user_id"""

# Found from the answers, not among all posts.
OLD_ANSWERS = """p.id IN (SELECT o.post_id FROM accepted_answers o WHERE o.created_at <= {0}
    AND NOT EXISTS (SELECT 1 FROM review_dates d WHERE d.post_id = o.post_id))"""


class Locked(Struct, frozen=True):
    """A topic under its lock: where it is, what was doubtful about it."""

    category_id: int
    freshness: str | None


class Due(Struct, frozen=True):
    """A member to be asked."""

    user_id: int
    email: str
    locale: str | None


def _there() -> str:
    """The condition on `TABLES` of what may be asked about."""
    return f"{is_dated()} AND t.deleted_at IS NULL"


async def mark_due() -> None:
    """The job: what has come to its date says so wherever it is shown; may be run again."""
    await site_version()
    await _look_at_successors()
    await _give_usual_dates()
    await _mark_all()
    await _settle_alerts()


async def _look_at_successors() -> None:
    """What was replaced is not any more once the newer topic is deleted, and is again when it is back."""
    rows = await sql(
        """SELECT s.post_id FROM supersessions s JOIN topics n ON n.id = s.successor_id
            JOIN posts p ON p.id = s.post_id JOIN topics t ON t.id = p.topic_id
            WHERE t.deleted_at IS NULL AND ((n.deleted_at IS NOT NULL AND t.freshness = 'superseded')
            OR (n.deleted_at IS NULL AND t.freshness IS NULL AND t.accepted_count <= 1)) ORDER BY s.post_id"""
    )
    for row in rows:
        async with log.transaction() as record:
            for dated in await marks_of([row["post_id"]]):
                before = await _lock(dated.topic_id)
                if await mark_topic(dated.topic_id) != before.freshness:
                    lists = await public_lists(before.category_id)
                    tell(record, [topic_channel(dated.topic_id), *lists], dated)


async def _lock(topic_id: int) -> Locked:
    rows = await sql(
        "UPDATE topics SET version = version + 1 WHERE id = {0} RETURNING category_id, freshness", topic_id
    )
    return Locked(**rows[0])


async def _give_usual_dates() -> None:
    """Rows for what has reached the date of its kind and that nobody has ever dated."""
    for kind, months in dated_kinds().items():
        await _give_dates("p.post_number = 1 AND t.kind = {1} AND t.created_at <= {0}", months, kind)
    await _give_dates(OLD_ANSWERS, ANSWERS_HOLD_FOR)


async def _give_dates(where: str, months: int, *values: str) -> None:
    while True:
        rows = await sql(
            f"""SELECT p.id, COALESCE(a.created_at, p.created_at) AS born_at FROM {TABLES}
                WHERE {where} AND r.id IS NULL AND {_there()} ORDER BY p.id LIMIT {BATCH}""",
            add_months(now(), -months),
            *values,
        )
        async with log.transaction():
            for row in rows:
                await sql(
                    """INSERT INTO review_dates (post_id, months, due_at) VALUES ({0}, {1}, {2})
                        ON CONFLICT (post_id) DO NOTHING""",
                    row["id"],
                    months,
                    add_months(as_datetime(row["born_at"]), months),
                )
        if len(rows) < BATCH:
            return


async def _mark_all() -> None:
    while True:
        rows = await sql(
            f"""SELECT p.id, p.topic_id FROM {TABLES} WHERE r.due_at <= {{0}} AND {_there()}
                AND n.id IS NULL AND (r.asked_at IS NULL
                OR r.asked_at <= COALESCE(a.created_at, p.created_at)) ORDER BY p.id LIMIT {BATCH}""",
            now(),
        )
        for row in rows:
            await _mark(row["id"], row["topic_id"])
        if len(rows) < BATCH:
            return


async def _mark(post_id: int, topic_id: int) -> None:
    """One post whose date has passed; one that was accepted again meanwhile gets its later date instead."""
    async with log.transaction() as record:
        locked = await _lock(topic_id)
        found = await dated_posts([post_id])
        if not found:
            return
        (dated,) = found
        if dated.due_at > now():
            await sql(
                "UPDATE review_dates SET due_at = {1}, asked_at = NULL WHERE post_id = {0}",
                post_id,
                dated.due_at,
            )
            return
        await sql("UPDATE review_dates SET asked_at = {1} WHERE post_id = {0}", post_id, now())
        await mark_topic(dated.topic_id)
        await ask_on_site(record, dated)
        tell(record, [topic_channel(dated.topic_id), *await public_lists(locked.category_id)], dated)


async def _settle_alerts() -> None:
    """What was answered, deleted or replaced otherwise than on its page waits for nobody."""
    for user_id in await unsettled():
        async with log.transaction() as record:
            await settle(record, user_id)


async def ask_authors() -> None:
    """The job: a mail to whoever wrote what is to be checked; harmless when it runs twice."""
    for due in await _to_mail():
        await _write(due)


async def _to_mail() -> list[Due]:
    rows = await sql(
        f"""SELECT DISTINCT u.id AS user_id, u.email, u.locale FROM {TABLES} JOIN users u ON u.id = p.user_id
            WHERE {ASKED} AND {_there()} AND (r.mailed_at IS NULL OR r.mailed_at < r.asked_at)
            AND u.email IS NOT NULL AND u.deactivated_at IS NULL AND u.mail_level <> '{MailLevel.NEVER}'
            AND (u.suspended_until IS NULL OR u.suspended_until < {{0}})
            AND NOT EXISTS (SELECT 1 FROM review_dates m JOIN posts mp ON mp.id = m.post_id
                WHERE mp.user_id = u.id AND m.mailed_at > {{1}})
            ORDER BY u.id LIMIT {BATCH}""",
        now(),
        now() - APART,
    )
    return [Due(**row) for row in rows]


async def _write(due: Due) -> None:
    """One mail for all that the member is asked about; each post is mailed once a date."""
    async with log.transaction():
        waiting = await sql(
            f"""SELECT p.id FROM {TABLES} WHERE p.user_id = {{0}} AND {ASKED} AND {_there()}
                AND (r.mailed_at IS NULL OR r.mailed_at < r.asked_at) ORDER BY r.due_at, p.id LIMIT {MOST}""",
            due.user_id,
        )
        rows = await sql(
            f"""UPDATE review_dates SET mailed_at = {{0}} WHERE post_id IN
                ({ids(frozenset(row["id"] for row in waiting))}) AND asked_at IS NOT NULL
                AND (mailed_at IS NULL OR mailed_at < asked_at) RETURNING post_id""",
            now(),
        )
        await _mail(due, [row["post_id"] for row in rows])


def _unanswered() -> str:
    """The condition on `TAKEN_UP` of what its author has left open since {0}, its reuser not asked yet."""
    return f"""{ASKED} AND {_there()} AND u.id <> p.user_id
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
        await _write_to_reuser(Due(**row))


async def _write_to_reuser(due: Due) -> None:
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
        await _mail(due, [row["post_id"] for row in rows])


async def _mail(due: Due, post_ids: Sequence[int]) -> None:
    """A step of asking: the mail about these posts; none about nothing."""
    if post_ids:
        config = the_office().config
        address, locale = config.base_url or LOCAL_ADDRESS, due.locale or config.default_locale
        posts = ",".join(map(str, post_ids))
        await write_mail("still_true", due.email, address, locale, user_id=due.user_id, posts=posts)
