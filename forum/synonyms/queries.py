"""The site's groups of words, who changed them, and what they do to a question."""

from datetime import datetime

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.journal.models import Act
from forum.journal.queries import Entry, Somebody, entries
from forum.search.analysis import stem, words
from forum.search.asked import read_question
from forum.search.queries import Results, search
from forum.search.synonyms import current_thesaurus
from forum.settings.known import SEARCH_SYNONYMS
from forum.settings.queries import setting
from forum.synonyms.groups import groups_in

LATEST = 20
TRIED = 5


class Change(Struct, frozen=True):
    """Who changed a group, when, from what into what; "" for none."""

    by: Somebody | None
    at: datetime
    before: str
    after: str


class Trial(Struct, frozen=True):
    """A question, the groups that widen it, and what it finds."""

    question: str
    groups: tuple[str, ...]
    results: Results


async def own_groups() -> list[str]:
    """The groups that were added here, in alphabetical order."""
    return sorted(groups_in(await setting(SEARCH_SYNONYMS)), key=str.casefold)


async def latest_changes() -> list[Change]:
    """The last changes, the latest first, for whoever may edit."""
    return [_change(entry) for entry in (await entries(act=Act.CHANGE_SYNONYMS))[:LATEST]]


def _change(entry: Entry) -> Change:
    before, after = (str(entry.details.get(name) or "") for name in ("before", "after"))
    return Change(entry.actor, entry.at, before, after)


async def change_of(group: str) -> Change | None:
    """The last change that made this group another one, or none at all."""
    return next((change for change in await latest_changes() if change.before == group), None)


async def trial_of(viewer: Viewer, question: str) -> Trial:
    """What the search makes of a question, for this viewer."""
    asked = read_question(question)
    known = await current_thesaurus()
    terms = [stem(word.folded) for word in words(asked.words)]
    touched = {
        n
        for phrase, numbers in known.by_phrase.items()
        for n in numbers
        if any(tuple(terms[at : at + len(phrase)]) == phrase for at in range(len(terms)))
    }
    results = await search(viewer, asked, size=TRIED)
    return Trial(asked.text, tuple(known.lines[n] for n in sorted(touched)), results)
