"""What profiles hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account

holds(
    Holding(
        "user_profiles",
        what=lambda: _("What you say of yourself: skills, a few words, and who may read them."),
        kept=with_the_account,
        people=("user_id",),
        texts=("bio_raw", "bio_cooked"),
        exports=(
            Export(
                "profile.json",
                """SELECT id, skills, bio_raw, audience FROM user_profiles
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("user_profiles"),),
    )
)
