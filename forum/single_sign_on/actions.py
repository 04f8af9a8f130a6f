"""Arriving from the provider: recognised, or asked whose account it is; identities tied and untied.

No session is opened here: whoever is recognised goes on to `forum.factors.entry.let_in`, as with a password.
"""

from secrets import token_urlsafe

from msgspec import Struct
from tortoise.exceptions import IntegrityError

from forum.accounts.fields import name_fault, username_fault
from forum.accounts.queries import is_taken
from forum.accounts.sessions import close_sessions, hash_token
from forum.accounts.viewer import Viewer
from forum.charter.permissions import charter_fault
from forum.clock import now
from forum.errors import Forbidden, Invalid, require
from forum.factors.queries import is_recent
from forum.i18n import current_locale
from forum.i18n import gettext as _
from forum.profiles.names import clean_name
from forum.profiles.queries import staff_name_fault
from forum.settings.known import SIGN_UP_BY_PROVIDER
from forum.settings.queries import setting
from forum.signups.queries import check_rules
from forum.single_sign_on.claims import opened_by
from forum.single_sign_on.mails import tell_owner
from forum.single_sign_on.permissions import may_link, may_unlink
from forum.single_sign_on.queries import (
    ARRIVAL_LIFETIME,
    SIGN_OUTS_KEPT,
    Waiting,
    has_password,
    is_signed_out,
    waiting_of,
)
from forum.single_sign_on.sign_outs import NoSignOut, SignOut
from forum.single_sign_on.vouching import ProviderFault, Vouched, unproved
from forum.suspensions.refusal import check_suspension
from realtime import log
from realtime.sql import sql


class Arrived(Struct, frozen=True):
    """An identity that is no member's: the token by which the browser goes on."""

    token: str


async def receive(viewer: Viewer, vouched: Vouched, return_to: str) -> int | Arrived:
    """The member who has this identity; else it is kept until somebody says whose account it is.

    The address plays no part: who has an identity is found by issuer and subject alone.

    Raises:
        Suspended: the account is kept out for some time.
        ProviderFault: the account is closed, or another one than that of the signed-in viewer.
    """
    who = vouched.identity
    async with log.transaction():
        rows = await sql(
            """UPDATE user_associated_accounts SET email = {2}, name = {3}, siret = {4}, unit = {5},
                last_used_at = {6} WHERE issuer = {0} AND subject = {1} RETURNING user_id""",
            who.issuer,
            who.subject,
            who.shown_email,
            who.name,
            who.siret,
            who.unit,
            now(),
        )
        if not rows:
            return await _keep_arrival(vouched, return_to)
        user_id = int(rows[0]["user_id"])
        if viewer.signed_in and viewer.id != user_id:
            raise ProviderFault(_("This identity opens another account than yours. Sign out first."))
        await _check_standing(user_id)
        return user_id


async def _check_standing(user_id: int) -> None:
    rows = await sql("SELECT deactivated_at FROM users WHERE id = {0}", user_id)
    if rows[0]["deactivated_at"] is not None:
        raise ProviderFault(
            _("This account cannot be signed in to. Ask the person who looks after this site.")
        )
    await check_suspension(user_id)


async def _keep_arrival(vouched: Vouched, return_to: str) -> Arrived:
    token, who = token_urlsafe(32), vouched.identity
    await sql(
        """INSERT INTO single_sign_on_arrivals
            (token_hash, issuer, subject, email, name, siret, unit, id_token, return_to, created_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9})""",
        hash_token(token),
        who.issuer,
        who.subject,
        who.email,
        who.name,
        who.siret,
        who.unit,
        vouched.id_token,
        return_to,
        now(),
    )
    return Arrived(token)


async def note_provider(token: str, id_token: str, provider_name: str) -> None:
    """Note that the provider opened the session of this token, and what signing out there takes.

    If the provider has told meanwhile that they signed out there (while they owed the second factor, say),
    the session ends at once.
    """
    by = opened_by(id_token)
    async with log.transaction() as record:
        await _one_after_the_other(by.issuer, by.subject)
        await sql(
            """INSERT INTO provider_sessions (session_id, provider_name, id_token, issuer, subject, sid)
                SELECT id, {1}, {2}, {3}, {4}, {5} FROM sessions WHERE token_hash = {0}""",
            hash_token(token),
            provider_name[:80],
            id_token,
            by.issuer,
            by.subject,
            by.sid,
        )
        if await is_signed_out(by):
            await close_sessions(record, "token_hash = {0}", hash_token(token))


async def _one_after_the_other(issuer: str, subject: str) -> None:
    """Take the identity's lock: a sign-out sees each session of it, or is seen by it."""
    await sql(
        "UPDATE user_associated_accounts SET issuer = issuer WHERE issuer = {0} AND subject = {1}",
        issuer,
        subject,
    )


async def obey_sign_out(told: SignOut) -> int:
    """End the sessions that the provider opened and has ended there; how many there were.

    Raises:
        NoSignOut: it was told before.
    """
    async with log.transaction() as record:
        fresh = await sql(
            """INSERT INTO provider_sign_outs (told, issuer, subject, sid, issued_at, created_at)
                VALUES ({0}, {1}, {2}, {3}, {4}, {5}) ON CONFLICT (told) DO NOTHING RETURNING id""",
            hash_token(f"{told.issuer} {told.number}"),
            told.issuer,
            told.subject,
            told.sid,
            told.issued_at,
            now(),
        )
        if not fresh:
            raise NoSignOut("it was told before")
        await _one_after_the_other(told.issuer, told.subject)
        which, values = _ended_by(told)
        return await close_sessions(record, which, *values)


def _ended_by(told: SignOut) -> tuple[str, list[str]]:
    """A condition on `sessions`. One that the provider gave no name ends with any of the same person."""
    if not told.subject:
        return "id IN (SELECT session_id FROM provider_sessions WHERE issuer = {0} AND sid = {1})", [
            told.issuer,
            told.sid,
        ]
    # Sessions that were opened before Relais kept whose they are there have neither issuer nor subject.
    theirs = """(p.issuer = {0} AND p.subject = {1}) OR (p.issuer = '' AND sessions.user_id IN (
        SELECT a.user_id FROM user_associated_accounts a WHERE a.issuer = {0} AND a.subject = {1}))"""
    which = f"id IN (SELECT p.session_id FROM provider_sessions p WHERE ({theirs})"
    if told.sid:
        return f"{which} AND p.sid IN ('', {{2}}))", [told.issuer, told.subject, told.sid]
    return f"{which})", [told.issuer, told.subject]


async def check_may_join(waiting: Waiting) -> None:
    """Whether this identity may become a new account.

    Raises:
        Forbidden: the provider has not confirmed an address, or the site's rules do not let it; says why.
    """
    if not waiting.identity.email:
        raise Forbidden(
            _("No confirmed address came with your identity: create an account here first, then link it.")
        )
    if waiting.address_is_known:
        raise Forbidden(_("An account here already has your address: sign in to it once to link it."))
    if await setting(SIGN_UP_BY_PROVIDER) == "rules":
        try:
            await check_rules(waiting.identity.email)
        except Invalid as fault:
            raise Forbidden(" ".join(fault.fields.values())) from fault


class Joining(Struct, frozen=True):
    """What somebody who has arrived typed; `charter` is the version that they ticked, "" for none."""

    username: str
    name: str
    charter: str


async def join(token: str, typed: Joining) -> int:
    """Make an account of an arrival, its address confirmed by the provider; the member's id.

    Raises:
        Forbidden: see `check_may_join`. Invalid: the names do not do; a sentence for each field.
        ProviderFault: the arrival is over.
    """
    waiting = await waiting_of(token)
    if waiting is None:
        raise unproved("the arrival is over")
    await check_may_join(waiting)
    await _check_typed(typed)
    try:
        async with log.transaction():
            await _spend(token)
            user_id = await _insert_user(waiting, typed)
            await _associate(user_id, waiting)
            return user_id
    except IntegrityError as error:
        if await is_taken(typed.username):
            raise Invalid(fields={"username": _("This name is already taken.")}) from error
        raise unproved("the arrival is over") from error


async def _check_typed(typed: Joining) -> None:
    username, name = typed.username, typed.name
    taken = _("This name is already taken.") if await is_taken(username) else None
    faults = {
        "name": name_fault(name) or await staff_name_fault(name),
        "username": username_fault(username) or await staff_name_fault(username) or taken,
        "charter": charter_fault(typed.charter),
    }
    if not name.strip():
        faults["name"] = _("Write the name that people know you by.")
    wrong = {field: sentence for field, sentence in faults.items() if sentence}
    if wrong:
        raise Invalid(fields=wrong)


async def _spend(token: str) -> None:
    if not await sql(
        "DELETE FROM single_sign_on_arrivals WHERE token_hash = {0} RETURNING id", hash_token(token)
    ):
        raise unproved("the arrival is over")


async def _insert_user(waiting: Waiting, typed: Joining) -> int:
    rows = await sql(
        """INSERT INTO users (username, username_lower, name, email, title, affiliation, admin, moderator,
            locale, created_at, charter_version, charter_accepted_at)
            VALUES ({0}, {1}, {2}, {3}, '', '', {4}, {4}, {5}, {6}, {7}, {6}) RETURNING id""",
        typed.username,
        typed.username.lower(),
        clean_name(typed.name),
        waiting.identity.email,
        False,
        current_locale(),
        now(),
        int(typed.charter),
    )
    return int(rows[0]["id"])


async def _associate(user_id: int, waiting: Waiting) -> None:
    who = waiting.identity
    await sql(
        """INSERT INTO user_associated_accounts
            (user_id, issuer, subject, email, name, siret, unit, created_at, last_used_at)
            VALUES ({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {7})""",
        user_id,
        who.issuer,
        who.subject,
        who.email,
        who.name,
        who.siret,
        who.unit,
        now(),
    )


async def link(viewer: Viewer, token: str, base_url: str, provider: str) -> None:
    """Tie the identity of an arrival to the viewer's account; its owner is told by mail.

    Args:
        provider: its name.

    Raises:
        Forbidden: a visitor, or somebody who has not shown for a while that the session is theirs.
        ProviderFault: the arrival is over, or one of the two is tied already.
    """
    require(
        may_link(viewer, recent=await is_recent(viewer)),
        _("Give your password once more: that proves that the account is yours."),
    )
    waiting = await waiting_of(token)
    if waiting is None:
        raise unproved("the arrival is over")
    try:
        async with log.transaction():
            await _spend(token)
            await _associate(viewer.member_id, waiting)
            await tell_owner(viewer.member_id, base_url, "linked", provider)
    except IntegrityError as error:
        raise ProviderFault(_("Your account or this identity is linked already.")) from error


async def unlink(viewer: Viewer, issuer: str, base_url: str, provider: str) -> None:
    """Untie the viewer's identity; the sessions that it opened end, but the one that asks. They are told.

    Raises:
        Forbidden: a visitor, or somebody without another way in.
    """
    require(viewer.signed_in)
    require(
        may_unlink(viewer, has_password=await has_password(viewer.member_id)),
        _("Choose a password first: without it you could no longer sign in."),
    )
    async with log.transaction() as record:
        gone = await sql(
            "DELETE FROM user_associated_accounts WHERE user_id = {0} AND issuer = {1} RETURNING id",
            viewer.member_id,
            issuer,
        )
        if gone:
            await tell_owner(viewer.member_id, base_url, "unlinked", provider)
        opened = "user_id = {0} AND id <> {1} AND id IN (SELECT session_id FROM provider_sessions)"
        await close_sessions(record, opened, viewer.member_id, viewer.session_id or 0)


async def forget_arrivals() -> None:
    """The job: arrivals that came to nothing go, with everything that they held; and old sign-outs."""
    async with log.transaction():
        await sql("DELETE FROM single_sign_on_arrivals WHERE created_at < {0}", now() - ARRIVAL_LIFETIME)
        await sql("DELETE FROM provider_sign_outs WHERE created_at < {0}", now() - SIGN_OUTS_KEPT)
