"""What staff notes hold about people."""

from forum.i18n import gettext as _
from forum.personal import Holding, deletes, holds, signs_as_nobody, with_the_account

holds(
    Holding(
        "staff_notes",
        what=lambda: _(
            "What those who look after the site note about a member, for each other. Ask them for it: they"
            " take out what concerns other people first."
        ),
        kept=with_the_account,
        people=("user_id", "author_id"),
        texts=("raw",),
        withheld="it may name others (GDPR, article 15, 4): handed out on request, once read for that",
        erase=(deletes("staff_notes"), signs_as_nobody("staff_notes", "author_id")),
    )
)
