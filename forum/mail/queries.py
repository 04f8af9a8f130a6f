"""The outbox as administrators look at it: how it stands, never what a mail says."""

from datetime import datetime, timedelta

from msgspec import Struct

from forum.clock import now
from forum.config import Config
from forum.mail.delivery import server_options
from forum.mail.models import MailState
from realtime.sql import as_datetime, sql

DAY = timedelta(days=1)
MOST = 50


class MailLine(Struct, frozen=True):
    """A mail that has not left: to whom, of what kind, what the server said."""

    id: int
    kind: str
    to: str
    state: MailState
    attempts: int
    error: str
    created_at: datetime
    next_at: datetime

    @property
    def held(self) -> bool:
        """Whether somebody may decide about it now."""
        return self.state in (MailState.WAITING, MailState.FAILED)


class Outbox(Struct, frozen=True):
    """How many mails stand how, and those that have not left, the latest first, fifty at the most."""

    waiting: int
    sending: int
    failed: int
    sent: int
    lines: list[MailLine]


async def outbox() -> Outbox:
    """The outbox now; what was sent is counted for a day."""
    rows = await sql(
        "SELECT state, COUNT(*) AS n FROM outbox WHERE state <> 'sent' OR ended_at > {0} GROUP BY state",
        now() - DAY,
    )
    counts = {row["state"]: row["n"] for row in rows}
    return Outbox(
        counts.get(MailState.WAITING.value, 0),
        counts.get(MailState.SENDING.value, 0),
        counts.get(MailState.FAILED.value, 0),
        counts.get(MailState.SENT.value, 0),
        await _lines(),
    )


async def _lines() -> list[MailLine]:
    rows = await sql(
        f"""SELECT id, kind, to_address, state, attempts, last_error, created_at, next_at FROM outbox
            WHERE state <> 'sent' ORDER BY id DESC LIMIT {MOST}"""
    )
    return [
        MailLine(
            row["id"], row["kind"], row["to_address"], MailState(row["state"]), row["attempts"],
            row["last_error"], as_datetime(row["created_at"]), as_datetime(row["next_at"]),
        )
        for row in rows
    ]  # fmt: skip


class Way(Struct, frozen=True):
    """How mails leave: a server and its port, or a folder; never a name or a password."""

    server: str
    folder: str
    sender: str


def way_of(config: Config) -> Way:
    """As the site is configured."""
    if config.smtp_url is None:
        return Way("", str(config.data / "mail"), config.mail_from)
    options = server_options(config.smtp_url)
    return Way(f"{options['hostname']}:{options['port']}", "", config.mail_from)


async def is_written_since(kind: str, to: str, member_id: int, since: datetime) -> bool:
    """Whether a mail of this kind about this member was written to that address lately, sent or not."""
    rows = await sql(
        """SELECT 1 FROM outbox WHERE kind = {0} AND to_address = {1} AND member_id = {2} AND created_at > {3}
            LIMIT 1""",
        kind,
        to,
        member_id,
        since,
    )
    return bool(rows)
