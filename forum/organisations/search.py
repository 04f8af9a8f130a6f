"""Names as they are searched: neither case, nor accents, nor hyphens count."""

from forum.text import slugify

MAX_WORDS = 6


def name_key(name: str) -> str:
    """A name as it is searched and put in order.

    >>> name_key("L'Abergement-Clémenciat")
    'l abergement clemenciat'
    """
    return " ".join(_words(name))[:200]


def _words(text: str) -> list[str]:
    """Each piece by itself: `slugify` cuts what is longer than an address may be."""
    return [word for piece in text.split() for word in slugify(piece).split("-") if word]


def words_of(query: str) -> list[str]:
    """The words of a search, as `name_key` writes them; st and ste are written out."""
    spelled = {"st": "saint", "ste": "sainte"}
    return [spelled.get(word, word) for word in _words(query[:200])][:MAX_WORDS]
