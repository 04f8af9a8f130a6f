"""The charter as it is read: the site's own, or the one that it comes with."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

from forum.cache import FragmentCache
from forum.categories.queries import site_version
from forum.errors import Unavailable
from forum.markdown import COOK_VERSION, TooSlow, cook
from forum.settings.known import CHARTER
from forum.settings.queries import setting

COOKED: FragmentCache[str] = FragmentCache(2**20)


async def charter_html(locale: str) -> Markup:
    """The whole charter; the one that the site comes with is in the reader's language.

    Raises:
        Unavailable: it cannot be shown at the moment.
    """
    key = (await site_version(), locale, COOK_VERSION)
    html = COOKED.get(key)
    if html is None:
        try:
            html = await cook(await setting(CHARTER) or default_charter(locale))
        except TooSlow as error:
            raise Unavailable from error
        COOKED.put(key, html, 2 * len(html))
    return Markup(html)  # noqa: S704 - sanitised when cooked


@cache
def default_charter(locale: str) -> str:
    """What stands there until an administrator writes another, in markdown."""
    return (Path(__file__).parent / "texts" / f"{locale}.md").read_text("utf-8")
