"""What the search holds about people: the words of what they wrote, following every change of it."""

from forum.i18n import gettext as _
from forum.personal import Holding, holds

holds(
    Holding(
        "search_documents",
        what=lambda: _("The words of posts, titles and public profiles, so that the search finds them."),
        kept=lambda: _("as long as what they stand in: they follow each change a moment later"),
        withheld="it is made of what the archive holds already",
        stays="it follows the posts and profiles as they are erased",
    )
)
holds(
    Holding(
        "search_meanings",
        what=lambda: _("What topics mean, as numbers, so that they are found in other words too."),
        kept=lambda: _("as long as the topics: they follow each change a moment later"),
        withheld="it is made of what the archive holds already",
        stays="it follows the topics as they are erased",
    )
)
