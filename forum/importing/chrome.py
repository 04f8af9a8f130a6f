"""What Discourse draws around a text: not its author's words, and drawn again here or of no use."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

CLASSES = {
    "avatar", "badge-wrapper", "cooked-selection-barrier", "footnote-backref", "footnotes-sep",
    "onebox-avatar", "onebox-avatar-inline", "onebox-metadata", "quote-controls", "site-icon",
}  # fmt: skip
ELEMENTS = {"svg", "script", "style"}
SPACES = re.compile(r"[ \t]{2,}")


def clean(soup: BeautifulSoup) -> None:
    """Take away controls, faces, sizes of images, pictures of previews; give quotes their author."""
    for node in soup.find_all(_is_chrome):
        if not node.decomposed:
            node.decompose()
    for quote in soup.find_all("aside", class_="quote"):
        _name(quote)


def narrow(soup: BeautifulSoup) -> None:
    """Join spaces that are shown as one: markdownify takes quadratic time on long rows of them."""
    for text in soup.find_all(string=SPACES):
        if type(text) is NavigableString and not text.find_parent("pre"):
            text.replace_with(SPACES.sub(" ", text))


def classes(node: Tag) -> set[str]:
    """The classes of an element."""
    return set(node.get_attribute_list("class")) - {None} if node.attrs else set()


def _is_chrome(node: Tag) -> bool:
    if node.name in ELEMENTS:
        return True
    found = classes(node)
    if not found:
        return False
    return bool(
        found & CLASSES
        or ("meta" in found and node.find_parent(class_="lightbox"))
        or ("thumbnail" in found and "onebox-full-image" not in found and node.find_parent("aside"))
        or ("anchor" in found and not node.get_text(strip=True))
    )


def _name(quote: Tag) -> None:
    """The title of a quote names its author, said again below it; a title with a link alone is content."""
    title = quote.find(class_="title", recursive=False)
    if not isinstance(title, Tag) or (title.find("a") and not quote.get("data-username")):
        return
    quote.attrs.setdefault("data-username", title.get_text().strip().removesuffix(":"))
    title.decompose()
