"""The synonyms in use: the built-in lists, and what animators wrote beside them."""

from forum.search.thesaurus import Thesaurus, built_in, thesaurus
from realtime.sql import sql

SETTING = "search_synonyms"
_built_in = built_in()


async def own_synonyms() -> str:
    """What animators wrote: one group a line."""
    rows = await sql("SELECT value FROM site_settings WHERE name = {0}", SETTING)
    return str(rows[0]["value"]) if rows else ""


async def current_thesaurus() -> Thesaurus:
    """The built-in groups and the site's own."""
    return thesaurus(f"{_built_in}\n{await own_synonyms()}")
