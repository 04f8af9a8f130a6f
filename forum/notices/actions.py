"""Mails about alerts that were not read: written by a job, one for each topic, once for each alert."""

from datetime import timedelta

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.clock import now
from forum.config import LOCAL_ADDRESS, Config
from forum.errors import Invalid, require
from forum.i18n import gettext as _
from forum.links import LinkSpent, fingerprint, opened
from forum.mail.actions import write_mail
from forum.mail.office import the_office
from forum.notices.levels import MailLevel
from forum.notifications.models import NotificationType
from realtime import log
from realtime.sql import sql

# Whoever is there reads an alert before this.
WAIT = timedelta(minutes=5)
# When sessions were used is known to a quarter of an hour.
AWAY = timedelta(minutes=30)
# Between two mails about one topic.
APART = timedelta(hours=1)
# What has waited longer (mail was off, the site was down) is no news.
NEWS = timedelta(days=1)
BATCH = 100
# Of alerts mailed together, the rest being on the page.
MOST = 20

ADDRESSED = (NotificationType.MENTIONED, NotificationType.REPLIED, NotificationType.QUOTED)
DECISIONS = (NotificationType.MODERATED, NotificationType.APPEAL_DECIDED)
MAILED = ", ".join(str(int(kind)) for kind in (*ADDRESSED, NotificationType.PEERS_ASKED, *DECISIONS))

UNSUBSCRIBE = "unsubscribe"
# A mail is found again after years.
UNSUBSCRIBE_LIFETIME = timedelta(days=1000)


class Due(Struct, frozen=True):
    """A member to be told of one topic."""

    user_id: int
    topic_id: int
    email: str
    locale: str | None


async def write_notices() -> None:
    """The job: a mail for each member and topic with alerts that wait; harmless when it runs twice."""
    for due in await _due():
        await _write(due)


async def _due() -> list[Due]:
    rows = await sql(
        f"""SELECT DISTINCT n.user_id, n.topic_id, u.email, u.locale
            FROM notifications n JOIN users u ON u.id = n.user_id
            WHERE n.created_at > {{0}} AND n.created_at < {{1}} AND n.mailed_at IS NULL AND NOT n.read
            AND n.notification_type IN ({MAILED}) AND u.email IS NOT NULL AND u.deactivated_at IS NULL
            AND (u.suspended_until IS NULL OR u.suspended_until < {{2}})
            AND (u.mail_level = 'always' OR (u.mail_level = 'away'
                AND (n.notification_type >= {int(NotificationType.MODERATED)} OR NOT EXISTS
                    (SELECT 1 FROM sessions s WHERE s.user_id = u.id AND s.last_seen_at > {{3}}))))
            AND NOT EXISTS (SELECT 1 FROM notifications m WHERE m.user_id = n.user_id
                AND m.topic_id = n.topic_id AND m.mailed_at > {{4}})
            ORDER BY n.user_id, n.topic_id LIMIT {BATCH}""",
        now() - NEWS,
        now() - WAIT,
        now(),
        now() - AWAY,
        now() - APART,
    )
    return [Due(**row) for row in rows]


async def _write(due: Due) -> None:
    config = the_office().config
    async with log.transaction():
        rows = await sql(
            f"""UPDATE notifications SET mailed_at = {{2}} WHERE user_id = {{0}} AND topic_id = {{1}}
                AND mailed_at IS NULL AND NOT read AND notification_type IN ({MAILED}) RETURNING id""",
            due.user_id,
            due.topic_id,
            now(),
        )
        if rows:
            numbers = ",".join(str(row["id"]) for row in sorted(rows, key=lambda row: row["id"])[:MOST])
            await write_mail(
                "notices", due.email, config.base_url or LOCAL_ADDRESS, due.locale or config.default_locale,
                user_id=due.user_id, alerts=numbers,
            )  # fmt: skip


async def set_mail_level(member: Viewer, level: str) -> None:
    """Choose how much one hears by mail.

    Raises:
        Forbidden: a visitor. Invalid: no such level.
    """
    require(member.signed_in)
    if level not in list(MailLevel):
        raise Invalid(fields={"mail_level": _("Choose one of the three.")})
    async with log.transaction():
        await sql("UPDATE users SET mail_level = {1} WHERE id = {0}", member.member_id, level)


async def unsubscribe(config: Config, token: str) -> None:
    """End the notices to the address to which this link was mailed; the same answer the second time.

    Nothing tells whether there is an account at that address now.

    Raises:
        LinkSpent: not a link of ours.
    """
    user_id, mark = opened_link(config, token)
    async with log.transaction():
        rows = await sql(
            "UPDATE users SET mail_level = mail_level WHERE id = {0} RETURNING email, mail_level", user_id
        )
        if rows and fingerprint(user_id, rows[0]["email"]) == mark:
            await sql("UPDATE users SET mail_level = 'never' WHERE id = {0}", user_id)


def opened_link(config: Config, token: str) -> tuple[int, str]:
    """Whose link it is, and the mark of the address that it was sent to.

    Raises:
        LinkSpent: not a link of ours.
    """
    payload = opened(config, UNSUBSCRIBE, token, UNSUBSCRIBE_LIFETIME)
    if payload is None:
        raise LinkSpent
    return int(payload[0]), str(payload[1])
