"""What the page of the search is given."""

from msgspec import Struct

from forum.categories.queries import CategoryCard
from forum.search.queries import Results
from forum.web import LiveChannel


class SearchPage(Struct, frozen=True):
    """The question as typed and as its form shows it, and what was found."""

    results: Results
    themes: tuple[CategoryCard, ...]
    category: str
    status: str
    where: str
    order: str
    next_path: str | None
    edits_synonyms: bool
    channels: tuple[LiveChannel, ...]
    flash: str | None = None
