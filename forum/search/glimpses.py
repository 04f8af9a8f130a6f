"""What a search field shows while one types: the first things of each sort, for this viewer."""

from collections.abc import Iterable

from msgspec import Struct

from forum.accounts.queries import PersonCard
from forum.accounts.viewer import Viewer
from forum.categories.queries import CategoryCard
from forum.i18n import gettext as _
from forum.kinds.registry import kind_of
from forum.organisations.queries import OrganisationCard, find_organisations
from forum.organisations.queries import Wanted as Directory
from forum.organisations.words import inhabitants, kind_words
from forum.search.asked import read_question
from forum.search.beside import people_found, themes_found
from forum.search.concepts import understand
from forum.search.queries import Scored, ranked_topics, topic_cards
from forum.search.synonyms import current_thesaurus
from forum.templating import category_path, topic_path, user_path
from forum.topics.queries import TopicCard

LEAST_LETTERS = 3
TOPICS, OTHERS = 5, 2


class Glimpse(Struct, frozen=True):
    """One thing that was found; `label` says what it is."""

    kind: str
    id: int
    url: str
    title: str
    label: str


async def glimpses(viewer: Viewer, text: str) -> list[Glimpse]:
    """Topics, themes, organisations and people for what has been typed so far, in the language spoken.

    The last word may be the beginning of one. Discourse's filters hold; with them there are topics only.
    """
    asked = read_question(text)
    if len(asked.text) < LEAST_LETTERS:
        return []
    unfinished = not text[-1].isspace()
    wanted = await understand(viewer, asked.words, await current_thesaurus(), unfinished=unfinished)
    topics = await _topics(viewer, (await ranked_topics(viewer, asked, wanted))[:TOPICS])
    if asked.bounded:
        return topics
    directory = await find_organisations(Directory(words=asked.words), OTHERS)
    return [
        *topics,
        *map(_theme, themes_found(viewer, asked.words)[:OTHERS]),
        *map(_organisation, directory.organisations),
        *map(_person, (await people_found(viewer, wanted))[:OTHERS]),
    ]


async def _topics(viewer: Viewer, ranked: list[Scored]) -> list[Glimpse]:
    cards = {card.id: card for card in await topic_cards([one.topic_id for one in ranked])}
    return [_topic(viewer, cards[one.topic_id]) for one in ranked if one.topic_id in cards]


def _topic(viewer: Viewer, card: TopicCard) -> Glimpse:
    kind = "solved" if card.solved else card.kind
    theme = viewer.themes.by_id[card.category_id].name
    label = _dots([kind_of(card.kind).words(card.solved), theme])
    return Glimpse(kind, card.id, topic_path(card), card.title, label)


def _theme(card: CategoryCard) -> Glimpse:
    return Glimpse("theme", card.id, category_path(card), card.name, _("Theme"))


def _organisation(card: OrganisationCard) -> Glimpse:
    label = _dots([_("Organisation"), kind_words(card.kind), inhabitants(card.population)])
    return Glimpse("organisation", card.id, card.path, card.name, label)


def _person(card: PersonCard) -> Glimpse:
    label = _dots([_("Person"), card.title, card.affiliation])
    return Glimpse("person", card.id, user_path(card.username), card.name, label)


def _dots(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))
