"""How much of a post's visible words an import keeps."""

import re
from collections import Counter

from bs4 import BeautifulSoup

from forum.importing.html import clean

WORD = re.compile(r"\w+")
SPOKEN_FOR = ".quote > .title, aside.quote > div, iframe, video"


def kept_share(source_html: str, final_html: str) -> float:
    """The share of the source's visible words that the final post shows too (1.0: all of them).

    Words are counted with their repetitions. What surrounds a text and is drawn again elsewhere (the title
    line of a quote, sizes of images) does not count.
    """
    wanted = _words(source_html)
    total = sum(wanted.values())
    if not total:
        return 1.0
    return sum((wanted & _words(final_html)).values()) / total


def _words(html: str) -> Counter[str]:
    soup = BeautifulSoup(html, "html.parser")
    clean(soup)
    for node in soup.select(SPOKEN_FOR):
        node.decompose()
    return Counter(WORD.findall(soup.get_text(" ").lower()))
