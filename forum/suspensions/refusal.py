"""What a suspended member is told, at every door, once they have shown who they are."""

from datetime import datetime

from forum.categories.queries import themes
from forum.clock import now
from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.suspensions.queries import SuspensionCard, suspension_of
from realtime.sql import as_datetime, sql


class Suspended(Invalid):
    """Somebody has proved whose account it is, and it is kept out: until when, why, and whom to ask.

    Args:
        suspension: what can be appealed; None for one of before there were appeals.
    """

    def __init__(
        self, until: datetime, reason: str, contact: str, suspension: SuspensionCard | None = None
    ) -> None:
        super().__init__(fields={"login": _("This account is suspended.")})
        self.until, self.reason, self.contact, self.suspension = until, reason, contact, suspension


async def check_suspension(user_id: int) -> None:
    """Whether a member may come in: asked after the password, the passkey or the provider, never before.

    Raises:
        Suspended: not for some time.
    """
    rows = await sql("SELECT suspended_until, suspended_reason FROM users WHERE id = {0}", user_id)
    if not rows or rows[0]["suspended_until"] is None:
        return
    until = as_datetime(rows[0]["suspended_until"])
    if until > now():
        contact = (await themes()).face.contact
        raise Suspended(until, rows[0]["suspended_reason"] or "", contact, await suspension_of(user_id))
