"""What guides hold about people."""

from forum.i18n import gettext as _
from forum.personal import Holding, holds, with_the_topic

holds(
    Holding(
        "guides",
        what=lambda: _("For whom the guides that you opened are. Their text is a post."),
        kept=with_the_topic,
        texts=("audience",),
        withheld="Each version is in the file of the fields, with who left it so.",
        stays="The names in its texts are taken out as in every text; it has no other author than its topic.",
    )
)
