"""The application: the one place where `forum` and `realtime` meet, and where slices are listed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

import forum.accounts.personal
import forum.accounts.routes
import forum.administration.routes
import forum.animators.personal
import forum.answers.personal
import forum.answers.routes
import forum.api.personal
import forum.api.routes
import forum.categories.routes
import forum.charter.routes
import forum.conduct.mails
import forum.conduct.personal
import forum.conduct.routes
import forum.credentials.mails
import forum.credentials.routes
import forum.demo.personal
import forum.documents.personal
import forum.drafts.personal
import forum.erasures.mails
import forum.erasures.personal
import forum.erasures.routes
import forum.exports.mails
import forum.exports.personal
import forum.exports.routes
import forum.factors.mails
import forum.factors.personal
import forum.factors.routes
import forum.flags.personal
import forum.flags.routes
import forum.freshness.beside
import forum.freshness.foot
import forum.freshness.live
import forum.freshness.mails
import forum.freshness.personal
import forum.freshness.routes
import forum.gatherings.beside
import forum.gatherings.merging
import forum.gatherings.personal
import forum.gatherings.routes
import forum.groups.live
import forum.groups.personal
import forum.groups.routes
import forum.guides.personal
import forum.installation.routes
import forum.invitations.live
import forum.invitations.mails
import forum.invitations.personal
import forum.invitations.routes
import forum.job_offers.personal
import forum.journal.personal
import forum.journal.routes
import forum.kinds.personal
import forum.kinds.routes
import forum.mail.personal
import forum.mail.routes
import forum.mail.trial
import forum.mergers.routes
import forum.metrics.routes
import forum.moves.live
import forum.moves.routes
import forum.notices.mails
import forum.notices.routes
import forum.notifications.live
import forum.notifications.personal
import forum.notifications.routes
import forum.organisations.live
import forum.organisations.mails
import forum.organisations.moved
import forum.organisations.personal
import forum.organisations.routes
import forum.passkeys.personal
import forum.passkeys.routes
import forum.peers.beside
import forum.peers.merging
import forum.peers.personal
import forum.peers.routes
import forum.pending.live
import forum.pending.mails
import forum.pending.personal
import forum.pending.routes
import forum.people.routes
import forum.pictures.routes
import forum.posts.live
import forum.posts.merging
import forum.posts.personal
import forum.posts.routes
import forum.preferences.routes
import forum.privacy.routes
import forum.profiles.personal
import forum.profiles.routes
import forum.reading.personal
import forum.reading.routes
import forum.removals.routes
import forum.reuses.beside
import forum.reuses.foot
import forum.reuses.live
import forum.reuses.merging
import forum.reuses.personal
import forum.reuses.routes
import forum.reviewables.live
import forum.reviewables.personal
import forum.reviewables.routes
import forum.search.personal
import forum.search.routes
import forum.settings.routes
import forum.sheets.beside
import forum.sheets.live
import forum.sheets.personal
import forum.sheets.routes
import forum.signup_requests.mails
import forum.signup_requests.personal
import forum.signup_requests.routes
import forum.signups.mails
import forum.signups.personal
import forum.signups.routes
import forum.single_sign_on.mails
import forum.single_sign_on.personal
import forum.single_sign_on.routes
import forum.suggestions.personal
import forum.suggestions.routes
import forum.suspensions.mails
import forum.suspensions.personal
import forum.suspensions.routes
import forum.sweeps.personal
import forum.synonyms.routes
import forum.tags.routes
import forum.topics.live
import forum.topics.personal
import forum.topics.routes
import forum.uploads.personal
import forum.uploads.routes
import forum.value.routes
import forum.votes.personal
import forum.votes.routes
from forum import jobs
from forum.accounts.routes import told_suspended
from forum.administration.calls import tell_live_state
from forum.assets import shipped_assets
from forum.categories.actions import show_themes
from forum.config import Config
from forum.database import close_database, database_answers, open_database
from forum.documents.kind import DOCUMENT
from forum.erasures.erasing import erase_accounts, leave_no_trace
from forum.erasures.retention import warn_inactive_members
from forum.error_pages import ERROR_HANDLERS
from forum.exports.actions import forget_archives, make_archive
from forum.factors.actions import forget_pending
from forum.freshness.alerts import titles_in_alerts
from forum.freshness.jobs import ask_authors, ask_reusers, mark_due
from forum.gatherings.kind import GATHERING
from forum.guides.kind import GUIDE
from forum.invitations.actions import forget_invitations
from forum.job_offers.actions import expire_offers
from forum.job_offers.kind import JOB
from forum.kinds.registry import register as register_kind
from forum.limits import Limits
from forum.live import use_templates
from forum.live_policies import live_policies
from forum.mail.actions import forget_mails, send_mails
from forum.mail.office import open_office
from forum.markdown import Cooker
from forum.meanings.indexing import keep_meanings
from forum.meanings.process import installed
from forum.meanings.queries import Meanings, use_meanings
from forum.mergers.actions import move_latecomers
from forum.moves.quotes import name_topics_of_quotes
from forum.notices.actions import write_notices
from forum.notifications.actions import notify_watchers
from forum.notifications.grouped import groups
from forum.notifications.hidden import forget_hidden_alerts
from forum.notifications.models import NotificationType
from forum.organisations.actions import renew_badges
from forum.peers.actions import tell_peers
from forum.peers.queries import whys_of_alerts
from forum.posts.hidden import cook_quotes_again
from forum.profiles.actions import refresh_cards
from forum.retention import forget_retries, forget_sessions, renew_log, settle_log, trim_log
from forum.reuses.queries import names_in_alerts
from forum.search.calls import found_within
from forum.search.forum_sources import POSTS, TOPICS, USERS
from forum.search.indexing import keep_index
from forum.search.sources import register as register_source
from forum.security import FrontDoor
from forum.sheets.kind import SHEET
from forum.signups.actions import forget_signups
from forum.single_sign_on.actions import forget_arrivals
from forum.suggestions.alerts import spared_in_alerts
from forum.suggestions.calls import similar_within
from forum.suggestions.queries import similar_topics, suggests
from forum.suspensions.refusal import Suspended
from forum.sweeps.actions import bring_all_back, carry_out
from forum.tags.jobs import add_up_tags
from forum.templating import templates_in
from forum.uploads.actions import read_document
from forum.uploads.orphans import forget_orphans
from forum.web import MAX_BODY, RunningSite
from realtime.brokers import Broker
from realtime.brokers.in_process import InProcessBroker
from realtime.hub import Hub
from realtime.place import at_home
from realtime.policies import Limits as LiveLimits

if TYPE_CHECKING:
    from forum.single_sign_on.provider import Provider

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

# The lane of the jobs that wait for the mail server, and of those that may read all that somebody wrote.
MAIL, PERSONAL = "mail", "personal"

# Asked in this order: what is read most comes first.
SLICES = (
    forum.topics.routes,
    forum.api.routes,
    forum.posts.routes,
    forum.moves.routes,
    forum.kinds.routes,
    forum.votes.routes,
    forum.answers.routes,
    forum.reading.routes,
    forum.notifications.routes,
    forum.categories.routes,
    forum.tags.routes,
    forum.search.routes,
    forum.suggestions.routes,
    forum.synonyms.routes,
    forum.signups.routes,
    forum.signup_requests.routes,
    forum.credentials.routes,
    forum.installation.routes,
    forum.invitations.routes,
    forum.accounts.routes,
    forum.factors.routes,
    forum.passkeys.routes,
    forum.single_sign_on.routes,
    forum.preferences.routes,
    forum.exports.routes,
    forum.erasures.routes,
    forum.privacy.routes,
    forum.notices.routes,
    forum.profiles.routes,
    forum.pictures.routes,
    forum.uploads.routes,
    forum.charter.routes,
    forum.administration.routes,
    forum.people.routes,
    forum.settings.routes,
    forum.mail.routes,
    forum.journal.routes,
    forum.groups.routes,
    forum.organisations.routes,
    forum.mergers.routes,
    forum.flags.routes,
    forum.pending.routes,
    forum.reviewables.routes,
    forum.removals.routes,
    forum.conduct.routes,
    forum.suspensions.routes,
    forum.metrics.routes,
    forum.sheets.routes,
    forum.gatherings.routes,
    forum.reuses.routes,
    forum.value.routes,
    forum.freshness.routes,
    forum.peers.routes,
)

# What can be found; another kind of thing adds its source here.
for source in (TOPICS, POSTS, USERS):
    register_source(source)

# What is suggested to whoever writes a question; another kind of thing adds its suggester here.
suggests(similar_topics)

# The kinds of topic beyond the first three (`forum/kinds/registry.py`), as the composer proposes them.
KINDS = (SHEET, DOCUMENT, GUIDE, GATHERING, JOB)
for kind in KINDS:
    register_kind(kind)

# Alerts that speak of several at once.
groups(NotificationType.REUSED, names_in_alerts)
groups(NotificationType.REVIEW_DUE, titles_in_alerts)
groups(NotificationType.PEERS_ASKED, whys_of_alerts)
groups(NotificationType.THANKED, spared_in_alerts)

jobs.job("notify_watchers")(notify_watchers)
jobs.job("forget_hidden_alerts")(forget_hidden_alerts)
jobs.job("show_themes")(show_themes)
jobs.job("tell_peers")(tell_peers)
jobs.job("refresh_cards")(refresh_cards)
jobs.job("cook_quotes_again")(cook_quotes_again)
jobs.job("move_latecomers")(move_latecomers)
jobs.job("name_topics_of_quotes")(name_topics_of_quotes)
jobs.job("delete_posts_of")(carry_out)
jobs.job("recover_posts_of")(bring_all_back)
jobs.every(HOUR, "forget_retries")(forget_retries)
jobs.every(HOUR, "forget_sessions")(forget_sessions)
jobs.every(HOUR, "trim_log")(trim_log)
jobs.every(MINUTE, "settle_log")(settle_log)
jobs.every(HOUR, "forget_mails")(forget_mails)
jobs.every(MINUTE, "write_notices")(write_notices)
jobs.every(HOUR, "forget_signups")(forget_signups)
jobs.every(HOUR, "forget_invitations")(forget_invitations)
jobs.every(HOUR, "forget_pending")(forget_pending)
jobs.job("make_archive", PERSONAL)(make_archive)
jobs.every(HOUR, "forget_archives", PERSONAL)(forget_archives)
jobs.every(MINUTE, "erase_accounts", PERSONAL)(erase_accounts)
jobs.job("leave_no_trace", PERSONAL)(leave_no_trace)
jobs.every(HOUR, "warn_inactive_members")(warn_inactive_members)
jobs.every(HOUR, "renew_badges")(renew_badges)
jobs.every(HOUR, "forget_arrivals")(forget_arrivals)
jobs.job("send_mails", MAIL)(send_mails)
jobs.every(MINUTE, "send_waiting_mails", MAIL)(send_mails)
jobs.job("read_document", PERSONAL)(read_document)
jobs.every(HOUR, "forget_orphans", PERSONAL)(forget_orphans)
jobs.every(HOUR, "expire_offers")(expire_offers)
jobs.every(HOUR, "add_up_tags")(add_up_tags)
jobs.every(HOUR, "mark_due")(mark_due)
jobs.every(HOUR, "ask_authors")(ask_authors)
jobs.every(HOUR, "ask_reusers")(ask_reusers)
jobs.on_demand("renew_log")(renew_log)


class Relais:
    """The whole site: pages as an ASGI application behind the front door, and the hub of live beside it.

    Args:
        config: where the data is, how the site is called.
        limits, live_limits: what one person may do on pages and live; a benchmark hands its own.
    """

    def __init__(
        self, config: Config, limits: Limits | None = None, live_limits: LiveLimits | None = None
    ) -> None:
        self.config = config
        self.assets = shipped_assets()
        self.templates = templates_in(config.time_zone)
        self.limits = limits or Limits(config.redis_url, _name_of(config))
        calls = {
            "live_state": lambda who, data: tell_live_state(self.hub, config.time_zone, who),
            "search": found_within(self.limits),
            "similar": similar_within(self.limits),
        }
        self.hub: Hub = Hub(live_policies(config, live_limits, calls), _broker(config))
        self.pages = Starlette(
            routes=self._routes(),
            exception_handlers={**ERROR_HANDLERS, Suspended: told_suspended},
            lifespan=self._lifespan,
            max_body_size=MAX_BODY,
        )
        site = RunningSite(config, self.templates, self.limits, self.hub, _provider(config))
        self.door = FrontDoor(self.pages, site)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Everything through the front door; sockets are the hub's, below ASGI (`realtime/socket.py`)."""
        await self.door(scope, receive, send)

    def _routes(self) -> list[Route]:
        return [
            Route("/static/{hash}/{path:path}", self.assets.serve, methods=["GET"]),
            Route("/healthz", healthz, methods=["GET"]),
            Route("/readyz", readyz, methods=["GET"]),
            *(route for slice in SLICES for route in slice.routes),
        ]

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Database, cooks, log, hub and jobs: started in this order, stopped in the reverse one."""
        use_templates(self.templates)
        open_office(self.config, self.templates)
        await open_database(self.config.database_url)
        try:
            async with Cooker(), at_home(), self._running_hub(), _running_jobs(), _knowing(self.config):
                yield
        finally:
            await self.limits.close()
            await close_database()

    @asynccontextmanager
    async def _running_hub(self) -> AsyncIterator[None]:
        await self.hub.start()
        try:
            yield
        finally:
            await self.hub.stop()


def _provider(config: Config) -> "Provider | None":
    """Who else vouches for people, if anybody; its libraries are loaded only then."""
    if config.provider is None:
        return None
    from forum.single_sign_on.provider import Provider

    return Provider(config.provider)


def _broker(config: Config) -> Broker:
    """The way to the other workers, if there may be some; its library is loaded only then."""
    if config.redis_url is None:
        return InProcessBroker()
    from realtime.brokers.redis import RedisBroker

    return RedisBroker(config.redis_url, subject=f"{_name_of(config)}:live")


def _name_of(config: Config) -> str:
    """What tells this site from others in a Redis that they share."""
    return f"relais:{sha256(config.database_url.encode()).hexdigest()[:16]}"


@asynccontextmanager
async def _running_jobs() -> AsyncIterator[None]:
    runners = [asyncio.create_task(jobs.run_forever(lane)) for lane in jobs.lanes()]
    runners.append(asyncio.create_task(keep_index()))
    try:
        yield
    finally:
        for runner in runners:
            runner.cancel()
        await asyncio.gather(*runners, return_exceptions=True)


@asynccontextmanager
async def _knowing(config: Config) -> AsyncIterator[None]:
    """What topics mean, if the site is to know it: by a process apart."""
    if not config.meaning or not installed():
        yield
        return
    meanings = Meanings()
    use_meanings(meanings)
    reading = asyncio.create_task(keep_meanings(meanings))
    try:
        yield
    finally:
        use_meanings(None)
        reading.cancel()
        await asyncio.gather(reading, meanings.stop(), return_exceptions=True)


async def healthz(request: Request) -> Response:
    """Alive: the process answers."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})


async def readyz(request: Request) -> Response:
    """Ready: the database answers too."""
    try:
        await asyncio.wait_for(database_answers(), 3)
    except Exception:
        return PlainTextResponse("the database does not answer\n", 503, headers={"Cache-Control": "no-store"})
    return PlainTextResponse("ready\n", headers={"Cache-Control": "no-store"})


def create_app(config: Config, limits: Limits | None = None, live_limits: LiveLimits | None = None) -> Relais:
    """The application for a configuration."""
    return Relais(config, limits, live_limits)
