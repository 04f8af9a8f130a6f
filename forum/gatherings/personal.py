"""What gatherings hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account, with_the_topic

holds(
    Holding(
        "gatherings",
        what=lambda: _("The gatherings that you call: when, where, for how many, what came out of them."),
        kept=with_the_topic,
        texts=("place", "programme", "outcome"),
        withheld="Each version is in the file of the fields, with who left it so.",
        stays="The names in its texts are taken out as in every text; it has no other author than its topic.",
    )
)
holds(
    Holding(
        "seats",
        what=lambda: _(
            "The gatherings to which you come, or where you wait for a place, and for which organisation. "
            "Others see it."
        ),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "gatherings.json",
                """SELECT s.id, s.topic_id, s.waiting, o.name AS organisation, s.created_at FROM seats s
                    LEFT JOIN organisations o ON o.id = s.organisation_id
                    WHERE s.user_id = {0} AND s.id > {1} ORDER BY s.id LIMIT {2}""",
                flags=("waiting",),
            ),
        ),
        erase=(deletes("seats"),),
    )
)
