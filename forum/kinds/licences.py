"""Under which licences things are shared."""

from collections.abc import Mapping

from forum.i18n import gettext as _
from forum.kinds.fields import Field, Words

LICENCES: Mapping[str, Words] = {
    "lo-2.0": lambda: _("Open Licence 2.0 (reuse with attribution)"),
    "cc-by-sa-4.0": lambda: _("CC BY-SA 4.0 (attribution, share alike)"),
    "cc0": lambda: _("CC0 (no condition)"),
}


def licence() -> Field:
    """The field."""
    return Field("licence", lambda: _("Licence"), "choice", choices=LICENCES)
