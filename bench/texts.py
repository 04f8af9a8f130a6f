"""Texts that share their words as those of people do: a few stand nearly everywhere, most nearly nowhere.

Words are drawn by their rank, as Zipf found and Mandelbrot wrote it (the n-th in proportion to
1 / (n + 20)^1.07): of telling words, the first stands in a quarter of all posts, the hundredth in one of
twenty, the thousandth in one of two hundred. A topic has a subject: some words that its title holds and its
posts say again. The words of the lists of synonyms are among the frequent ones, the others are invented.
"""

import random
from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct

from forum.search.analysis import telling
from forum.search.thesaurus import built_in, thesaurus

SYLLABLES = (
    "ba", "dra", "fe", "gri", "jo", "klu", "li", "mon", "nu", "pro", "qua", "ri", "sto", "ta", "vel", "xan",
    "zi", "bro", "cha", "tur",
)  # fmt: skip
# What stands between the words that tell something: half of any text.
SMALL = (
    "le", "la", "les", "de", "des", "du", "un", "une", "et", "en", "pour", "par", "sur", "dans", "avec",
    "nous", "qui", "que", "est", "au", "aux", "ce", "cette", "plus", "pas", "sont", "mais", "ou",
)  # fmt: skip
OFFSET, EXPONENT = 20, 1.07
# One listed word, then two invented ones, as far as the lists go.
LISTED = 3
SUBJECT, SUBJECT_RANKS, OF_SUBJECT = 8, (30, 30_000), 0.35
MEDIAN, SPREAD, LEAST, MOST = 30, 0.8, 4, 400
SENTENCE = 12


class Vocabulary(Struct, frozen=True):
    """The words by their rank, and how much all up to each weigh."""

    words: tuple[str, ...]
    weights: tuple[float, ...]


def invented(number: int) -> str:
    """A word of three syllables or more that no language has, by its number."""
    places = 3
    while 20**places <= number:
        places += 1
    return "".join(SYLLABLES[number // 20**place % 20] for place in range(places))


def vocabulary(size: int) -> Vocabulary:
    """So many words."""
    lists = sorted({word for line in thesaurus(built_in()).lines for word in telling(line)})
    random.Random(3).shuffle(lists)
    words = [
        lists[n // LISTED] if n % LISTED == 0 and n // LISTED < len(lists) else invented(n)
        for n in range(size)
    ]
    return Vocabulary(tuple(words), tuple(accumulate((n + OFFSET) ** -EXPONENT for n in range(size))))


def a_subject(chance: random.Random, known: Vocabulary) -> list[str]:
    """The words of what a topic is about: neither those of every topic, nor the rarest."""
    first, last = SUBJECT_RANKS
    ranks = (first * (min(last, len(known.words)) / first) ** chance.random() for _n in range(SUBJECT))
    return [known.words[int(rank) - 1] for rank in ranks]


def a_title(chance: random.Random, subject: Sequence[str]) -> str:
    """Three to five words of the subject, as a question has them."""
    return _line(chance, subject[: chance.randint(3, 5)]).capitalize()


def a_text(chance: random.Random, known: Vocabulary, subject: Sequence[str]) -> list[str]:
    """The paragraphs of a post: sixty words in the median, a third of those that tell about the subject."""
    length = min(MOST, max(LEAST, int(chance.lognormvariate(0, SPREAD) * MEDIAN)))
    about = round(length * OF_SUBJECT)
    said = chance.choices(known.words, cum_weights=known.weights, k=length - about)
    said += chance.choices(subject, k=about)
    chance.shuffle(said)
    sentences = [
        f"{_line(chance, said[at : at + SENTENCE]).capitalize()}." for at in range(0, length, SENTENCE)
    ]
    return [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]


def _line(chance: random.Random, said: Sequence[str]) -> str:
    """The words with small ones before each."""
    small = chance.choices(SMALL, k=len(said))
    return " ".join(word for pair in zip(small, said, strict=True) for word in pair)
