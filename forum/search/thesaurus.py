"""Other words for the same thing: groups of words and abbreviations, each of which finds the others."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from msgspec import Struct, field

from forum.search.analysis import stem, telling

LISTS = Path(__file__).parent / "lists"
Phrase = tuple[str, ...]


class Thesaurus(Struct, frozen=True):
    """The groups, by the stems of their members; `words` are all of theirs, as folded, `lines` as written."""

    groups: tuple[tuple[Phrase, ...], ...] = ()
    by_phrase: dict[Phrase, list[int]] = field(default_factory=dict)
    longest: int = 1
    words: frozenset[str] = frozenset()
    lines: tuple[str, ...] = ()

    def others(self, phrase: Phrase) -> list[Phrase]:
        """What else is said for it; nothing when it stands in no group."""
        found = (member for n in self.by_phrase.get(phrase, ()) for member in self.groups[n])
        return [member for member in dict.fromkeys(found) if member != phrase]


def built_in() -> str:
    """The lists that come with the software."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(LISTS.glob("*.txt")))


@lru_cache(maxsize=4)
def thesaurus(text: str) -> Thesaurus:
    """Read a list: one group a line, commas between its members, `#` before a comment."""
    groups: list[tuple[Phrase, ...]] = []
    by_phrase: dict[Phrase, list[int]] = defaultdict(list)
    known: set[str] = set()
    lines: list[str] = []
    for members in _lines(text.splitlines()):
        spelled = [telling(member) for member in members]
        known.update(word for member in spelled for word in member)
        group = tuple(dict.fromkeys(tuple(map(stem, member)) for member in spelled if member))
        for phrase in group:
            by_phrase[phrase].append(len(groups))
        groups.append(group)
        lines.append(", ".join(members))
    longest = max(map(len, by_phrase), default=1)
    return Thesaurus(tuple(groups), dict(by_phrase), longest, frozenset(known), tuple(lines))


def _lines(lines: Iterable[str]) -> Iterable[list[str]]:
    for line in lines:
        members = [member.strip() for member in line.partition("#")[0].split(",")]
        if len([member for member in members if member]) > 1:
            yield [member for member in members if member]
