"""What a member sees where they say for whom they work, when a colleague gives their word."""

from forum.live import Patches, presents, remove, render, replace, set_text
from forum.organisations.members import membership_of
from forum.organisations.pages import MembershipLine


@presents("vouch.given", on="user")
async def show_vouch(user_id: int, membership_id: int) -> Patches:
    """How many have; once they are enough, that it is verified, and no way to show it any more."""
    membership = await membership_of(user_id, membership_id)
    if membership is None:
        return []
    line, here = MembershipLine(membership), f"membership-{membership_id}"
    state = replace(f"{here}-state", render("organisations/_state.html", line=line))
    if membership.verified:
        return [state, remove(f"{here}-proof")]
    return [state, set_text(f"{here}-vouches", line.vouched)]
