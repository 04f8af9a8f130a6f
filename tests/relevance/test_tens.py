"""Both engines answer every question with the same first ten, in the same order.

What they answer stands in `data/tens.txt`, and each engine is compared with it. A change of the ranking that
is meant writes it anew: `RELAIS_WRITE_TENS=1 python -m pytest tests/relevance/test_tens.py`.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from forum.clock import set_clock
from tests.cast import Cast
from tests.relevance.base import fill
from tests.relevance.tens import CROWDED, FILE, LANGUAGES, kept, tens, write_crowd


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Time stands still: recent topics gain a little, less with each moment."""
    set_clock(lambda: datetime(2026, 11, 1, 9, tzinfo=UTC))
    yield
    set_clock(None)


@pytest.mark.timeout(600)  # some four hundred topics are written first
async def test_the_first_ten_are_the_same_whichever_engine_answers(cast: Cast) -> None:
    numbers = await fill(cast, *LANGUAGES) | await write_crowd(cast)
    answered = await tens(await cast.visitor(), numbers)
    if os.environ.get("RELAIS_WRITE_TENS"):
        FILE.write_text("\n".join(answered) + "\n", encoding="utf-8")
    assert answered == kept()


def test_of_more_than_can_be_put_in_order_what_answers_best_is_not_left_out() -> None:
    first = dict(line.split(" | ") for line in kept())
    assert set(first["perroquet"].split()[:2]) == {"crowd-3", "crowd-40"}, "older than 200 others that match"
    assert first["tourterelle toucan perruche"].split()[0] == "crowd-11"
    assert all(len(first[typed].split()) == 10 for typed in CROWDED)
