"""What a merge of organisations does to who comes for the one that goes: they come for the one that stays.

Nobody loses a place by it, even if the two together have more than one organisation may take.
"""

from forum.i18n import gettext as _
from forum.organisations.merging import moves_plainly

moves_plainly("seats", lambda: _("Places at gatherings"), on_topics=True)
