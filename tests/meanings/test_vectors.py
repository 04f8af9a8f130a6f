"""Of thousands of topics, the nearest are those that putting all of them in order would give first."""

import numpy as np

from forum.meanings.vectors import Vectors
from forum.meanings.wishes import Keep, Nearest

ASKED, MOST, TOPICS = "nettoyer le lavoir", 100, 5_000


def test_of_many_the_same_ones_come_first_as_if_all_were_put_in_order() -> None:
    vectors = Vectors()
    question = vectors._model.query(ASKED)
    # Ten steps from far to near, so that hundreds are as near as each other.
    rows = [
        (n, n % 3, (question * (0.9 + n * 7919 % 10 / 100)).astype(np.float16).tobytes())
        for n in range(1, TOPICS + 1)
    ]
    vectors.keep(Keep(rows))
    every = vectors.nearest(Nearest(ASKED, [0, 1], TOPICS))
    assert len(every) > 10 * MOST
    assert every == sorted(every, key=lambda one: (-one[1], -one[0]))
    assert vectors.nearest(Nearest(ASKED, [0, 1], MOST)) == every[:MOST]


def test_of_few_all_that_are_near_at_all_are_told() -> None:
    vectors = Vectors()
    question = vectors._model.query(ASKED)
    near, far = question.astype(np.float16).tobytes(), (-question).astype(np.float16).tobytes()
    vectors.keep(Keep([(1, 0, near), (2, 0, far), (3, 1, near)]))
    assert [topic for topic, _nearness in vectors.nearest(Nearest(ASKED, [0], MOST))] == [1]
