"""Posts that were reported, and what became of them."""

from forum.accounts.viewer import Viewer
from forum.flags.actions import flag_post
from forum.flags.models import FlagType
from forum.posts.new import NewPost
from forum.reviewables.actions import decide_case
from forum.reviewables.queries import CaseCard, case_visible_to
from tests.cast import Cast
from tests.factories import seen

REASON = "It names a child of the school."


async def reported(cast: Cast, post: NewPost, by: Viewer | None = None) -> CaseCard:
    """Eve (or another) reports a post; the item as an administrator sees it."""
    flagger = by or await cast.eve()
    item = await flag_post(flagger, await seen(flagger, post), FlagType.INAPPROPRIATE, "Look at the name.")
    return await case_visible_to(await cast.ada(), item)


async def decided(cast: Cast, post: NewPost, decision: str, by: Viewer | None = None) -> CaseCard:
    """Reported by Eve, and decided by Mod (or another)."""
    case = await reported(cast, post)
    await decide_case(by or await cast.mod(), case, decision, REASON)
    return await case_visible_to(await cast.ada(), case.id)
