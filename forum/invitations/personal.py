"""What invitations hold about those who invite, and about those who are invited."""

from forum.channels import user_channel
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.invitations.queries import FORGOTTEN_AFTER
from forum.personal import BATCH, Export, Holding, Leaver, holds
from realtime.log import Record
from realtime.sql import sql


def _until_forgotten() -> str:
    days = FORGOTTEN_AFTER.days
    return ngettext(
        "until you erase your account; those that nobody accepted, %(n)d day after their end",
        "until you erase your account; those that nobody accepted, %(n)d days after their end",
        days,
    ) % {"n": days}


async def _forget(leaver: Leaver, record: Record) -> int:
    """Those that whoever leaves wrote, accepted, or never answered. Pages of who invited them follow."""
    rows = await sql(
        f"""DELETE FROM invitations WHERE id IN (SELECT id FROM invitations
            WHERE inviter_id = {{0}} OR accepted_by_id = {{0}} OR email = {{1}} ORDER BY id LIMIT {BATCH})
            RETURNING inviter_id""",
        leaver.id,
        leaver.email,
    )
    for inviter_id in sorted({row["inviter_id"] for row in rows} - {leaver.id}):
        record(user_channel(inviter_id), "invitation.changed", user_id=inviter_id)
    return len(rows)


holds(
    Holding(
        "invitations",
        what=lambda: _(
            "Whom you have invited: their address, your words, whether they came. And who invited you."
        ),
        kept=_until_forgotten,
        people=("inviter_id", "accepted_by_id"),
        texts=("message",),
        exports=(
            Export(
                "invitations.json",
                """SELECT id, email, message, created_at, expires_at, revoked_at, accepted_at FROM invitations
                    WHERE inviter_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
            Export(
                "invited.json",
                """SELECT id, email, created_at, accepted_at FROM invitations
                    WHERE accepted_by_id = {0} AND id > {1} ORDER BY id LIMIT {2}""",
            ),
        ),
        erase=(_forget,),
    )
)
