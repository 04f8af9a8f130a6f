"""What the demonstration holds about people: nothing, they are invented."""

from forum.i18n import gettext as _
from forum.personal import Holding, deletes, holds, with_the_account

holds(
    Holding(
        "demo_people",
        what=lambda: _("Which accounts are invented ones, of the demonstration."),
        kept=with_the_account,
        people=("user_id",),
        withheld="nobody is behind these accounts",
        erase=(deletes("demo_people"),),
    )
)
