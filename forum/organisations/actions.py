"""Members join organisations, and it becomes sure that they work there. Each action is one transaction."""

from datetime import timedelta
from hashlib import sha256
from secrets import choice

from forum.accounts.viewer import Viewer
from forum.channels import user_channel
from forum.clock import now
from forum.errors import Invalid, NotFound, gathered, require, require_none
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.mail.actions import write_mail
from forum.organisations.domains import domain_fault
from forum.organisations.members import BADGE, Affiliation, Membership, counted_vouches, organisation_of
from forum.organisations.models import VerifiedBy
from forum.organisations.siren import is_siren
from forum.profiles.names import claims_a_staff_function, clean_function
from realtime import log
from realtime.sql import as_datetime, sql

MOST = 10
CODE_LIFE, LOCK = timedelta(days=7), timedelta(days=1)
MAX_ATTEMPTS, VOUCHES = 5, 2
# Without those that are taken for one another.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


async def join_organisation(viewer: Viewer, organisation_id: int, function: str) -> None:
    """Belong to an organisation, not verified yet; the first one is the one that posts are signed with.

    Raises:
        Invalid: the function does not do, there is no such organisation, or there are ten already.
    """
    require(viewer.signed_in)
    faults, words = dict[str, str](), ""
    if not await _is_there(organisation_id):
        faults["organisation_id"] = _("Choose one of the list.")
    with gathered(faults):
        words = _function(viewer, function)
    require_none(faults)
    async with log.transaction():
        await _take_member(viewer.member_id)
        mine = await sql("SELECT id FROM organisation_members WHERE user_id = {0}", viewer.member_id)
        if len(mine) >= MOST:
            raise Invalid(fields={"organisation_id": _("You belong to ten organisations already.")})
        await _join(viewer.member_id, organisation_id, words, main=not mine)


async def _take_member(user_id: int) -> None:
    """Changes of one member's organisations come one after the other."""
    await sql("UPDATE users SET id = id WHERE id = {0}", user_id)


async def _join(user_id: int, organisation_id: int, function: str, main: bool) -> None:
    if not await _is_there(organisation_id):
        raise NotFound
    await sql(
        """INSERT INTO organisation_members (organisation_id, user_id, function, main, verified_by,
                created_at)
            VALUES ({0}, {1}, {2}, {3}, '', {4}) ON CONFLICT (organisation_id, user_id) DO NOTHING""",
        organisation_id,
        user_id,
        function,
        main,
        now(),
    )


async def _is_there(organisation_id: int) -> bool:
    query = "SELECT 1 FROM organisations WHERE id = {0} AND merged_into_id IS NULL"
    return bool(await sql(query, organisation_id))


def _function(viewer: Viewer, typed: str) -> str:
    try:
        words = clean_function(typed)
    except ValueError as fault:
        raise Invalid(fields={"function": str(fault)}) from fault
    if claims_a_staff_function(words) and not viewer.staff:
        raise Invalid(fields={"function": _("This function is kept for those who look after the site.")})
    return words


async def change_function(viewer: Viewer, membership: Membership, function: str) -> None:
    """Say what one does there; posts that are written already keep what they say.

    Raises:
        Invalid: the words do not do.
    """
    words = _function(viewer, function)
    async with log.transaction():
        await sql("UPDATE organisation_members SET function = {1} WHERE id = {0}", membership.id, words)


async def sign_with(viewer: Viewer, membership: Membership) -> None:
    """Sign posts with this organisation from now on."""
    async with log.transaction():
        await _take_member(viewer.member_id)
        await sql(
            "UPDATE organisation_members SET main = (id = {1}) WHERE user_id = {0}",
            viewer.member_id,
            membership.id,
        )


async def leave_organisation(viewer: Viewer, membership: Membership) -> None:
    """Belong to it no more; another one is signed with, if there is one."""
    async with log.transaction():
        await _take_member(viewer.member_id)
        await sql("DELETE FROM organisation_vouches WHERE membership_id = {0}", membership.id)
        await sql("DELETE FROM organisation_members WHERE id = {0}", membership.id)
        await sql(
            """UPDATE organisation_members SET main = TRUE WHERE id = (SELECT MIN(id)
                FROM organisation_members WHERE user_id = {0}) AND NOT EXISTS
                (SELECT 1 FROM organisation_members WHERE user_id = {0} AND main)""",
            viewer.member_id,
        )


async def verify_by_domain(viewer: Viewer, membership: Membership) -> None:
    """Verified for a year, when the account's confirmed address ends in a domain of the organisation.

    Raises:
        Invalid: it does not; says why, and the other ways.
    """
    async with log.transaction():
        rows = await sql(
            """SELECT COALESCE(u.email, '') AS mine, o.email, o.domains FROM users u, organisations o
                WHERE u.id = {0} AND o.id = {1}""",
            viewer.member_id,
            membership.organisation_id,
        )
        if fault := _address_fault(rows[0]["mine"], rows[0]["email"], rows[0]["domains"]):
            raise Invalid(fields={"verification": fault})
        await _verify(membership.id, VerifiedBy.DOMAIN)


def _address_fault(address: str, official: str, domains: str) -> str:
    """Why a member's address does not prove it; "" when it is the official one, or ends in a domain of it."""
    return "" if official and address == official else domain_fault(address, tuple(domains.split()))


async def _verify(membership_id: int, way: VerifiedBy) -> None:
    await sql(
        "UPDATE organisation_members SET verified_by = {1}, verified_until = {2} WHERE id = {0}",
        membership_id,
        way.value,
        now() + BADGE,
    )


async def send_code(viewer: Viewer, membership: Membership, base_url: str) -> None:
    """Write a code to the organisation's official address; the one before is good no more.

    Raises:
        Invalid: it has no such address, or five wrong codes were typed since yesterday.
    """
    letters = "".join(choice(LETTERS) for _n in range(8))
    async with log.transaction():
        rows = await sql(
            """INSERT INTO organisation_codes (organisation_id, user_id, code_hash, attempts, sent_at)
                VALUES ({0}, {1}, {2}, 0, {3}) ON CONFLICT (organisation_id, user_id) DO UPDATE
                SET code_hash = {2}, sent_at = {3}, attempts =
                    CASE WHEN organisation_codes.sent_at < {4} THEN 0 ELSE organisation_codes.attempts END
                WHERE organisation_codes.attempts < {5} OR organisation_codes.sent_at < {4} RETURNING id""",
            membership.organisation_id,
            viewer.member_id,
            _hash(letters),
            now(),
            now() - LOCK,
            MAX_ATTEMPTS,
        )
        address = await sql("SELECT email FROM organisations WHERE id = {0}", membership.organisation_id)
        if not rows or not address[0]["email"]:
            raise Invalid(fields={"verification": _locked() if not rows else _no_address()})
        await write_mail(
            "organisation_code",
            address[0]["email"],
            base_url,
            viewer.locale,
            member_id=viewer.member_id,
            user_id=viewer.member_id,
            organisation_id=membership.organisation_id,
            code=f"{letters[:4]}-{letters[4:]}",
        )


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def _locked() -> str:
    return _(
        "Five wrong codes: no other is accepted before tomorrow. Two verified colleagues can vouch for you."
    )


def _no_address() -> str:
    return _("The official address is not known here. Two verified colleagues can vouch for you.")


async def confirm_code(viewer: Viewer, membership: Membership, code: str) -> None:
    """Verified for a year, with the code of the last letter; each try counts, right or wrong.

    Raises:
        Invalid: wrong, too old, or locked after five wrong ones.
    """
    typed = "".join(letter for letter in code.upper() if letter in LETTERS)
    async with log.transaction():
        rows = await sql(
            """UPDATE organisation_codes SET attempts = attempts + 1 WHERE organisation_id = {0}
                AND user_id = {1} AND attempts < {2} RETURNING code_hash, attempts, sent_at""",
            membership.organisation_id,
            viewer.member_id,
            MAX_ATTEMPTS,
        )
        fresh = bool(rows) and as_datetime(rows[0]["sent_at"]) > now() - CODE_LIFE
        right = fresh and rows[0]["code_hash"] == _hash(typed)
        if right:
            await _verify(membership.id, VerifiedBy.CODE)
            await sql(
                "DELETE FROM organisation_codes WHERE organisation_id = {0} AND user_id = {1}",
                membership.organisation_id,
                viewer.member_id,
            )
    if not right:
        raise Invalid(fields={"verification": _wrong(MAX_ATTEMPTS - rows[0]["attempts"] if rows else 0)})


def _wrong(left: int) -> str:
    if left <= 0:
        return _locked()
    words = ngettext(
        "Not the code, or too old: %(n)d try left.", "Not the code, or too old: %(n)d tries left.", left
    )
    return words % {"n": left}


async def vouch_for(viewer: Viewer, membership_id: int) -> str:
    """Say that somebody works in one's own organisation; with two such words they are verified.

    Returns:
        The address of the organisation's page.

    Raises:
        NotFound: there is no such member, or the viewer is not a verified colleague of theirs.
    """
    require(viewer.signed_in)
    async with log.transaction() as record:
        await sql(
            """INSERT INTO organisation_vouches (membership_id, user_id, created_at)
                SELECT m.id, w.user_id, {2} FROM organisation_members m
                JOIN organisation_members w ON w.organisation_id = m.organisation_id AND w.user_id = {1}
                WHERE m.id = {0} AND m.user_id <> {1} AND w.verified_until > {2}
                ON CONFLICT (membership_id, user_id) DO UPDATE SET created_at = {2}""",
            membership_id,
            viewer.member_id,
            now(),
        )
        rows = await sql(
            f"""SELECT o.slug, m.user_id, mine.id AS mine, {counted_vouches("{2}", "{3}")} AS vouches
                FROM organisation_members m JOIN organisations o ON o.id = m.organisation_id
                LEFT JOIN organisation_vouches mine ON mine.membership_id = m.id AND mine.user_id = {{1}}
                WHERE m.id = {{0}}""",
            membership_id,
            viewer.member_id,
            now(),
            now() - BADGE,
        )
        if not rows or rows[0]["mine"] is None:
            raise NotFound
        if rows[0]["vouches"] >= VOUCHES:
            await _verify(membership_id, VerifiedBy.VOUCHING)
        asker = rows[0]["user_id"]
        record(user_channel(asker), "vouch.given", user_id=asker, membership_id=membership_id)
    return f"/o/{rows[0]['slug']}"


async def verify_by_siren(user_id: int, siren: str) -> Affiliation | None:
    """A single sign-on says where somebody works: they belong there, verified for a year.

    Args:
        siren: nine digits, or a SIRET, of which the first nine are the SIREN.

    Returns:
        What they sign with from now on; None when the organisation is not in the directory.
    """
    if not is_siren(siren[:9]):
        return None
    async with log.transaction():
        await _take_member(user_id)
        found = await sql(
            "SELECT COALESCE(merged_into_id, id) AS id FROM organisations WHERE siren = {0}", siren[:9]
        )
        if not found:
            return None
        first = not await sql("SELECT 1 FROM organisation_members WHERE user_id = {0}", user_id)
        await _join(user_id, found[0]["id"], "", main=first)
        rows = await sql(
            "SELECT id FROM organisation_members WHERE user_id = {0} AND organisation_id = {1}",
            user_id,
            found[0]["id"],
        )
        await _verify(rows[0]["id"], VerifiedBy.SIREN)
    return await organisation_of(user_id)


async def renew_badges() -> None:
    """The job: badges that an address proves are good for another year, in the month before they end.

    The others end by themselves: whoever has one shows again that they work there.
    """
    async with log.transaction():
        rows = await sql(
            """SELECT m.id, u.email, o.email AS official, o.domains
                FROM organisation_members m JOIN users u ON u.id = m.user_id
                JOIN organisations o ON o.id = m.organisation_id
                WHERE m.verified_by = 'domain' AND m.verified_until < {0} AND m.verified_until > {1}
                AND u.deactivated_at IS NULL ORDER BY m.id LIMIT 500""",
            now() + timedelta(days=30),
            now(),
        )
        for row in rows:
            if row["email"] and not _address_fault(row["email"], row["official"], row["domains"]):
                await _verify(row["id"], VerifiedBy.DOMAIN)
