"""What organisations hold about people."""

from forum.i18n import gettext as _
from forum.personal import BATCH, Export, Holding, Leaver, deletes, holds, with_the_account
from realtime.log import Record
from realtime.sql import sql


async def _without_vouches(leaver: Leaver, record: Record) -> int:
    """The words that others gave for whoever leaves go before what they were given for."""
    few = f"""SELECT v.id FROM organisation_vouches v JOIN organisation_members m ON m.id = v.membership_id
        WHERE m.user_id = {{0}} ORDER BY v.id LIMIT {BATCH}"""
    return len(await sql(f"DELETE FROM organisation_vouches WHERE id IN ({few}) RETURNING id", leaver.id))


holds(
    Holding(
        "organisation_members",
        what=lambda: _(
            "For which organisations you work, in which functions, how it was verified and until when."
        ),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "organisations.json",
                """SELECT m.id, o.name, m.function, m.main, m.verified_by, m.verified_until, m.created_at
                    FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id
                    WHERE m.user_id = {0} AND m.id > {1} ORDER BY m.id LIMIT {2}""",
                flags=("main",),
            ),
        ),
        erase=(_without_vouches, deletes("organisation_members")),
    )
)
holds(
    Holding(
        "organisation_codes",
        what=lambda: _("That a code was sent to your organisation for you, and how often it was missed."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "organisation_codes.json",
                """SELECT c.id, o.name, c.attempts, c.sent_at FROM organisation_codes c
                    JOIN organisations o ON o.id = c.organisation_id
                    WHERE c.user_id = {0} AND c.id > {1} ORDER BY c.id LIMIT {2}""",
            ),
        ),
        erase=(deletes("organisation_codes"),),
    )
)
holds(
    Holding(
        "organisation_vouches",
        what=lambda: _("For which colleagues you have vouched."),
        kept=with_the_account,
        people=("user_id",),
        exports=(
            Export(
                "organisation_vouches.json",
                """SELECT v.id, u.username, v.created_at FROM organisation_vouches v
                    JOIN organisation_members m ON m.id = v.membership_id JOIN users u ON u.id = m.user_id
                    WHERE v.user_id = {0} AND v.id > {1} ORDER BY v.id LIMIT {2}""",
            ),
        ),
        erase=(deletes("organisation_vouches"),),
    )
)
