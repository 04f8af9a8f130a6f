"""The job that erases accounts, in small pieces: killed anywhere, it finds the account again and goes on."""

import asyncio
import logging
from datetime import timedelta

from forum import jobs
from forum.accounts.actions import stop_member
from forum.accounts.nobody import nobody_id
from forum.channels import user_channel
from forum.clock import now
from forum.erasures.names import FormerName
from forum.erasures.queries import Planned, erasures_to_do
from forum.erasures.steps import OTHER_ADMIN
from forum.erasures.texts import TEXTS, Row, Texts, texts_of_kinds
from forum.errors import Conflict
from forum.i18n import gettext as _
from forum.i18n import speaking
from forum.mail.office import the_office
from forum.personal import HOLDINGS, Leaver, Step
from forum.pictures.files import forget, pictures_folder
from realtime import database, log, retention, rights
from realtime.sql import sql

# An account that is the last administrator's waits for another one: it is looked at again the next day.
LATER = timedelta(days=1)

logger = logging.getLogger("relais.erasures")


async def erase_accounts() -> None:
    """The job: erase those that are due, one after the other; then leave no trace of them on the disk."""
    for planned in await erasures_to_do():
        leaver = await _begin(planned)
        if leaver is not None:
            await _erase(leaver)


async def _begin(planned: Planned) -> Leaver | None:
    """From here on nothing calls it off, and nobody comes in; None if it was called off, or has to wait."""
    async with log.transaction() as record:
        begun = await sql(
            """UPDATE erasures SET started_at = COALESCE(started_at, {1}) WHERE id = {0}
                AND (started_at IS NOT NULL OR due_at <= {1}) RETURNING user_id""",
            planned.id,
            now(),
        )
        if not begun:
            return None
        rows = await sql(
            f"""UPDATE users SET deactivated_at = COALESCE(deactivated_at, {{1}}), password_hash = NULL
                WHERE id = {{0}} AND {OTHER_ADMIN} RETURNING id, username, name, email, picture""",
            planned.user_id,
            now(),
        )
        if not rows:
            await sql(
                "UPDATE erasures SET started_at = NULL, due_at = {1} WHERE id = {0}",
                planned.id,
                now() + LATER,
            )
            return None
        await stop_member(planned.user_id, record)
        nobody = await nobody_id(now())
    row = rows[0]
    return Leaver(row["id"], row["username"], row["name"], row["email"] or "", row["picture"], nobody)


async def _erase(leaver: Leaver) -> None:
    """Names first, then rows, files, the account last: wherever it is cut short, it is found again."""
    with speaking(the_office().config.default_locale):
        name = FormerName(leaver.username, leaver.name, _("Deleted account"))
    for texts in (*TEXTS, *texts_of_kinds()):
        await _take_name_out(texts, name)
    for holding in sorted(HOLDINGS.values(), key=lambda holding: holding.last):
        for step in holding.erase:
            await _repeat(step, leaver)
    await _forget_reasons_that_name(name)
    config = the_office().config
    await asyncio.to_thread(forget, pictures_folder(config.data), leaver.picture)
    await _forget_account(leaver)
    logger.info("an account was erased", extra={"user_id": leaver.id})


async def _take_name_out(texts: Texts, name: FormerName) -> None:
    after = 0
    while rows := await texts.rows_after(name, after):
        for row in rows:
            await _rewrite(texts, name, row)
        after = rows[-1]["id"]


async def _rewrite(texts: Texts, name: FormerName, row: Row) -> None:
    """One row, in a transaction of its own. Written by somebody meanwhile, it is read again."""
    while True:
        new = await texts.rewrite(name, row)
        changed = {column: text for column, text in new.items() if text != row[column]}
        if not changed:
            return
        async with log.transaction() as record:
            if await _replace(texts.table, row, changed):
                await texts.tell(row, record)
                return
        rows = await texts.rows_after(name, row["id"] - 1)
        row = next((found for found in rows if found["id"] == row["id"]), {})
        if not row:
            return


async def _replace(table: str, row: Row, changed: dict[str, str]) -> bool:
    values = list(changed.values())
    sets = ", ".join(f"{column} = {{{n}}}" for n, column in enumerate(changed, 1))
    same = " AND ".join(f"{column} = {{{n}}}" for n, column in enumerate(changed, 1 + len(values)))
    found = await sql(
        f"UPDATE {table} SET {sets} WHERE id = {{0}} AND {same} RETURNING id",
        row["id"],
        *values,
        *(row[column] for column in changed),
    )
    return bool(found)


async def _repeat(step: Step, leaver: Leaver) -> None:
    """A step until it finds nothing more, a transaction each time."""
    while True:
        async with log.transaction() as record:
            if not await step(leaver, record):
                return


async def _forget_reasons_that_name(name: FormerName) -> None:
    """What staff wrote in the journal cannot be rewritten: what names whoever leaves goes."""
    texts = Texts("staff_reasons", ("words",))
    after = 0
    while rows := await texts.rows_after(name, after):
        for row in rows:
            if name.out_of(row["words"]) != row["words"]:
                async with log.transaction():
                    await sql("DELETE FROM staff_reasons WHERE id = {0}", row["id"])
        after = rows[-1]["id"]


async def _forget_account(leaver: Leaver) -> None:
    """The account itself, its live channel, and what planned its end; the last traces go behind."""
    async with log.transaction() as record:
        await sql("DELETE FROM users WHERE id = {0}", leaver.id)
        await retention.forget(user_channel(leaver.id))
        rights.user_stopped(record, str(leaver.id))
        await jobs.enqueue("leave_no_trace")


async def leave_no_trace() -> None:
    """The job after an erasure: what was deleted is no longer on the disk either.

    Raises:
        Conflict: somebody reads an old state of the database; it is tried again.
    """
    if not await database.leave_no_trace():
        raise Conflict
