"""Mails: written in the transaction of what they tell, sent after it."""

import asyncio
import logging
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import orjson
from msgspec import Struct

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.categories.queries import site_version, themes
from forum.clock import now
from forum.errors import Conflict, require
from forum.i18n import current_locale, speaking
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from forum.mail.delivery import KEPT, Away, Later, Refused, deliver, remove_files
from forum.mail.kinds import KINDS, Envelope, Letter
from forum.mail.models import MailState
from forum.mail.office import the_office
from forum.mail.permissions import may_tend_mails
from forum.mail.text import message_of
from forum.stored import object_in
from realtime import log
from realtime.sql import as_datetime, dialect, sql

# Longer than a mail may take (`delivery.WHOLE`).
CLAIM = timedelta(minutes=3)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# As mail servers do (RFC 5321, 4.5.4.1).
GIVE_UP = timedelta(days=5)
# Noted when the process that had claimed a mail died: nobody knows whether the server has it already.
LOST = "claimed before, by a process that died"
# Seconds that one run of the job may take before it lets others: below the lease of a job.
RUN = 120

logger = logging.getLogger("relais.mail.outbox")


class Claimed(Struct, frozen=True):
    """A mail that this process is sending."""

    id: int
    message_id: str
    kind: str
    payload: dict[str, Any]
    to: str
    locale: str
    base_url: str
    attempts: int
    created_at: datetime


async def write_mail(
    kind: str, to: str, base_url: str, locale: str = "", *, member_id: int | None = None, **payload: int | str
) -> None:
    """Put a mail in the outbox, within the caller's transaction: it leaves if, and only if, that stands.

    Args:
        kind: what composes it when it is sent (`forum/mail/kinds.py`).
        to: the address.
        base_url: the site's address, for its links.
        locale: the reader's language; the current one if none is given.
        member_id: whom it concerns, if the address is not, or no longer, the one of their account.
        payload: ids and words for the composer; forgotten once the mail has left.
    """
    await sql(
        """INSERT INTO outbox (message_id, kind, payload, to_address, locale, base_url, state, attempts,
            next_at, last_error, created_at, member_id) VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, 0,
            {7}, '', {7}, COALESCE({8}, (SELECT id FROM users WHERE email = {9})))""",
        f"<{token_hex(16)}@{urlsplit(base_url).hostname or 'localhost'}>",
        kind,
        orjson.dumps(payload).decode(),
        to,
        locale or current_locale(),
        base_url,
        MailState.WAITING.value,
        now(),
        member_id,
        to,
    )
    await jobs.enqueue("send_mails")


async def send_mails() -> None:
    """Send what is due, until there is nothing more, the server is away, or the run has been long enough."""
    end = time.monotonic() + RUN
    while time.monotonic() < end and (claimed := await _claim()):
        if not await _send(claimed):
            return


async def _claim() -> Claimed | None:
    """Take the next mail that is due. The claim is on the disk before the server hears of the mail."""
    skip = " FOR UPDATE SKIP LOCKED" if dialect() == "postgres" else ""
    due = (
        "SELECT id FROM outbox WHERE (state = 'waiting' AND next_at <= {0})"
        " OR (state = 'sending' AND claimed_until < {0}) ORDER BY next_at, id LIMIT 1"
    )
    async with log.transaction():
        rows = await sql(
            f"""UPDATE outbox SET state = 'sending', claimed_until = {{1}}, attempts = attempts + 1,
                last_error = CASE state WHEN 'sending' THEN '{LOST}' ELSE '' END
                WHERE id = ({due}{skip}) RETURNING id, message_id, kind, payload, to_address, locale,
                base_url, attempts, last_error, created_at""",
            now(),
            now() + CLAIM,
        )
    return _claimed(rows[0]) if rows else None


def _claimed(row: dict[str, Any]) -> Claimed:
    if row["last_error"] == LOST:
        logger.warning("a mail may arrive twice", extra={"mail_id": row["id"], "mail": row["message_id"]})
    payload = object_in(row["payload"], "outbox", "payload")
    return Claimed(
        row["id"], row["message_id"], row["kind"], payload, row["to_address"], row["locale"],
        row["base_url"], row["attempts"], as_datetime(row["created_at"]),
    )  # fmt: skip


async def _send(claimed: Claimed) -> bool:
    """Compose a mail and hand it over; False when the server is away."""
    office = the_office()
    await themes(await site_version())  # the site's name, as it is now
    base_url = office.config.base_url or claimed.base_url
    with speaking(claimed.locale):
        try:
            letter = await _compose(claimed, Envelope(claimed.to, base_url, office.config))
            if letter is None:
                await _drop(claimed)
                return True
            await deliver(
                message_of(
                    letter, office.templates, office.config,
                    to=claimed.to, locale=claimed.locale, message_id=claimed.message_id,
                ),
                office.config,
            )  # fmt: skip
        except Refused as refusal:
            await _fail(claimed, str(refusal))
        except Later as fault:
            await _put_back(claimed, str(fault))
            return not isinstance(fault, Away)
        except Exception as fault:
            # One that cannot be written keeps nobody else's waiting.
            logger.exception("a mail cannot be written", extra={"mail_id": claimed.id})
            await _put_back(claimed, repr(fault))
        else:
            await _end(claimed, MailState.SENT)
    return True


async def _compose(claimed: Claimed, envelope: Envelope) -> Letter | None:
    """What the mail says, as things are now; nobody whose account is closed is written to."""
    closed = await sql("SELECT 1 FROM users WHERE email = {0} AND deactivated_at IS NOT NULL", claimed.to)
    return None if closed else await KINDS[claimed.kind](envelope, **claimed.payload)


async def _drop(claimed: Claimed) -> None:
    """Nothing to say any more: no trace stays that somebody was nearly written to."""
    async with log.transaction():
        await sql("DELETE FROM outbox WHERE id = {0}", claimed.id)


async def _fail(claimed: Claimed, words: str) -> None:
    logger.warning("a mail was refused", extra={"mail_id": claimed.id, "kind": claimed.kind})
    await _end(claimed, MailState.FAILED, words)


async def _end(claimed: Claimed, state: MailState, words: str = "") -> None:
    """It has left: what it said is forgotten. One that failed keeps it, for whoever has it sent again."""
    forget = ", payload = '{}'" if state is MailState.SENT else ""
    async with log.transaction():
        await sql(
            f"""UPDATE outbox SET state = {{1}}, claimed_until = NULL, last_error = {{2}},
                ended_at = {{3}}{forget} WHERE id = {{0}}""",
            claimed.id,
            state.value,
            words[:500],
            now(),
        )


async def _put_back(claimed: Claimed, why: str) -> None:
    """Later again: after a minute, then twice as long each time, up to an hour, for five days."""
    logger.warning("a mail waits", extra={"mail_id": claimed.id, "attempts": claimed.attempts})
    if now() - claimed.created_at > GIVE_UP:
        await _end(claimed, MailState.FAILED, why)
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(claimed.attempts - 1, 10))
    async with log.transaction():
        await sql(
            """UPDATE outbox SET state = 'waiting', claimed_until = NULL, next_at = {1}, last_error = {2}
                WHERE id = {0}""",
            claimed.id,
            now() + wait,
            why[:500] or "unknown",
        )


async def forget_mails() -> None:
    """The job: mails that have left, or were refused, some time ago; those that wait stay."""
    async with log.transaction():
        rows = await sql("DELETE FROM outbox WHERE ended_at < {0} RETURNING message_id", now() - KEPT)
    await _remove([row["message_id"] for row in rows])


async def forget_mails_of(member_id: int, address: str, names: Collection[str]) -> int:
    """A step of erasing: every mail to a member, also to addresses that they had before; how many.

    Args:
        names: theirs. The files of mails to others that say one of them go too.
    """
    rows = await sql(
        "DELETE FROM outbox WHERE member_id = {0} OR to_address = {1} RETURNING message_id",
        member_id,
        address,
    )
    await _remove([row["message_id"] for row in rows], address, names)
    return len(rows)


async def _remove(message_ids: list[str], to: str = "", names: Collection[str] = ()) -> None:
    folder = the_office().config.data / "mail"
    await asyncio.to_thread(remove_files, folder, message_ids, to, names)


async def send_trial_to(admin: Viewer, base_url: str) -> str:
    """Put a trial mail to oneself in the outbox; the address.

    Raises:
        Forbidden: not an administrator. Conflict: one has no address.
    """
    require(may_tend_mails(admin))
    rows = await sql("SELECT email FROM users WHERE id = {0} AND email IS NOT NULL", admin.member_id)
    if not rows:
        raise Conflict(_("You have no address here: give one in your preferences."))
    async with log.transaction():
        await write_mail("trial", rows[0]["email"], base_url)
    return str(rows[0]["email"])


async def retry_mail(admin: Viewer, mail_id: int) -> None:
    """Try a mail at once, for another five days; also one that had failed.

    Raises:
        Forbidden: not an administrator. Conflict: it has left, is being sent, or was given up.
    """
    require(may_tend_mails(admin))
    async with log.transaction():
        rows = await sql(
            """UPDATE outbox SET state = 'waiting', attempts = 0, next_at = {1}, created_at = {1},
                ended_at = NULL WHERE id = {0} AND state IN ('waiting', 'failed') RETURNING kind""",
            mail_id,
            now(),
        )
        if not rows:
            raise Conflict(_("This mail has left, is being sent, or was given up."))
        await jobs.enqueue("send_mails")
        await note(admin.id, Act.RETRY_MAIL, details={"mail": mail_id, "kind": rows[0]["kind"]})


async def abandon_mail(admin: Viewer, mail_id: int) -> None:
    """Give a mail up that has not left: no trace of it stays but in the journal.

    Raises:
        Forbidden: not an administrator. Conflict: it has left, is being sent, or was given up before.
    """
    require(may_tend_mails(admin))
    async with log.transaction():
        rows = await sql(
            "DELETE FROM outbox WHERE id = {0} AND state IN ('waiting', 'failed') RETURNING kind", mail_id
        )
        if not rows:
            raise Conflict(_("This mail has left, is being sent, or was given up."))
        await note(admin.id, Act.ABANDON_MAIL, details={"mail": mail_id, "kind": rows[0]["kind"]})
