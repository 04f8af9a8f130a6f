"""What documents hold about people."""

from forum.i18n import gettext as _
from forum.personal import Holding, holds, with_the_topic

holds(
    Holding(
        "documents",
        what=lambda: _("The documents that you share: their text or address, their licence."),
        kept=with_the_topic,
        texts=("link", "contents", "organisation"),
        withheld="Each version is in the file of the fields, with who left it so.",
        stays="The names in its texts are taken out as in every text; it has no other author than its topic.",
    )
)
