"""« Déjà fait ailleurs ? »: what answers a question that is being written, best first, each with its why."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from msgspec import Struct

from forum.accounts.viewer import Viewer
from forum.comparables.closeness import Closeness, closeness_of
from forum.comparables.index import the_index
from forum.freshness.queries import confirmed_in
from forum.i18n import gettext as _
from forum.i18n import ngettext
from forum.organisations.members import Affiliation, affiliations, organisation_of
from forum.reuses.fields import state_words
from forum.reuses.queries import Taker, count_words, takers_in
from forum.search.analysis import telling
from forum.search.asked import Asked
from forum.search.concepts import understand
from forum.search.queries import Scored, ranked_topics, topic_cards
from forum.search.ranking import trust
from forum.search.synonyms import current_thesaurus
from forum.suggestions.doers import nearest_doer
from forum.templating import fact_words, topic_path
from forum.topics.queries import TopicCard

# From the third word on; a long text says in its first words what it is about.
LEAST_WORDS = 2
OF_TEXT = 300
DOER = "organisation"
# Topics; the organisation that did the best of them comes beside them.
SHOWN = 5
CONSIDERED = 20
# What shares less with the question is not close to it.
FLOOR, BESIDE_THE_BEST = 0.12, 0.4
# The search has put what is answered up a little already.
SAME_THEME, SOLVED, USEFUL, ANSWERED, CONFIRMED = 1.15, 1.08, 0.03, 1.03, 1.1
MOST_USEFUL = 10
# Each organisation that took it up says more than somebody who found it useful.
REUSED, MOST_REUSED = 0.06, 10
# An organisation that did it stands below what it did.
BESIDE = 0.95
# What the nearest of organisations adds; from how near on the reason is worth reading.
PEER, NEAR = 0.4, 0.5


class Suggestion(Struct, frozen=True):
    """Something that may answer; `why` is the line that says what speaks for it."""

    kind: str
    id: int
    url: str
    title: str
    why: str
    organisation: str
    score: float


class Draft(Struct, frozen=True):
    """What is being written."""

    title: str
    raw: str
    category_id: int | None

    @property
    def words(self) -> str:
        """The words to look for: those of the title, then the first ones of the text."""
        return f"{self.title} {self.raw[:OF_TEXT]}".strip()


class Proof(Struct, frozen=True):
    """What speaks for a topic beside its own card: who took it up, and whether it was confirmed."""

    reuses: int
    confirmed: bool


Suggester = Callable[[Viewer, Draft], Awaitable[list[Suggestion]]]
_suggesters: list[Suggester] = []


def suggests(suggester: Suggester) -> None:
    """Let a kind of thing be suggested; it gives only what the viewer may see."""
    _suggesters.append(suggester)


async def similar(viewer: Viewer, draft: Draft) -> list[Suggestion]:
    """The closest things of every kind, in the language that is spoken."""
    if len(telling(draft.words)) < LEAST_WORDS:
        return []
    found = [one for suggester in _suggesters for one in await suggester(viewer, draft)]
    found.sort(key=lambda one: -one.score)
    topics = [one.id for one in found if one.kind != DOER][:SHOWN]
    return [one for one in found if one.kind == DOER or one.id in topics]


async def similar_topics(viewer: Viewer, draft: Draft) -> list[Suggestion]:
    """Topics: text × closeness × proof."""
    wanted = await understand(viewer, draft.words, await current_thesaurus())
    asked = Asked(text=draft.words, words=draft.words)
    ranked = (await ranked_topics(viewer, asked, wanted))[:CONSIDERED]
    least = max(FLOOR, BESIDE_THE_BEST * ranked[0].score) if ranked else FLOOR
    close = {one.topic_id: one for one in ranked if one.score >= least}
    cards = await topic_cards(list(close))
    own = await organisation_of(viewer.id) if viewer.id else None
    peers = await _closeness(own, [card.author.id for card in cards])
    takers = await takers_in(close)
    confirmed = await confirmed_in(close)
    proofs = {card.id: Proof(len(takers.get(card.id, ())), card.id in confirmed) for card in cards}
    found = [
        _suggestion(card, close[card.id], draft, peers.get(card.author.id), proofs[card.id]) for card in cards
    ]
    return [*found, *await _done_by(own, found, takers)]


async def _done_by(
    own: Affiliation | None, found: Sequence[Suggestion], takers: Mapping[int, Sequence[Taker]]
) -> list[Suggestion]:
    """One organisation that did what is closest of all that was taken up, beside it."""
    best = max((one for one in found if one.id in takers), key=lambda one: one.score, default=None)
    doer = await nearest_doer(own, takers[best.id]) if best else None
    if best is None or doer is None:
        return []
    taker, peer = doer.taker, doer.peer
    parts = [state_words(taker.state), best.title, peer.reason if peer else taker.about]
    return [
        Suggestion(
            kind=DOER,
            id=taker.organisation_id,
            url=f"/posts/{taker.post_id}/reuses",
            title=taker.name,
            why=" · ".join(filter(None, parts)),
            organisation=taker.name,
            score=best.score * BESIDE,
        )
    ]


async def _closeness(own: Affiliation | None, authors: Sequence[int]) -> dict[int, Closeness]:
    """How near the authors' organisations are to the viewer's, where both have one in the directory."""
    if own is None:
        return {}
    theirs, facts = await affiliations(authors), (await the_index()).facts
    return {
        author: closeness_of(facts[own.id], facts[other.id])
        for author, other in theirs.items()
        if own.id in facts and other.id in facts and other.id != own.id
    }


def _suggestion(
    card: TopicCard, found: Scored, draft: Draft, peer: Closeness | None, proven: Proof
) -> Suggestion:
    near = SAME_THEME if card.category_id == draft.category_id else 1.0
    near *= 1 + PEER * peer.value if peer else 1.0
    proof = SOLVED if card.solved else ANSWERED if card.reply_count else 1.0
    proof *= 1 + USEFUL * min(card.like_count, MOST_USEFUL) + REUSED * min(proven.reuses, MOST_REUSED)
    proof *= CONFIRMED if proven.confirmed else 1.0
    return Suggestion(
        kind="solved" if card.solved else card.kind,
        id=card.id,
        url=topic_path(card),
        title=card.title,
        why=_why(card, draft, peer, proven),
        organisation=card.author.affiliation,
        score=found.score * near * proof * trust(card.freshness),
    )


def _why(card: TopicCard, draft: Draft, peer: Closeness | None, proven: Proof) -> str:
    """The parts of the score, in words, and what a sheet says that it cost."""
    parts = [
        _("Answer accepted") if card.solved else "",
        _doubt(card),
        *fact_words(card.facts, card.kind),
        count_words(proven.reuses),
        _("confirmed as still true") if proven.confirmed else "",
        _("same theme") if card.category_id == draft.category_id else "",
        _replies(card.reply_count),
        ngettext("useful to %(n)d person", "useful to %(n)d people", card.like_count) % {"n": card.like_count}
        if card.like_count
        else "",
        card.author.affiliation,
        peer.reason if peer and peer.value >= NEAR else "",
    ]
    return " · ".join(filter(None, parts)) or _("Close to your words")


def _doubt(card: TopicCard) -> str:
    """What speaks against it."""
    words = {"to_check": _("to check"), "superseded": _("replaced by a newer topic")}
    return words.get(card.freshness or "", "")


def _replies(count: int) -> str:
    return ngettext("%(n)d reply", "%(n)d replies", count) % {"n": count} if count else ""
