"""What job offers hold about people."""

from forum.i18n import gettext as _
from forum.personal import Holding, holds, with_the_topic

holds(
    Holding(
        "job_offers",
        what=lambda: _("The job offers that you publish: employer, place, deadline, advertisement."),
        kept=with_the_topic,
        texts=("employer", "place", "official_link"),
        withheld="Each version is in the file of the fields, with who left it so.",
        stays="The names in its texts are taken out as in every text; it has no other author than its topic.",
    )
)
