"""What the privacy page says that no other noun says: cookies, mails."""

from dataclasses import dataclass

from forum.accounts.cookies import DEVICE_LIFETIME, LOCALE_COOKIE, LOCALE_LIFETIME, device_cookie
from forum.accounts.sessions import LIFETIME
from forum.config import Config
from forum.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie: its name, what it is for, for how many days a browser keeps it."""

    name: str
    what: str
    days: int


def cookies(config: Config) -> tuple[Cookie, ...]:
    """Every cookie that the site sets."""
    return (
        Cookie(config.cookie_name, _("that you are signed in"), LIFETIME.days),
        Cookie(
            device_cookie(config),
            _("that you signed in with this browser before: guesses made elsewhere do not keep you out"),
            DEVICE_LIFETIME.days,
        ),
        Cookie(LOCALE_COOKIE, _("the language that you chose without being signed in"), LOCALE_LIFETIME.days),
    )


def mail_words() -> dict[str, str]:
    """When each kind of mail is sent (a test compares them with those that there are)."""
    return {
        "signup": _("you create an account: a link that confirms your address"),
        "password_reset": _("you have forgotten your password, and ask for another"),
        "password_changed": _("your password has changed"),
        "new_address": _("you change your address: a link that confirms the new one"),
        "address_changed": _("your address has changed: the old one is told"),
        "archive_ready": _("the archive of your data is ready"),
        "erasure_planned": _("you ask for your account to be erased"),
        "account_unused": _("you have not come for a long time, and your account is going to be erased"),
    }
