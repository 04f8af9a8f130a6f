"""Asking for an account, and confirming it: from then on one is a member."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from forum.accounts.addresses import email_address
from forum.accounts.fields import email_fault, name_fault, password_fault, username_fault
from forum.accounts.passwords import hash_password
from forum.accounts.queries import is_taken
from forum.charter.permissions import charter_fault
from forum.clock import now
from forum.config import Config
from forum.errors import Invalid
from forum.i18n import current_locale
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.mail.actions import write_mail
from forum.profiles.names import clean_name
from forum.profiles.queries import staff_name_fault
from forum.signups.queries import LIFETIME, Waiting, check_rules, signup_of_link
from realtime import log
from realtime.sql import as_datetime, sql

MayWrite = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed on the sign-up page; `charter` is the version that they ticked, "" for none."""

    username: str
    name: str
    email: str
    password: str
    charter: str = ""


async def ask_for_account(asked: Asked, base_url: str, may_write: MayWrite) -> int:
    """Keep a sign-up, and write to its address; its id.

    Whether the address is a member's is not looked at here, but when the mail is composed: there is nothing
    in the answer or its time to tell it.

    Args:
        may_write: asked of the address once all the rest does: whether enough has been written to it lately.

    Raises:
        Invalid: a sentence for each field that does not do.
    """
    await _check(asked)
    email = email_address(asked.email) or ""
    password_hash, mail = await hash_password(asked.password), await may_write(email)
    async with log.transaction():
        rows = await sql(
            """INSERT INTO signups (username, username_lower, name, email, password_hash, locale, created_at,
                charter_accepted_at, charter_version)
               VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {6}, {7}) RETURNING id""",
            asked.username,
            asked.username.lower(),
            clean_name(asked.name),
            email,
            password_hash,
            current_locale(),
            now(),
            int(asked.charter),
        )
        if mail:
            await write_mail("signup", email, base_url, signup_id=rows[0]["id"])
    return int(rows[0]["id"])


async def _check(asked: Asked) -> None:
    faults = {
        "username": await _username_fault(asked.username),
        "name": name_fault(asked.name) or await staff_name_fault(asked.name),
        "email": email_fault(asked.email),
        "password": password_fault(asked.password, asked.username, asked.name, asked.email),
        "charter": charter_fault(asked.charter),
    }
    if not asked.name.strip():
        faults["name"] = _("Write the name that people know you by.")
    if not faults["email"]:
        faults["email"] = await _rules_fault(email_address(asked.email) or "")
    wrong = {name: sentence for name, sentence in faults.items() if sentence}
    if wrong:
        raise Invalid(fields=wrong)


async def _username_fault(username: str) -> str | None:
    if fault := username_fault(username) or await staff_name_fault(username):
        return fault
    return _("This name is already taken.") if await is_taken(username) else None


async def _rules_fault(email: str) -> str | None:
    try:
        await check_rules(email)
    except Invalid as fault:
        return fault.fields["email"]
    return None


async def write_again(waiting: Waiting, base_url: str) -> None:
    """Write once more to the address of a sign-up."""
    async with log.transaction():
        await write_mail("signup", waiting.email, base_url, waiting.locale, signup_id=waiting.id)


async def confirm_account(config: Config, token: str, username: str) -> int:
    """Make a member of a sign-up; the member's id. The link is spent.

    Args:
        username: "" for the name that was asked for; another if somebody has taken it meanwhile.

    Raises:
        LinkSpent: used, too old, or the address has become a member's.
        Invalid: the name is taken, or the rules have changed.
    """
    waiting = await signup_of_link(config, token)
    username = username or waiting.username
    if fault := await _username_fault(username):
        raise Invalid(fields={"username": fault})
    await check_rules(waiting.email)
    try:
        return await _become_member(waiting, username)
    except IntegrityError as error:
        if await is_taken(username):
            raise Invalid(fields={"username": _("This name is already taken.")}) from error
        raise LinkSpent from error


async def _become_member(waiting: Waiting, username: str) -> int:
    async with log.transaction():
        spent = await sql(
            "DELETE FROM signups WHERE id = {0} RETURNING charter_version, charter_accepted_at", waiting.id
        )
        if not spent:
            raise LinkSpent
        accepted_at = spent[0]["charter_accepted_at"]
        rows = await sql(
            """INSERT INTO users (username, username_lower, name, email, password_hash, title, affiliation,
                admin, moderator, locale, created_at, charter_version, charter_accepted_at)
               VALUES ({0}, {1}, {2}, {3}, {4}, '', '', {5}, {5}, {6}, {7}, {8}, {9}) RETURNING id""",
            username,
            username.lower(),
            waiting.name,
            waiting.email,
            waiting.password_hash,
            False,
            waiting.locale,
            now(),
            spent[0]["charter_version"],
            as_datetime(accepted_at) if accepted_at else None,
        )
    return int(rows[0]["id"])


async def forget_signups() -> None:
    """The job: sign-ups that nobody confirmed in a week go, with everything that they held."""
    async with log.transaction():
        await sql("DELETE FROM signups WHERE created_at < {0}", now() - LIFETIME)
