"""A form beside a topic or a theme that was refused: its own page again, the sentence at the field."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from forum.categories.queries import CategoryCard
from forum.errors import Invalid
from forum.topics.facts import topic_facts
from forum.topics.index import Wish, list_page
from forum.topics.show import show_page
from forum.web import page, viewer_of, wants_json


async def topic_again(
    request: Request, topic_id: int, fault: Invalid, faults: Mapping[str, str] | None = None
) -> Response:
    """The topic's page.

    Args:
        faults: by what the page calls its fields, where that is not what the form calls them.

    Raises:
        Invalid: to a script, which shows it itself.
    """
    if wants_json(request):
        raise fault
    facts = await topic_facts(viewer_of(request), topic_id, 1)
    subject = await show_page(request, facts, faults=fault.fields if faults is None else faults)
    return page(request, "topics/show.html", subject, fault.status)


async def theme_again(request: Request, theme: CategoryCard, fault: Invalid) -> Response:
    """The page of the theme’s topics.

    Raises:
        Invalid: to a script, which shows it itself.
    """
    if wants_json(request):
        raise fault
    return await list_page(request, Wish("category", theme=theme), fault)
