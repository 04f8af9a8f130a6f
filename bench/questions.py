"""Questions for the bases of `bench.seed`: of invented words, or about the topics of a vocabulary."""

import random

from msgspec import Struct

from bench.texts import invented
from forum.markdown.excerpts import all_words
from forum.search.analysis import telling
from realtime.sql import sql

QUESTIONS = 200
WORDS = 2_000
USUAL = ("marché", "convention", "devis", "tableau des tournées", "registre")
# One question in so many is misspelt.
SLIPS = 8
OF_TEXT = 400


class Question(Struct, frozen=True):
    """What somebody types, and what they would write below it in a composer."""

    typed: str
    text: str = ""


def questions() -> list[str]:
    """Always the same, of one to three invented words, some with a usual one."""
    chance = random.Random(2)
    words, weights = [*map(invented, range(WORDS))], [1 / (n + 1) for n in range(WORDS)]
    drawn = (chance.choices(words, weights, k=chance.randint(1, 3)) for _n in range(QUESTIONS))
    return [" ".join([*some, *chance.sample(USUAL, chance.randint(0, 1))]) for some in drawn]


async def asked_of_topics() -> list[Question]:
    """One to four words of the title of a topic, the same for the same base; its post is the text."""
    chance = random.Random(2)
    last = (await sql("SELECT MAX(id) AS n FROM topics"))[0]["n"]
    found = []
    for _n in range(QUESTIONS):
        row = (
            await sql(
                """SELECT t.title, p.cooked FROM topics t JOIN posts p ON p.topic_id = t.id
                    WHERE t.id = {0} AND p.post_number = 1""",
                chance.randint(1, last),
            )
        )[0]
        words = telling(row["title"])
        said = words[: chance.randint(1, len(words))]
        if chance.randrange(SLIPS) == 0:
            said[-1] = _slip(chance, said[-1])
        found.append(Question(" ".join(said), all_words(row["cooked"], OF_TEXT)))
    return found


def _slip(chance: random.Random, word: str) -> str:
    """A word with two letters the wrong way round, or one missing."""
    at = chance.randrange(1, max(2, len(word) - 1))
    return word[:at] + word[at + 1 : at + 2] * chance.randint(0, 1) + word[at] + word[at + 2 :]
