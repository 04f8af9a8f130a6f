"""Accounts as what opens them is looked at: address and password, by number or by link."""

from datetime import timedelta
from typing import Any

from msgspec import Struct

from forum.config import Config
from forum.errors import NotFound
from forum.links import LinkSpent, Payload, fingerprint, opened
from realtime.sql import sql

RESET, NEW_ADDRESS = "password reset", "new address"
RESET_LIFETIME, NEW_ADDRESS_LIFETIME = timedelta(minutes=30), timedelta(days=1)


class Account(Struct, frozen=True):
    """A member's account that is not closed."""

    id: int
    username: str
    name: str
    email: str | None
    password_hash: str | None
    locale: str | None

    @property
    def mark(self) -> str:
        """Another one as soon as the address or the password changes."""
        return fingerprint(self.id, self.email, self.password_hash)

    @property
    def reset_link(self) -> Payload:
        """What a link that sets a new password carries."""
        return [self.id, self.mark]

    def address_link(self, email: str) -> Payload:
        """What a link that changes the address carries."""
        return [self.id, self.mark, email]


class NewAddress(Struct, frozen=True):
    """An account, and the address that it is to have."""

    account: Account
    email: str


async def account_numbered(id: int) -> Account:
    """The account of that id.

    Raises:
        NotFound: there is none, or it is closed.
    """
    found = await _account("id", id)
    if found is None:
        raise NotFound
    return found


async def account_at(email: str) -> Account | None:
    """The account with that address."""
    return await _account("email", email)


async def _account(column: str, value: int | str) -> Account | None:
    rows: list[dict[str, Any]] = await sql(
        f"""SELECT id, username, name, email, password_hash, locale FROM users
            WHERE {column} = {{0}} AND deactivated_at IS NULL""",
        value,
    )
    return Account(**rows[0]) if rows else None


async def account_of_reset(config: Config, token: str) -> Account:
    """The account whose password a link sets.

    Raises:
        LinkSpent: used, too old, or not ours.
    """
    payload = opened(config, RESET, token, RESET_LIFETIME)
    account = await _account("id", int(payload[0])) if payload else None
    if account is None or payload != account.reset_link:
        raise LinkSpent
    return account


async def new_address_of_link(config: Config, token: str) -> NewAddress:
    """The account whose address a link changes.

    Raises:
        LinkSpent: used, too old, or not ours.
    """
    payload = opened(config, NEW_ADDRESS, token, NEW_ADDRESS_LIFETIME)
    account = await _account("id", int(payload[0])) if payload else None
    if account is None or not payload or payload != account.address_link(str(payload[2])):
        raise LinkSpent
    return NewAddress(account, str(payload[2]))
