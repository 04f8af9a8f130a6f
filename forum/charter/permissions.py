"""Who may join, and who may write once the charter has changed. Pure."""

from forum.accounts.viewer import Viewer
from forum.categories.queries import current_face
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


def charter_fault(version: str) -> str | None:
    """What is wrong with the tick of whoever joins: it is the present charter that is accepted."""
    if version == str(current_face().charter_version):
        return None
    if version:
        return _("The charter has changed a moment ago: read it again.")
    return _("An account is for those who accept the charter: read it, then tick this box.")
