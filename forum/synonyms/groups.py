"""The site's own groups of words, one a line of a setting; what a group must be to be one."""

from collections.abc import Sequence

from forum.errors import Invalid
from forum.i18n import gettext as _
from forum.markdown.text import BadText, clean_line
from forum.search.analysis import stem, telling
from forum.search.thesaurus import Phrase
from forum.text import text_fault

MAX_GROUP, MAX_TERMS, MAX_TERM = 180, 20, 60
MAX_GROUPS = 300


def groups_in(text: str) -> list[str]:
    """The lines that are groups, in their order; comments and single words are none."""
    return [words for words in map(words_of, text.splitlines()) if len(terms_of(words)) > 1]


def words_of(line: str) -> str:
    """A line without its comment."""
    return line.partition("#")[0].strip()


def terms_of(words: str) -> list[str]:
    """What stands between the commas."""
    return [term for term in (" ".join(part.split()) for part in words.split(",")) if term]


def read_group(typed: str, others: Sequence[str]) -> str:
    """A group as it is kept: its terms, each once, with commas between them.

    Args:
        others: the site's other groups, none of which may hold one of its terms.

    Raises:
        Invalid: with a sentence at `words`.
    """
    try:
        line = clean_line(typed, MAX_GROUP)
    except BadText as fault:
        raise _refused(text_fault(fault.reason, MAX_GROUP)) from fault
    terms: dict[Phrase, str] = {}
    for term in terms_of(line):
        terms.setdefault(_said(term), term)
    _check(line, terms)
    for other in others:
        shared = next((terms[said] for said in map(_said, terms_of(other)) if said in terms), None)
        if shared is not None:
            sentence = _("“%(term)s” stands in another group already: add to that one. It is: %(group)s.")
            raise _refused(sentence % {"term": shared, "group": other})
    return ", ".join(terms.values())


def _check(line: str, terms: dict[Phrase, str]) -> None:
    if "#" in line:
        raise _refused(_("Words and commas only: “#” has no place in a group."))
    for said, term in terms.items():
        if not said:
            sentence = _("“%(term)s” says nothing to the search: it is left out of every question.")
            raise _refused(sentence % {"term": term})
        if len(term) > MAX_TERM:
            raise _refused(_("A term has %(n)s characters at the most.") % {"n": MAX_TERM})
    if len(terms) < 2:
        raise _refused(_("At least two different terms are needed, with a comma between them."))
    if len(terms) > MAX_TERMS:
        raise _refused(_("A group has %(n)s terms at the most.") % {"n": MAX_TERMS})


def _said(term: str) -> Phrase:
    """A term as the search knows it: its plural, or without its accents, it is the same."""
    return tuple(map(stem, telling(term)))


def _refused(sentence: str) -> Invalid:
    return Invalid(fields={"words": sentence})
