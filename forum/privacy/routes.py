"""The privacy page: made of what the code declares, so that it says what the site does."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forum.exports.queries import LIFETIME
from forum.live_policies import KEPT_FOR
from forum.live_positions import channels_of
from forum.personal import HOLDINGS, Holding
from forum.privacy.pages import HeldLine, PrivacyPage
from forum.privacy.words import cookies, mail_words
from forum.settings.known import ERASURE_DAYS, INACTIVE_MONTHS
from forum.settings.queries import setting
from forum.web import page, site_of, viewer_of

# In the order in which people think of it; what is not named here follows.
FIRST = (
    "users", "user_profiles", "topics", "posts", "post_revisions", "votes", "accepted_answers", "topic_users",
    "notifications", "drafts", "group_users", "sessions", "outbox", "signups", "flags", "reviewables",
    "reuses", "staff_notes", "staff_actions", "staff_reasons",
)  # fmt: skip


async def show(request: Request) -> Response:
    """What the site holds about people, for how long, and what they can do about it."""
    config = site_of(request).config
    channels = await channels_of(viewer_of(request), [])
    subject = PrivacyPage(
        held=[HeldLine(holding.what(), holding.kept()) for holding in _in_order()],
        cookies=cookies(config),
        mails=list(mail_words().values()),
        server=config.smtp_url is not None,
        erasure_days=await setting(ERASURE_DAYS),
        inactive_months=await setting(INACTIVE_MONTHS),
        live_days=KEPT_FOR.days,
        archive_days=LIFETIME.days,
        channels=channels,
    )
    return page(request, "privacy/show.html", subject)


def _in_order() -> list[Holding]:
    rank = {table: n for n, table in enumerate(FIRST)}
    return sorted(HOLDINGS.values(), key=lambda holding: rank.get(holding.table, len(rank)))


routes = [Route("/privacy", show, methods=["GET"])]
