"""The charter as it is read: the site's own, or the one that it comes with."""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

from forum.cache import FragmentCache
from forum.categories.queries import site_version
from forum.errors import Unavailable
from forum.markdown import COOK_VERSION, TooSlow, cook
from forum.settings.known import CHARTER
from forum.settings.queries import setting

HEADING = re.compile(r"(?<=<h)[3-6](?=>)|(?<=</h)[3-6](?=>)")

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
            html = _raised(await cook(await setting(CHARTER) or default_charter(locale)))
        except TooSlow as error:
            raise Unavailable from error
        COOKED.put(key, html, 2 * len(html))
    return Markup(html)  # noqa: S704 - sanitised when cooked


def _raised(html: str) -> str:
    """With its headings under the page's own: in a post they are lower."""
    levels = [int(level) for level in HEADING.findall(html)]
    return HEADING.sub(lambda tag: f"{int(tag[0]) - min(levels) + 2}", html)


@cache
def default_charter(locale: str) -> str:
    """What stands there until an administrator writes another, in markdown."""
    return (Path(__file__).parent / "texts" / f"{locale}.md").read_text("utf-8")
