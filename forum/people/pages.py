"""What the administration's pages about members are given."""

from msgspec import Struct, field

from forum.administration.links import administration_links
from forum.groups.queries import GroupCard
from forum.people.queries import Account
from forum.web import LiveChannel, PageLink


class PeoplePage(Struct, frozen=True):
    """Some accounts, and the wish that they answer."""

    accounts: list[Account]
    text: str
    role: str
    state: str
    roles: list[tuple[str, str]]
    states: list[tuple[str, str]]
    next_path: str | None
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)


class RoleButton(Struct, frozen=True):
    """A role that may be given, or taken (`value` 0)."""

    role: str
    value: str
    words: str


class AccountPage(Struct, frozen=True):
    """One account: what it is, and what may be done about it."""

    account: Account
    buttons: list[RoleButton]
    groups: list[GroupCard]
    animates: list[str]
    may_suspend: bool
    errors: dict[str, str]
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
    links: tuple[PageLink, ...] = field(default_factory=administration_links)
