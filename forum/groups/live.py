"""What a member sees of a group that they are in, or no longer in."""

from forum.accounts.queries import viewer_of_id
from forum.categories.queries import topic_counts
from forum.i18n import current_locale
from forum.live import Patches, presents, render, replace
from forum.topics.index import visible_themes


@presents("groups.changed", on="user")
async def show_themes(user_id: int) -> Patches:
    """The themes, on their page and beside lists, as this member sees them now."""
    viewer = await viewer_of_id(user_id, current_locale())
    if viewer is None:
        return []
    themes, counts = visible_themes(viewer), await topic_counts(viewer.rights.see)
    return [
        replace("theme-list", render("categories/_themes.html", themes=themes, counts=counts)),
        replace("theme-rail", render("categories/_rail.html", themes=themes)),
    ]
