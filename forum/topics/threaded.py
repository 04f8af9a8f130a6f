"""A topic's page by threads (`?sort=top|new|old`): the page in order, with another body."""

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from forum.cache import FragmentCache
from forum.errors import NotFound
from forum.markdown import COOK_VERSION
from forum.posts.slots import Controls, Piece, Slot, fill, own_gone, split
from forum.posts.threads import ORDERS, Threads, threads_of
from forum.tagged import tagged_page
from forum.templating import Templates, topic_path
from forum.topics.facts import TopicFacts
from forum.topics.pages import Pager, ShowPage
from forum.topics.queries import TopicCard
from forum.topics.show import show_page
from forum.votes.queries import votes_in_topic
from forum.web import site_of, viewer_of

THREADS: FragmentCache[tuple[tuple[Piece, ...], Threads]] = FragmentCache(16 * 1024 * 1024)


def sort_of(request: Request) -> str | None:
    """The order of threads that the address asks for; None: in the order of time."""
    sort = request.query_params.get("sort")
    return sort if sort in ORDERS else None


async def threaded_page(request: Request, facts: TopicFacts, sort: str, number: int) -> Response:
    """The topic's page, its replies under the posts that they answer.

    Raises:
        NotFound: no such page of it.
    """
    viewer, templates, topic = viewer_of(request), site_of(request).templates, facts.topic
    pieces, threads = await _fragment(templates, viewer.locale, topic, sort, number)
    if number > threads.pages:
        raise NotFound
    votes = await votes_in_topic(viewer, topic.id, *_span(pieces))
    shown = replace(facts, votes=votes)

    async def subject() -> ShowPage:
        controls = Controls(templates, viewer.locale, topic.id, facts.rights)
        return replace(
            await show_page(request, shown),
            cards=fill(pieces, controls, viewer.id, votes, await own_gone(viewer, pieces)),
            pages=_pager(topic, sort, number, threads.pages),
            sort=sort,
            cut=threads.cut,
        )

    return await tagged_page(request, "topics/show.html", shown.shown(), subject)


def _span(pieces: tuple[Piece, ...]) -> tuple[int, int]:
    """The lowest and the highest number of these posts."""
    numbers = [piece.number for piece in pieces if isinstance(piece, Slot)] or [0]
    return min(numbers), max(numbers)


async def _fragment(
    templates: Templates, locale: str, topic: TopicCard, sort: str, page: int
) -> tuple[tuple[Piece, ...], Threads]:
    """The cards, neutral, cut at their slots; kept while the topic's version is the same."""
    key = (topic.id, topic.version, sort, page, locale, COOK_VERSION)
    kept = THREADS.get(key)
    if kept is None:
        threads = await threads_of(topic.id, sort, page)
        html = "".join(_card(templates, locale, depth, post) for depth, post in threads.cards)
        kept = split(html), replace(threads, cards=[])
        THREADS.put(key, kept, 2 * len(html))
    return kept


def _card(templates: Templates, locale: str, depth: int, post: object) -> str:
    """The card as everywhere, with its depth; a card that is pushed in its place keeps it."""
    html = templates.render("posts/_card.html", locale, post=post)
    return html.replace("<li ", f'<li data-depth="{depth}" ', 1) if depth else html


def _pager(topic: TopicCard, sort: str, number: int, count: int) -> Pager:
    def path(page: int) -> str:
        return f"{topic_path(topic)}?sort={sort}" + (f"&page={page}" if page > 1 else "")

    return Pager(
        number,
        count,
        previous_path=path(number - 1) if number > 1 else None,
        next_path=path(number + 1) if number < count else None,
        in_order=False,
    )
