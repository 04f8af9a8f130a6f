"""What can be found: each kind of thing registers itself, in the list of `forum/app.py`."""

from collections.abc import Awaitable, Callable, Sequence

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.categories.queries import ids
from realtime.sql import sql

# The scope of what everybody may find; any other scope is the number of a theme.
EVERYWHERE = 0
# Each document holds this "word", and no text does: it counts the documents of a scope.
ANY_DOCUMENT = " "


class Document(Struct, frozen=True):
    """One thing as it is indexed: its text, as people wrote it.

    Args:
        scope: who may know which words it holds: those who see this theme, or all (`EVERYWHERE`).
    """

    id: int
    title: str
    body: str
    scope: int


def scopes_of(viewer: Viewer) -> str:
    """The scopes whose words a viewer may know, as the inside of an SQL `IN (…)`."""
    return ids(viewer.rights.see | {EVERYWHERE})


async def total_documents(viewer: Viewer) -> int:
    """How many things this viewer may find, about."""
    rows = await sql(
        f"""SELECT SUM(documents) AS n FROM search_vocabulary
            WHERE word = {{0}} AND scope IN ({scopes_of(viewer)})""",
        ANY_DOCUMENT,
    )
    return int(rows[0]["n"] or 0)


class Source(Struct, frozen=True):
    """A kind of thing that can be found.

    Args:
        kind: its name in the index.
        read: the documents of these ids; those that nobody may find any more are left out.
        ids_after: up to so many ids beyond one, in their order, to build the index anew.
        visible: an SQL condition on `d.item_id`: what this viewer may see at this moment.
    """

    kind: str
    read: Callable[[Sequence[int]], Awaitable[list[Document]]]
    ids_after: Callable[[int, int], Awaitable[list[int]]]
    visible: Callable[[Viewer], str]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let a kind of thing be found."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    """Every kind that can be found, in the order of registration."""
    return list(_sources.values())


def source(kind: str) -> Source | None:
    """The source of that name, if it is registered."""
    return _sources.get(kind)
