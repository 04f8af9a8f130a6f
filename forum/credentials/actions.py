"""What opens an account, changed: the password, the address."""

from tortoise.exceptions import IntegrityError

from forum.accounts.addresses import email_address
from forum.accounts.fields import email_fault, password_fault
from forum.accounts.passwords import hash_password, verify_password
from forum.accounts.sessions import close_sessions
from forum.accounts.viewer import Viewer
from forum.config import Config
from forum.credentials.queries import Account, account_numbered, account_of_reset, new_address_of_link
from forum.errors import gathered, require, require_none
from forum.i18n import gettext as _
from forum.links import LinkSpent
from forum.mail.actions import write_mail
from forum.signups.actions import MayWrite
from forum.signups.queries import check_rules
from realtime import log
from realtime.log import Record
from realtime.sql import sql


async def ask_for_reset(email: str, base_url: str) -> None:
    """Write to an address how to choose another password, if it is a member's.

    Whether it is one is looked at when the mail is composed: nothing in the answer or its time tells it.

    Args:
        email: as `email_address` makes it.
    """
    async with log.transaction():
        await write_mail("password_reset", email, base_url)


async def reset_password(config: Config, token: str, password: str, base_url: str) -> Account:
    """Set the password of whoever was mailed this link; every session ends, and the link is spent.

    Raises:
        LinkSpent: used, too old, or not ours. Invalid: the password does not do.
    """
    account = await account_of_reset(config, token)
    require_none(_password_faults(account, password))
    await _set_password(account, password, base_url, keep_session=None)
    return account


async def change_password(viewer: Viewer, present: str, password: str, base_url: str) -> None:
    """Change one's own password; every session but this one ends.

    Raises:
        Forbidden: a visitor. Invalid: the present password is not right, or the new one does not do.
        LinkSpent: it was changed elsewhere at the same moment.
    """
    account, faults = await _account_of(viewer, present)
    require_none(faults | _password_faults(account, password))
    await _set_password(account, password, base_url, keep_session=viewer.session_id)


async def _account_of(viewer: Viewer, present: str) -> tuple[Account, dict[str, str]]:
    """One's own account, and what is wrong with the password that one gave."""
    require(viewer.signed_in)
    account = await account_numbered(viewer.member_id)
    if await verify_password(present, account.password_hash):
        return account, {}
    return account, {"present": _("This is not your present password.")}


def _password_faults(account: Account, password: str) -> dict[str, str]:
    fault = password_fault(password, account.username, account.name, account.email or "")
    return {"password": fault} if fault else {}


async def _set_password(account: Account, password: str, base_url: str, *, keep_session: int | None) -> None:
    password_hash = await hash_password(password)
    async with log.transaction() as record:
        changed = await sql(
            """UPDATE users SET password_hash = {1} WHERE id = {0} AND deactivated_at IS NULL
               AND COALESCE(password_hash, '') = {2} AND COALESCE(email, '') = {3} RETURNING id""",
            account.id,
            password_hash,
            account.password_hash or "",
            account.email or "",
        )
        if not changed:
            raise LinkSpent
        await _end_other_sessions(record, account.id, keep_session)
        if account.email:
            await write_mail("password_changed", account.email, base_url, account.locale or "")


async def _end_other_sessions(record: Record, user_id: int, keep: int | None) -> None:
    await close_sessions(record, "user_id = {0} AND id <> {1}", user_id, keep or 0)


async def ask_for_new_address(
    viewer: Viewer, present: str, email: str, base_url: str, may_write: MayWrite
) -> None:
    """Write to a new address of one's own; it takes the place of the old one once its link is confirmed.

    Args:
        may_write: whether enough has been written to this address lately.

    Raises:
        Forbidden: a visitor.
        Invalid: the password is not right, the address does not do or is outside the site's rules.
    """
    account, faults = await _account_of(viewer, present)
    address = email_address(email) or ""
    if fault := email_fault(email):
        faults["email"] = fault
    else:
        with gathered(faults):
            await check_rules(address, joining=False)
    require_none(faults)
    if not await may_write(address):
        return
    async with log.transaction():
        await write_mail("new_address", address, base_url, member_id=account.id, user_id=account.id)


async def confirm_new_address(config: Config, token: str, base_url: str) -> None:
    """Put the new address in the place of the old one, which is told. The link is spent.

    Raises:
        LinkSpent: used, too old, not ours, or the address has become another member's.
        Invalid: the site's rules have changed.
    """
    new = await new_address_of_link(config, token)
    await check_rules(new.email, joining=False)
    try:
        await _set_address(new.account, new.email, base_url)
    except IntegrityError as error:
        raise LinkSpent from error


async def _set_address(account: Account, email: str, base_url: str) -> None:
    async with log.transaction():
        changed = await sql(
            """UPDATE users SET email = {1} WHERE id = {0} AND deactivated_at IS NULL
               AND COALESCE(password_hash, '') = {2} AND COALESCE(email, '') = {3} RETURNING id""",
            account.id,
            email,
            account.password_hash or "",
            account.email or "",
        )
        if not changed:
            raise LinkSpent
        if account.email:
            await write_mail(
                "address_changed", account.email, base_url, account.locale or "", member_id=account.id
            )
