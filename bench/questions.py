"""Questions for a base of invented words (`bench.seed --words`): one to three, some with a usual word."""

import random

from bench.seed import invented

QUESTIONS = 200
WORDS = 2_000
USUAL = ("marché", "convention", "devis", "tableau des tournées", "registre")


def questions() -> list[str]:
    """Always the same."""
    chance = random.Random(2)
    words, weights = [*map(invented, range(WORDS))], [1 / (n + 1) for n in range(WORDS)]
    drawn = (chance.choices(words, weights, k=chance.randint(1, 3)) for _n in range(QUESTIONS))
    return [" ".join([*some, *chance.sample(USUAL, chance.randint(0, 1))]) for some in drawn]
