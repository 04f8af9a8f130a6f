"""What planned erasures hold about people."""

from forum.i18n import gettext as _
from forum.personal import Holding, holds

holds(
    Holding(
        "erasures",
        what=lambda: _("That your account is going to be erased, when and why."),
        kept=lambda: _("until it is erased, or you call it off"),
        people=("user_id",),
        withheld="the page that asks for it shows it",
        stays="it goes with the account's own row, so that an erasure that was cut short goes on",
    )
)
