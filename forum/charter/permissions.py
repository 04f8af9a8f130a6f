"""Who may write once the charter has changed. Pure."""

from forum.accounts.viewer import Viewer
from forum.errors import Invalid
from forum.i18n import gettext as _


def require_charter(author: Viewer) -> None:
    """A first line of posting.

    Raises:
        Invalid: the charter has changed since the author accepted it; the sentence stands at `charter`.
    """
    if author.charter_due:
        sentence = _("The charter has changed: read it at /charter, then tick the box that says so.")
        raise Invalid(fields={"charter": sentence})
