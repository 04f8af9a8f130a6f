"""What second factors hold about people: that there are some, never what they are."""

from forum.factors.actions import PENDING_LIFETIME
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.personal import Export, Holding, deletes, holds, with_the_account


def _as_long_as_a_sign_in() -> str:
    minutes = int(PENDING_LIFETIME.total_seconds() // 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


holds(
    Holding(
        "totps",
        what=lambda: _(
            "The authenticator app that you use to sign in: its secret (sealed), and when you set it up."
        ),
        kept=lambda: _("until you take it away, or erase your account"),
        people=("user_id",),
        exports=(
            Export(
                "authenticator.json",
                """SELECT id, created_at, confirmed_at FROM totps
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("totps"),),
    )
)
holds(
    Holding(
        "recovery_codes",
        what=lambda: _("Your recovery codes (as hashes), and when you used one."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "recovery_codes.json",
                """SELECT id, created_at, used_at FROM recovery_codes
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("recovery_codes"),),
    )
)
holds(
    Holding(
        "pending_sign_ins",
        what=lambda: _(
            "That you gave your password and have not given your second factor yet, and where you were going."
        ),
        kept=_as_long_as_a_sign_in,
        people=("user_id",),
        withheld="it lives for ten minutes",
        erase=(deletes("pending_sign_ins"),),
    )
)
