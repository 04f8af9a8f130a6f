"""The first administrator: whoever reads the terminal in which the site was started."""

from msgspec import Struct
from tortoise.exceptions import IntegrityError

from forum.accounts.addresses import email_address
from forum.accounts.fields import email_fault, name_fault, password_fault, username_fault
from forum.accounts.models import User
from forum.accounts.passwords import hash_password
from forum.categories.actions import touch_site
from forum.config import Config
from forum.errors import Invalid
from forum.i18n import current_locale
from forum.i18n import gettext as _
from forum.installation.queries import check_first_link, has_administrator
from forum.journal.models import Act
from forum.journal.steps import note
from forum.links import LinkSpent
from realtime import log


class Typed(Struct, frozen=True):
    """What the first administrator typed."""

    username: str
    name: str
    email: str
    password: str


async def make_first_administrator(config: Config, token: str, typed: Typed) -> int:
    """Make an administrator where there is none; the member's id. From then on every such link is spent.

    Raises:
        LinkSpent: not ours, too old, or somebody was faster.
        Invalid: a sentence for each field that does not do.
    """
    await check_first_link(config, token)
    _check(typed)
    password_hash = await hash_password(typed.password)
    try:
        return await _make(typed, password_hash)
    except IntegrityError as error:
        raise Invalid(fields={"username": _("This name or this address is already taken.")}) from error


def _check(typed: Typed) -> None:
    faults = {
        "name": name_fault(typed.name),
        "username": username_fault(typed.username),
        "email": email_fault(typed.email),
        "password": password_fault(typed.password, typed.username, typed.name, typed.email),
    }
    if wrong := {name: sentence for name, sentence in faults.items() if sentence}:
        raise Invalid(fields=wrong)


async def _make(typed: Typed, password_hash: str) -> int:
    """The site's row is the lock: of many at once, one finds no administrator."""
    async with log.transaction():
        await touch_site()
        if await has_administrator():
            raise LinkSpent
        user = await User.create(
            username=typed.username,
            username_lower=typed.username.lower(),
            name=typed.name.strip(),
            email=email_address(typed.email),
            password_hash=password_hash,
            admin=True,
            locale=current_locale(),
        )
        await note(None, Act.GRANT_ADMIN, user_id=user.id)
    return user.id
