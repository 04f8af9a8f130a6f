"""The synonyms in use: the built-in lists, and what administrators wrote beside them."""

from forum.search.thesaurus import Thesaurus, built_in, thesaurus
from forum.settings.known import SEARCH_SYNONYMS
from forum.settings.queries import setting

_built_in = built_in()


async def current_thesaurus() -> Thesaurus:
    """The built-in groups and the site's own."""
    own = await setting(SEARCH_SYNONYMS)
    return thesaurus(f"{_built_in}\n{own}")
