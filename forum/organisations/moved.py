"""What a merge does to the directory itself, to who works where, and to codes under way."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from forum.clock import now
from forum.i18n import gettext as _
from forum.organisations.domains import joined_domains
from forum.organisations.merging import Counts, Merge, Step, counts_rows, moves
from realtime.log import Record
from realtime.sql import as_datetime, sql

# What the one that stays takes over where it says nothing itself, if both are of one kind.
FILLED = ("code", "population", "department", "region", "group_siren", "latitude", "longitude", "site")
LONG_AGO = datetime.min.replace(tzinfo=UTC)


async def _count_communes(merge: Merge) -> Counts:
    """The communes of each, where they are intermunicipal bodies."""
    (row,) = await sql(
        """SELECT (SELECT COUNT(*) FROM organisations c JOIN organisations g ON g.siren = c.group_siren
                WHERE g.id = {0} AND c.merged_into_id IS NULL) AS moving,
            (SELECT COUNT(*) FROM organisations c JOIN organisations g ON g.siren = c.group_siren
                WHERE g.id = {1} AND c.merged_into_id IS NULL) AS kept""",
        merge.absorbed_id,
        merge.kept_id,
    )
    return Counts(row["moving"], row["kept"])


async def _move_in_directory(merge: Merge, record: Record) -> None:
    """Its proofs and its communes are the other one's; what had gone into it has gone there."""
    rows = await sql("SELECT * FROM organisations WHERE id IN ({0}, {1})", merge.absorbed_id, merge.kept_id)
    found = {row["id"]: row for row in rows}
    absorbed, kept = found[merge.absorbed_id], found[merge.kept_id]
    await sql(
        "UPDATE organisations SET merged_into_id = {1} WHERE merged_into_id = {0}",
        merge.absorbed_id,
        merge.kept_id,
    )
    await _take_siren(absorbed, kept)
    await sql(
        "UPDATE organisations SET domains = {1}, email = {2} WHERE id = {0}",
        merge.kept_id,
        joined_domains(kept["domains"], absorbed["domains"]),
        kept["email"] or absorbed["email"],
    )
    if absorbed["kind"] == kept["kind"]:
        await _fill(absorbed, kept)


async def _take_siren(absorbed: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    """One without a SIREN takes the other's; the communes of an EPCI go to the one that stays."""
    if not absorbed["siren"]:
        return
    if not kept["siren"]:
        await sql("UPDATE organisations SET siren = NULL WHERE id = {0}", absorbed["id"])
        await sql("UPDATE organisations SET siren = {1} WHERE id = {0}", kept["id"], absorbed["siren"])
        return
    await sql(
        "UPDATE organisations SET group_siren = {1}, updated_at = {2} WHERE group_siren = {0}",
        absorbed["siren"],
        kept["siren"],
        now(),
    )


async def _fill(absorbed: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    new = {
        name: absorbed[name]
        for name in FILLED
        if kept[name] in (None, "") and absorbed[name] not in (None, "")
    }
    if new:
        changes = ", ".join(f"{name} = {{{n}}}" for n, name in enumerate(new, 1))
        await sql(f"UPDATE organisations SET {changes} WHERE id = {{0}}", kept["id"], *new.values())


async def _move_members(merge: Merge, record: Record) -> None:
    """Whoever worked for both belongs to it once, with the better of two proofs and the colleagues' words."""
    rows = await sql(
        """SELECT a.id AS gone, k.id, a.function AS gone_function, k.function, a.main AS gone_main, k.main,
            a.verified_by AS gone_by, a.verified_until AS gone_until, k.verified_by, k.verified_until,
            a.created_at AS gone_created_at, k.created_at
            FROM organisation_members a JOIN organisation_members k ON k.user_id = a.user_id
            WHERE a.organisation_id = {0} AND k.organisation_id = {1} ORDER BY a.id""",
        merge.absorbed_id,
        merge.kept_id,
    )
    for row in rows:
        await _join_members(row)
    await sql(
        "UPDATE organisation_members SET organisation_id = {1} WHERE organisation_id = {0}",
        merge.absorbed_id,
        merge.kept_id,
    )


async def _join_members(row: Mapping[str, Any]) -> None:
    await _join_vouches(row["gone"], row["id"])
    await sql("DELETE FROM organisation_members WHERE id = {0}", row["gone"])
    better = _time(row["gone_until"]) > _time(row["verified_until"])
    await sql(
        """UPDATE organisation_members SET function = {1}, main = {2}, verified_by = {3},
            verified_until = {4}, created_at = {5} WHERE id = {0}""",
        row["id"],
        row["function"] or row["gone_function"],
        bool(row["main"] or row["gone_main"]),
        row["gone_by"] if better else row["verified_by"],
        row["gone_until"] if better else row["verified_until"],
        min(as_datetime(row["created_at"]), as_datetime(row["gone_created_at"])),
    )


async def _join_vouches(gone: int, membership_id: int) -> None:
    """The words given for both of one's places count for the one that stays, each colleague's once."""
    await sql(
        """UPDATE organisation_vouches SET membership_id = {1} WHERE membership_id = {0} AND user_id NOT IN
            (SELECT v.user_id FROM organisation_vouches v WHERE v.membership_id = {1})""",
        gone,
        membership_id,
    )
    await sql("DELETE FROM organisation_vouches WHERE membership_id = {0}", gone)


def _time(value: Any) -> datetime:
    return as_datetime(value) if value else LONG_AGO


async def _move_codes(merge: Merge, record: Record) -> None:
    """A code under way stays good; of two the later one, and nobody has more tries for it."""
    rows = await sql(
        """SELECT a.id AS gone, a.code_hash AS gone_hash, a.sent_at AS gone_sent_at,
            a.attempts AS gone_attempts, k.id, k.code_hash, k.sent_at, k.attempts FROM organisation_codes a
            JOIN organisation_codes k ON k.user_id = a.user_id
            WHERE a.organisation_id = {0} AND k.organisation_id = {1} ORDER BY a.id""",
        merge.absorbed_id,
        merge.kept_id,
    )
    for row in rows:
        later = as_datetime(row["gone_sent_at"]) > as_datetime(row["sent_at"])
        await sql("DELETE FROM organisation_codes WHERE id = {0}", row["gone"])
        await sql(
            "UPDATE organisation_codes SET code_hash = {1}, sent_at = {2}, attempts = {3} WHERE id = {0}",
            row["id"],
            row["gone_hash"] if later else row["code_hash"],
            row["gone_sent_at"] if later else row["sent_at"],
            max(row["attempts"], row["gone_attempts"]),
        )
    await sql(
        "UPDATE organisation_codes SET organisation_id = {1} WHERE organisation_id = {0}",
        merge.absorbed_id,
        merge.kept_id,
    )


moves(
    Step(
        "organisation_members",
        "organisation_id",
        what=lambda: _("People"),
        count=counts_rows("organisation_members", "organisation_id", within="user_id"),
        move=_move_members,
    )
)
moves(
    Step(
        "organisation_codes",
        "organisation_id",
        what=lambda: _("Codes sent, not typed yet"),
        count=counts_rows("organisation_codes", "organisation_id", within="user_id"),
        move=_move_codes,
    )
)
moves(
    Step(
        "organisations",
        "merged_into_id",
        what=lambda: _("Communes of an intermunicipal body"),
        count=_count_communes,
        move=_move_in_directory,
    )
)
