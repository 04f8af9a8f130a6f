"""Loading the site's modules without what a start can do without."""

import gc
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast


@contextmanager
def loading() -> Iterator[None]:
    """While it lasts nothing is collected, and classes have no source.

    What loads stays: to look through it again and again for what may go takes a tenth of a start. Nearly as
    much goes to Tortoise, which reads the source of each model for comments ("#:"; ours have none), and does
    without where there is no source to be had.
    """
    whole, inspect.getsource = inspect.getsource, cast("Any", _no_source)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        inspect.getsource = whole


def _no_source(of: object) -> str:
    raise OSError("not while the site loads")
