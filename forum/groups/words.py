"""Groups in words."""

from forum.groups.models import Admission
from forum.i18n import gettext as _


def admission_words(admission: Admission) -> str:
    """How one becomes a member."""
    return {
        Admission.OPEN: _("open: anyone joins"),
        Admission.ON_REQUEST: _("on request: its owners accept or refuse"),
        Admission.CLOSED: _("closed: its owners choose"),
        Admission.HIDDEN: _("hidden: only its members know of it"),
    }[admission]
