"""What programs' keys and their retries hold about people."""

from forum.api.steps import LIFE
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.personal import Export, Holding, deletes, holds, with_the_account


def _as_long_as_a_retry() -> str:
    hours = int(LIFE.total_seconds() // 3600)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


holds(
    Holding(
        "api_keys",
        what=lambda: _("The keys of programs that act for you (as hashes), and when they were last used."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "keys.json",
                """SELECT id, created_at, last_used_at, revoked_at FROM api_keys
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("api_keys"),),
    )
)
holds(
    Holding(
        "idempotency_keys",
        what=lambda: _("That a form or a program has sent a post, so that a second click sends no other."),
        kept=_as_long_as_a_retry,
        people=("user_id",),
        withheld="it says nothing that the posts do not say, and lives for a day",
        erase=(deletes("idempotency_keys"),),
    )
)
