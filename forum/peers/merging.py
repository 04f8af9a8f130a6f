"""What a merge of organisations does to questions that were put to peers: the limits count them together."""

from forum.i18n import gettext as _
from forum.organisations.merging import moves_plainly

moves_plainly("peer_requests", lambda: _("Questions put to peers"))
