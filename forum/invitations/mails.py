"""The mail that invites."""

from msgspec import Struct

from forum.invitations.queries import INVITE, OpenInvitation, open_invitation
from forum.mail.kinds import Envelope, Letter, mail
from forum.signups.mails import already_member
from realtime.sql import sql


class InvitationLetter(Struct, frozen=True):
    """Who invites, in what words, and the link."""

    invitation: OpenInvitation
    link: str


@mail("invitation")
async def invite_by_mail(envelope: Envelope, invitation_id: int) -> Letter | None:
    """To the address that somebody typed; only its owner learns that it is a member's already."""
    found = await open_invitation(invitation_id)
    if found is None:
        return None
    if await sql("SELECT 1 FROM users WHERE email = {0}", found.email):
        return already_member(envelope)
    return Letter("invitation.html", InvitationLetter(found, envelope.link("/invites", INVITE, found.link)))
