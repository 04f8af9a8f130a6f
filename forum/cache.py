"""Fragments kept in memory, bounded by their size; a key holds the version of what it shows."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

_caches: list["FragmentCache[Any]"] = []


def forget_fragments() -> None:
    """Empty every cache: another database is going to be opened."""
    for cache in _caches:
        cache.clear()


class FragmentCache(Generic[Value]):
    """The most recently used values, up to a number of bytes.

    Args:
        max_bytes: the sum of the sizes that callers declare.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._items: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        _caches.append(self)

    def clear(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._bytes = 0

    def get(self, key: Hashable) -> Value | None:
        """The value, which becomes the most recently used."""
        item = self._items.get(key)
        if item is None:
            return None
        self._items.move_to_end(key)
        return item[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep a value of this size; the longest unused go when there is no more room."""
        if key in self._items:
            self._bytes -= self._items.pop(key)[1]
        self._items[key] = (value, size)
        self._bytes += size
        while self._bytes > self._max_bytes:
            _key, (_value, gone) = self._items.popitem(last=False)
            self._bytes -= gone
