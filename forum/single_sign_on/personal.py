"""What single sign-on holds about people: who they are at the identity provider."""

from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.personal import Export, Holding, deletes, holds
from forum.single_sign_on.queries import ARRIVAL_LIFETIME, SIGN_OUTS_KEPT


def _until_they_say_who_they_are() -> str:
    minutes = int(ARRIVAL_LIFETIME.total_seconds() // 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def _as_long_as_it_may_be_told_again() -> str:
    hours = int(SIGN_OUTS_KEPT.total_seconds() // 3600)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


holds(
    Holding(
        "user_associated_accounts",
        what=lambda: _(
            "Your identity at the identity provider, if you linked one: its number there, and the name,"
            " address, SIRET and unit that the provider gave when you last signed in by it."
        ),
        kept=lambda: _("until you unlink it, or erase your account"),
        people=("user_id",),
        exports=(
            Export(
                "identities.json",
                """SELECT id, issuer, subject, email, name, siret, unit, created_at, last_used_at
                    FROM user_associated_accounts WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("user_associated_accounts"),),
    )
)
holds(
    Holding(
        "single_sign_on_arrivals",
        what=lambda: _(
            "What the identity provider gave when you came from it for the first time, until you say which"
            " account it is for."
        ),
        kept=_until_they_say_who_they_are,
        withheld="it is nobody's account yet, and lives for a quarter of an hour",
        stays="it refers to no account, and goes within the hour",
    )
)
holds(
    Holding(
        "provider_sessions",
        what=lambda: _(
            "That the identity provider signed you in, and its token by which you sign out there."
        ),
        kept=lambda: _("as long as you are signed in"),
        withheld="the token is a key to a sign-out, for this site only",
        stays="it goes with the session, which erasing the account ends",
    )
)
holds(
    Holding(
        "provider_sign_outs",
        what=lambda: _("That the identity provider told this site that you signed out there."),
        kept=_as_long_as_it_may_be_told_again,
        withheld="numbers of the provider, against being told the same twice",
        stays="it refers to no account, and goes within two hours",
    )
)
