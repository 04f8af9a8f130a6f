"""What is found beside topics: people, themes and tags, each only where the viewer may look."""

from forum.accounts.queries import PERSON_COLUMNS, PersonCard, person_card
from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard, ids
from forum.search.analysis import fold
from forum.search.candidates import Within, candidates
from forum.search.concepts import Wanted
from forum.search.ranking import score, weights
from forum.search.sources import source, total_documents
from forum.tags.queries import TagCard, tags_like
from realtime.sql import sql

FEW = 5
# A person who answers less than half of the question is somebody else.
LEAST = 0.5


async def people_found(viewer: Viewer, wanted: Wanted) -> tuple[PersonCard, ...]:
    """The members whose public words answer, best first."""
    known = source("user")
    if known is None:
        return ()
    rarity = weights(wanted, await total_documents(viewer))
    held = await candidates(viewer, wanted, rarity, [Within(known)])
    found = [(score(wanted, one, rarity), one.item_id) for one in held]
    best = [id for value, id in sorted(found, key=lambda pair: (-pair[0], pair[1])) if value > LEAST][:FEW]
    rows = await sql(
        f"SELECT u.id AS user_id, {PERSON_COLUMNS} FROM users u WHERE u.id IN ({ids(frozenset(best))})"
    )
    cards = {row["user_id"]: person_card(row) for row in rows}
    return tuple(cards[id] for id in best if id in cards)


def themes_found(viewer: Viewer, words: str) -> tuple[CategoryCard, ...]:
    """The themes whose name holds what was typed."""
    typed = fold(words)
    cards = (viewer.themes.by_id[id] for id in sorted(viewer.rights.see) if id in viewer.themes.by_id)
    return tuple(card for card in cards if len(typed) > 1 and typed in fold(card.name))[:FEW]


async def tags_found(viewer: Viewer, words: str) -> tuple[TagCard, ...]:
    """The tags that hold what was typed."""
    return tuple(await tags_like(viewer, words, FEW))
