"""How much of a post's visible words an import keeps."""

import re
from collections import Counter

from bs4 import BeautifulSoup

from forum.importing.chrome import clean

WORD = re.compile(r"\w+")
# Words of two blocks do not touch each other; those of inline elements do: H<sub>2</sub>O is one word.
EDGE = re.compile(
    r"<(?=/?(?:p|div|li|ul|ol|td|th|tr|h[1-6]|pre|blockquote|aside|header|article|summary|details|br|hr|dt|dd"
    r"|footer|section|table|img)\b)",
    re.IGNORECASE,
)
# Frames and players show what is elsewhere; the words in them are for browsers that cannot.
ELSEWHERE = ("iframe", "video", "audio")


def kept_share(source_html: str, final_html: str) -> float:
    """The share of the source's visible words that the final post shows too (1.0: all of them).

    Words are counted with their repetitions. What Discourse draws around a text does not count: controls,
    faces, sizes of images, and the line that names the author of a quote.
    """
    wanted = _words(source_html)
    total = sum(wanted.values())
    if not total:
        return 1.0
    return sum((wanted & _words(final_html)).values()) / total


def _words(html: str) -> Counter[str]:
    soup = BeautifulSoup(EDGE.sub(" <", html), "html.parser")
    clean(soup)
    for node in soup.find_all(ELSEWHERE):
        node.decompose()
    return Counter(WORD.findall(soup.get_text().lower()))
