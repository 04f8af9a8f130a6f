"""What the privacy page says that no other noun says: cookies, mails."""

from datetime import timedelta

from msgspec import Struct

from forum.accounts.cookies import (
    DEVICE_LIFETIME,
    LOCALE_COOKIE,
    LOCALE_LIFETIME,
    device_cookie,
    passkey_cookie,
    pending_cookie,
)
from forum.accounts.sessions import LIFETIME
from forum.config import Config
from forum.factors.actions import PENDING_LIFETIME
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.passkeys.actions import CHALLENGE_LIFETIME


class Cookie(Struct, frozen=True):
    """One cookie: its name, what it is for, for how long a browser keeps it."""

    name: str
    what: str
    lifetime: timedelta

    @property
    def kept(self) -> str:
        """For how long, in words."""
        days, minutes = self.lifetime.days, self.lifetime.seconds // 60
        if days:
            return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def cookies(config: Config) -> tuple[Cookie, ...]:
    """Every cookie that the site sets."""
    return (
        Cookie(config.cookie_name, _("that you are signed in"), LIFETIME),
        Cookie(
            device_cookie(config),
            _("that you signed in with this browser before: guesses made elsewhere do not keep you out"),
            DEVICE_LIFETIME,
        ),
        Cookie(
            pending_cookie(config),
            _("that you gave your password and owe your second factor; only if you have one"),
            PENDING_LIFETIME,
        ),
        Cookie(
            passkey_cookie(config),
            _("which question your passkey answers; only if you sign in with one"),
            CHALLENGE_LIFETIME,
        ),
        Cookie(LOCALE_COOKIE, _("the language that you chose without being signed in"), LOCALE_LIFETIME),
    )


def mail_words() -> dict[str, str]:
    """When each kind of mail is sent (a test compares them with those that there are)."""
    return {
        "signup": _("you create an account: a link that confirms your address"),
        "signup_approved": _("staff have let you in: your account is open"),
        "signup_refused": _("staff have not let you in: why, and how to appeal"),
        "signup_unanswered": _("staff have not decided for a long time: your request is deleted"),
        "password_reset": _("you have forgotten your password, and ask for another"),
        "password_changed": _("your password has changed"),
        "new_address": _("you change your address: a link that confirms the new one"),
        "address_changed": _("your address has changed: the old one is told"),
        "second_factor": _(
            "a second factor is added, used up or taken away: you would know if it was not you"
        ),
        "identity": _("an identity is linked to your account, or unlinked: you would know if it was not you"),
        "archive_ready": _("the archive of your data is ready"),
        "erasure_planned": _("you ask for your account to be erased"),
        "invitation": _("a member invites you to join, and gives your address for that"),
        "suspended": _("your account is suspended: until when, why, and how to appeal"),
        "suspension_appeal": _("it is decided about your appeal against a suspension: what, and why"),
        "pending_refused": _("one of your first posts is not published: why, and how to appeal"),
        "organisation_code": _(
            "somebody says that they work for your organisation: a code, to its official address, which they "
            "give back"
        ),
        "notices": _("something concerns you and you have not read it yet; you choose how often, or never"),
        "still_true": _(
            "what you wrote, or took up, has come to its review date: once a week at the most, or never"
        ),
        "account_unused": _("you have not come for a long time, and your account is going to be erased"),
    }
