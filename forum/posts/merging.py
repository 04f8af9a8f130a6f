"""What a merge of organisations does to what was written for the one that goes.

Each post keeps the name for which its author spoke that day; its link, lists and counts are of the one that
stays.
"""

from forum.i18n import gettext as _
from forum.organisations.merging import moves_plainly

moves_plainly("posts", lambda: _("Posts, sheets, documents and offers"), on_topics=True)
