"""One topic's page: neutral cards from the cache, slots filled for the viewer."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import orjson
from markupsafe import Markup
from starlette.requests import Request

from forum.accounts.nobody import shown_name
from forum.accounts.viewer import Viewer
from forum.cache import FragmentCache
from forum.categories.queries import CategoryCard
from forum.composer import Composer
from forum.drafts.actions import read_draft
from forum.i18n import gettext as _
from forum.kinds.markup import markup_of
from forum.kinds.registry import Side, sides, tops
from forum.markdown import COOK_VERSION
from forum.posts.queries import ReplyTo, cards_of_page
from forum.posts.slots import Controls, Piece, fill, own_gone, split
from forum.posts.text import shown_source
from forum.reading.models import FollowReason, NotificationLevel
from forum.templating import Templates, topic_path
from forum.topics.facts import TopicFacts
from forum.topics.pages import Pager, ShowPage
from forum.topics.permissions import may_edit_topic, may_moderate, may_open_topic, may_reply
from forum.topics.queries import TopicCard
from forum.web import site_of, viewer_of
from realtime.sql import sql

NO_FAULTS: Mapping[str, str] = MappingProxyType({})
FRAGMENTS: FragmentCache[tuple[Piece, ...]] = FragmentCache(64 * 1024 * 1024)


async def show_page(
    request: Request,
    facts: TopicFacts,
    composer: Composer | None = None,
    faults: Mapping[str, str] = NO_FAULTS,
) -> ShowPage:
    """Everything that the topic's page shows to this viewer.

    Args:
        composer: what was typed, when a refused form is shown again.
        faults: what is wrong with another form of the page, each at its field.
    """
    viewer, templates, topic = viewer_of(request), site_of(request).templates, facts.topic
    controls = Controls(templates, viewer.locale, topic.id, facts.rights)
    pieces = await fragment(templates, viewer.locale, topic, facts.number)
    return ShowPage(
        topic=topic,
        category=viewer.themes.by_id[topic.category_id],
        cards=fill(pieces, controls, viewer.id, facts.votes, await own_gone(viewer, pieces)),
        pages=_pager(facts),
        accepted=facts.accepted,
        level=facts.mine.level,
        level_reason=_why(facts.mine.level, facts.mine.reason),
        may_reply=may_reply(viewer, topic),
        may_edit_title=may_edit_topic(viewer, topic),
        may_close=may_moderate(viewer, topic),
        move_to=_move_to(viewer, topic),
        controls_own=Markup(controls.template(own=True)),  # noqa: S704 - rendered by our partials
        controls_other=Markup(controls.template(own=False)),  # noqa: S704 - rendered by our partials
        viewer_json=viewer_json(viewer, facts.votes),
        composer=composer or await _composer(request, topic, facts.mine.draft),
        first_unread_path=_first_unread(viewer, topic, facts.mine.last_read),
        channels=facts.channels,
        waiting=facts.waiting if facts.number == facts.count else [],
        details=_details(templates, viewer.locale, facts),
        above=await _told(tops(), templates, viewer, facts, faults),
        beside=await _told(sides(), templates, viewer, facts, faults),
        markup=await markup_of(request, topic, facts.details),
        pin_cleared=facts.mine.pin_cleared,
        flash=_spared(request, viewer),
        faults=faults,
    )


def _spared(request: Request, viewer: Viewer) -> str | None:
    """Said once to whoever found their answer here before asking (`forum/suggestions`)."""
    if "answered" not in request.query_params or not viewer.signed_in:
        return None
    return _("Nothing was posted. It counts as a question that nobody had to ask, and the author is thanked.")


def _details(templates: Templates, locale: str, facts: TopicFacts) -> Markup:
    """The typed fields, above the first post, and what that one is called (« Le problème »)."""
    if facts.details is None or facts.number > 1:
        return Markup("")
    names = (f"{facts.details.kind.folder}/_card.html", "kinds/_below.html")
    return templates.partials([(name, {"details": facts.details}) for name in names], locale)


async def _told(
    slices: Iterable[Side], templates: Templates, viewer: Viewer, facts: TopicFacts, faults: Mapping[str, str]
) -> Markup:
    """What slices have to say or to offer about the topic to this viewer; their forms know what is wrong."""
    found = [await side(viewer, facts.topic, facts.details) for side in slices]
    parts = [(part[0], {**part[1], "faults": faults}) for part in found if part]
    return templates.partials(parts, viewer.locale)


def _move_to(viewer: Viewer, topic: TopicCard) -> tuple[CategoryCard, ...]:
    if not may_moderate(viewer, topic) or topic.deleted:
        return ()
    family = (theme for root in viewer.themes.roots for theme in (root, *root.children))
    return tuple(theme for theme in family if may_open_topic(viewer, theme.id))


def _pager(facts: TopicFacts) -> Pager:
    """Where the page stands among the topic's pages."""
    topic, number, count = facts.topic, facts.number, facts.count
    return Pager(
        number,
        count,
        previous_path=page_path(topic, number - 1) if number > 1 else None,
        next_path=page_path(topic, number + 1) if number < count else None,
    )


def page_path(topic: TopicCard, number: int) -> str:
    """The address of one page of a topic."""
    return topic_path(topic) + (f"?page={number}" if number > 1 else "")


async def fragment(templates: Templates, locale: str, topic: TopicCard, page: int) -> tuple[Piece, ...]:
    """The cards of a page, neutral, cut at their slots; from the cache when the version is the same."""
    key = (topic.id, topic.version, page, locale, COOK_VERSION)
    pieces = FRAGMENTS.get(key)
    if pieces is None:
        cards = await cards_of_page(topic.id, page)
        html = "".join(templates.render("posts/_card.html", locale, post=card) for card in cards)
        pieces = split(html)
        FRAGMENTS.put(key, pieces, 2 * len(html))
    return pieces


def _why(level: int | None, reason: int | None) -> str:
    """Why one follows the topic as one does."""
    if level in (None, NotificationLevel.NORMAL):
        return ""
    if reason == FollowReason.CREATED_TOPIC:
        return _("You watch it because you opened it.")
    if reason == FollowReason.CREATED_POST:
        return _("You track it because you replied to it.")
    if reason == FollowReason.THEME:
        return _("You have chosen this level for its theme.")
    return _("You chose this level.")


def viewer_json(viewer: Viewer, votes: dict[int, int]) -> Markup:
    """The viewer and their votes, for the scripts that fill the slots of pushed cards."""
    state = orjson.dumps({"id": viewer.id, "votes": votes}, option=orjson.OPT_NON_STR_KEYS)
    return Markup(state.decode())  # noqa: S704 - numbers only


async def _composer(request: Request, topic: TopicCard, draft: str | None) -> Composer:
    """The reply begun: a kept draft, the post that it answers (`?reply_to=`), a quote (`?quote=`)."""
    kept = read_draft(draft)
    number = request.query_params.get("reply_to", "") or kept.get("reply_to", "")
    quoted = await _quote(topic, request.query_params.get("quote", ""))
    return Composer(
        raw="\n\n".join(filter(None, [kept.get("raw", ""), quoted])),
        reply_to=await reply_target(topic.id, number),
        restored=bool(kept.get("raw")),
    )


async def reply_target(topic_id: int, number: str) -> ReplyTo | None:
    """The post that a reply answers, from what an address or a form says."""
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return None
    rows = await sql(
        """SELECT p.id, u.name, u.username FROM posts p JOIN users u ON u.id = p.user_id
            WHERE p.topic_id = {0} AND p.post_number = {1} AND p.deleted_at IS NULL AND p.post_type <> 3""",
        topic_id,
        int(number),
    )
    if rows:
        return ReplyTo(int(number), rows[0]["id"], shown_name(rows[0]["name"], rows[0]["username"]))
    left = await sql(
        "SELECT 1 FROM moved_posts WHERE topic_id = {0} AND post_number = {1}", topic_id, int(number)
    )
    return ReplyTo(int(number), 0, "") if left else None


async def _quote(topic: TopicCard, number: str) -> str:
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        return ""
    rows = await sql(
        """SELECT p.raw, u.username FROM posts p JOIN users u ON u.id = p.user_id
            WHERE p.topic_id = {0} AND p.post_number = {1} AND p.deleted_at IS NULL""",
        topic.id,
        int(number),
    )
    if not rows:
        return ""
    words = await shown_source(rows[0]["raw"], topic.id)
    return f'[quote="{rows[0]["username"]}, post:{number}, topic:{topic.id}"]\n{words}\n[/quote]\n'


def _first_unread(viewer: Viewer, topic: TopicCard, last_read: int | None) -> str | None:
    if viewer.id is None or last_read is None:
        return None
    following = last_read + 1
    return f"{topic_path(topic)}/{following}?unread" if 1 < following <= topic.highest_post_number else None
