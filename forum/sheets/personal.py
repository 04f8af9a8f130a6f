"""What sheets hold about people."""

from forum.i18n import gettext as _
from forum.personal import Export, Holding, deletes, holds, with_the_account, with_the_topic

holds(
    Holding(
        "experience_sheets",
        what=lambda: _("What your experience sheets say: the project, its figures, a function to contact."),
        kept=with_the_topic,
        texts=(
            "done", "expected", "happened", "causes", "lessons", "never_again", "conditions", "organisation",
            "legal_basis", "contact",
        ),
        withheld="Each version is in the file of the fields, with who left it so.",
        stays="The names in its texts are taken out as in every text; it has no other author than its topic.",
    )
)  # fmt: skip
holds(
    Holding(
        "field_requests",
        what=lambda: _("The fields of sheets that you have asked for, until they are filled in."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "asked.json",
                """SELECT id, topic_id, field, created_at FROM field_requests
                    WHERE user_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(deletes("field_requests"),),
    )
)
