"""Kinds and states of mails in words."""

from forum.i18n import gettext as _
from forum.mail.models import MailState


def kind_words(kind: str) -> str:
    """What a mail is for; a kind of another version by its own name."""
    known = {
        "signup": _("Confirmation of an account"),
        "password_reset": _("Another password"),
        "password_changed": _("Password changed"),
        "new_address": _("Confirmation of an address"),
        "address_changed": _("Address changed"),
        "invitation": _("Invitation"),
        "notices": _("Alerts that were not read"),
        "suspended": _("Account suspended"),
        "suspension_appeal": _("Appeal against a suspension decided"),
        "trial": _("Trial"),
    }
    return known.get(kind, kind)


def state_words(state: MailState) -> str:
    """Where a mail is."""
    return {
        MailState.WAITING: _("waiting"),
        MailState.SENDING: _("being sent"),
        MailState.FAILED: _("failed"),
        MailState.SENT: _("sent"),
    }[state]
