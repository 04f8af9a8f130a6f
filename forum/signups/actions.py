"""Asking for an account, and confirming it: from then on one is a member."""

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from tortoise.exceptions import IntegrityError

from forum.accounts.addresses import email_address
from forum.accounts.fields import email_fault, name_fault, password_fault, username_fault
from forum.accounts.passwords import hash_password
from forum.accounts.queries import is_taken
from forum.charter.permissions import charter_fault
from forum.clock import now
from forum.config import LOCAL_ADDRESS, Config
from forum.errors import Invalid, gathered, require_none
from forum.i18n import current_locale
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.mail.actions import write_mail
from forum.mail.office import the_office
from forum.posts.text import check_note
from forum.profiles.names import clean_name
from forum.profiles.queries import staff_name_fault
from forum.settings.known import SIGN_UP
from forum.settings.queries import setting
from forum.signup_requests.queries import KEPT_REFUSED, LONGEST_WAIT, motive_of, request_of_signup
from forum.signup_requests.steps import keep_motive, open_request, tell_deciders
from forum.signups.queries import LIFETIME, Waiting, check_rules, signup_of_link
from forum.signups.steps import become_member
from realtime import log
from realtime.sql import sql

MayWrite = Callable[[str], Awaitable[bool]]


class Asked(Struct, frozen=True):
    """What somebody typed on the sign-up page.

    `charter` is the version that they ticked, "" for none; `motive` what they say of themselves where staff
    decide.
    """

    username: str
    name: str
    email: str
    password: str
    charter: str = ""
    motive: str = ""


async def ask_for_account(asked: Asked, base_url: str, may_write: MayWrite) -> int:
    """Keep a sign-up, and write to its address; its id.

    Whether the address is a member's is not looked at here, but when the mail is composed: there is nothing
    in the answer or its time to tell it.

    Args:
        may_write: asked of the address once all the rest does: whether enough has been written to it lately.

    Raises:
        Invalid: a sentence for each field that does not do.
    """
    motive = await _check(asked)
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
        if motive:
            await keep_motive(rows[0]["id"], motive)
        if mail:
            await write_mail("signup", email, base_url, signup_id=rows[0]["id"])
    return int(rows[0]["id"])


async def _check(asked: Asked) -> str:
    """The motive as it is kept; "" where nobody is asked for one."""
    motive, motive_fault = await _motive(asked.motive)
    faults = {
        "username": await _username_fault(asked.username),
        "name": name_fault(asked.name) or await staff_name_fault(asked.name),
        "email": email_fault(asked.email),
        "password": password_fault(asked.password, asked.username, asked.name, asked.email),
        "motive": motive_fault,
        "charter": charter_fault(asked.charter),
    }
    if not asked.name.strip():
        faults["name"] = _("Write the name that people know you by.")
    if not faults["email"]:
        faults["email"] = await _rules_fault(email_address(asked.email) or "")
    wrong = {name: sentence for name, sentence in faults.items() if sentence}
    if wrong:
        raise Invalid(fields=wrong)
    return motive


async def _motive(typed: str) -> tuple[str, str | None]:
    """What is kept of it, and what is wrong with it."""
    if await setting(SIGN_UP) != "approval":
        return "", None
    try:
        return check_note(typed, "motive", needed=True), None
    except Invalid as fault:
        return "", fault.fields["motive"]


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


async def confirm_account(config: Config, token: str, username: str, motive: str = "") -> int | None:
    """Make a member of a sign-up, and spend the link; the member's id.

    Where staff decide, they are asked instead, once: None.

    Args:
        username: "" for the name that was asked for; another if somebody has taken it meanwhile.
        motive: what they say of themselves, if they were not asked when they signed up.

    Raises:
        LinkSpent: used, too old, or the address has become a member's.
        Invalid: the name is taken, nothing is said, or the rules have changed.
    """
    waiting = await signup_of_link(config, token)
    if await request_of_signup(waiting.id):
        return None
    username, by_staff = username or waiting.username, await setting(SIGN_UP) == "approval"
    faults, said = dict[str, str](), ""
    if fault := await _username_fault(username):
        faults["username"] = fault
    with gathered(faults):
        await check_rules(waiting.email)
    if by_staff:
        with gathered(faults):
            said = await motive_of(waiting.id) or check_note(motive, "motive", needed=True)
    require_none(faults)
    if by_staff:
        await _ask_staff(waiting, username, said)
        return None
    try:
        async with log.transaction():
            return await become_member(waiting.id, username)
    except IntegrityError as error:
        if await is_taken(username):
            raise Invalid(fields={"username": _("This name is already taken.")}) from error
        raise LinkSpent from error


async def _ask_staff(waiting: Waiting, username: str, said: str) -> None:
    async with log.transaction() as record:
        asked = await open_request(record, waiting.id, username, said)
    if not asked and not await request_of_signup(waiting.id):
        raise LinkSpent


async def forget_signups() -> None:
    """The job: sign-ups that nobody confirmed in a week go, with everything that they held.

    Those that staff are to decide about wait longer, and are told when nobody did; refused ones are kept for
    as long as one may appeal.
    """
    async with log.transaction() as record:
        unanswered = {
            row["signup_id"]
            for row in await sql("SELECT signup_id FROM signup_requests WHERE is_open = {0}", True)
        }
        gone = await sql(
            """DELETE FROM signups WHERE created_at < {0} AND NOT EXISTS (SELECT 1 FROM signup_requests q
                WHERE q.signup_id = signups.id AND (
                    (q.is_open = true AND COALESCE(q.decided_at, q.confirmed_at) >= {1})
                    OR (q.is_open = false AND q.decided_at >= {2}))) RETURNING id, email, locale""",
            now() - LIFETIME,
            now() - LONGEST_WAIT,
            now() - KEPT_REFUSED,
        )
        waited = [row for row in gone if row["id"] in unanswered]
        if waited:
            await _tell_unanswered(waited)
            await tell_deciders(record)


async def _tell_unanswered(waited: list[dict[str, Any]]) -> None:
    base_url = the_office().config.base_url or LOCAL_ADDRESS
    for row in waited:
        await write_mail("signup_unanswered", row["email"], base_url, row["locale"])
