"""The administration's pages, in the navigation between them."""

from forum.i18n import gettext as _
from forum.web import PageLink


def administration_links() -> tuple[PageLink, ...]:
    """Each in its order: a new one is a line here."""
    return (
        PageLink("/admin/settings", _("Settings")),
        PageLink("/admin/categories", _("Themes")),
        PageLink("/admin/groups", _("Groups")),
        PageLink("/synonyms", _("Other words for the same thing")),
        PageLink("/admin/people", _("Members")),
        PageLink("/admin/organisations", _("Organisations")),
        PageLink("/admin/journal", _("Journal of staff acts")),
        PageLink("/admin/mail", _("Mail")),
        PageLink("/admin/jobs", _("Jobs")),
        PageLink("/admin/live", _("Live, right now")),
    )
