"""Files in plain forms."""

from collections.abc import Mapping

from forum.errors import Invalid
from forum.i18n import gettext as _

MAX_NAME = 80


def require_attached(form: Mapping[str, str]) -> None:
    """Refuse a text whose file was chosen and not attached: a plain form brings its name only.

    Raises:
        Invalid: at the field of files.
    """
    name = form.get("file", "").strip()
    if name:
        sentence = _("“%(name)s” is not attached yet: choose it again and press “Attach”.")
        raise Invalid(fields={"file": sentence % {"name": name[:MAX_NAME]}})
