"""Discourse's cooked HTML back to markdown, when a file has no `raw`.

markdownify does the common part; here is what Discourse makes of quotes, mentions, emoji, lightboxes,
previews of links and videos.
"""

import re
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

CHROME = (
    ".quote-controls",
    ".meta",
    "svg",
    ".onebox-metadata",
    "img.avatar",
    ".site-icon",
    ".cooked-selection-barrier",
)
QUOTED = re.compile(r"[\"\n\]]")
FENCE = re.compile(r"`{3,}")


def to_markdown(html: str, base: str = "") -> str:
    """The markdown of a cooked post.

    Args:
        base: the address that relative links start from; "" keeps them as they are.
    """
    soup = BeautifulSoup(html, "html.parser")
    clean(soup)
    text: str = _Converter(base).convert_soup(soup)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def clean(soup: BeautifulSoup) -> None:
    """Take away what Discourse adds around a text: controls, sizes of images, avatars."""
    for selector in CHROME:
        for node in soup.select(selector):
            node.decompose()


class _Converter(MarkdownConverter):
    """Markdown as our cooker reads it."""

    def __init__(self, base: str) -> None:
        super().__init__(heading_style="atx", bullets="-", escape_misc=True)
        self.base = base

    def convert_aside(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        if "quote" in (node.get("class") or []):
            return _quote(node, text)
        return f"\n\n{text.strip()}\n\n"

    def convert_blockquote(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        if node.parent is not None and node.parent.name == "aside":
            return text
        quoted: str = super().convert_blockquote(node, text, parent_tags)  # type: ignore[misc]
        return quoted

    def convert_a(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        if "mention" in (node.get("class") or []):
            return text.replace("\\", "")
        href = self._address(node.get("href"))
        words = " ".join(text.split())
        if not href or "_noformat" in parent_tags:
            return words
        if words.replace("\\", "") == href and href.startswith(("http://", "https://")):
            return f"<{href}>" if " " not in href and "<" not in href else words
        return f"[{words or href}](<{href}>)" if words or href else ""

    def convert_img(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        if "emoji" in (node.get("class") or []):
            return str(node.get("title") or node.get("alt") or "")
        source = self._address(node.get("src"))
        alt = " ".join(str(node.get("alt") or "").split()).replace("[", "(").replace("]", ")")
        in_link = node.find_parent("a") is not None
        if not source or in_link:
            return alt or ("image" if source else "")
        return f"![{alt or 'image'}](<{source}>)"

    def convert_iframe(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        source = self._address(node.get("src"))
        return f"\n\n<{source}>\n\n" if source else ""

    convert_video = convert_iframe
    convert_audio = convert_iframe

    def convert_pre(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        code = node.find("code")
        language = _language(code) if isinstance(code, Tag) else ""
        body = node.get_text().strip("\n")
        longest = max((len(run) for run in FENCE.findall(body)), default=2)
        fence = "`" * (longest + 1)
        return f"\n\n{fence}{language}\n{body}\n{fence}\n\n"

    def convert_details(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n{text.strip()}\n\n"

    def convert_summary(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_br(self, node: Tag, text: str, parent_tags: set[str]) -> str:
        return " " if "_inline" in parent_tags and "td" in parent_tags else "\\\n"

    def _address(self, value: Any) -> str:
        href = (
            str(value or "")
            .strip()
            .replace(" ", "%20")
            .replace("\n", "")
            .replace(">", "%3E")
            .replace("<", "%3C")
        )
        if href.startswith("//"):
            return f"https:{href}"
        return urljoin(self.base, href) if href and self.base else href


def _quote(node: Tag, text: str) -> str:
    name, number, topic = (str(node.get(f"data-{part}") or "") for part in ("username", "post", "topic"))
    body = text.strip()
    if not name:
        return f"\n\n[quote]\n{body}\n[/quote]\n\n"
    parts = [QUOTED.sub("", name)]
    parts += [f"post:{number}"] if number.isdigit() else []
    parts += [f"topic:{topic}"] if topic.isdigit() else []
    return f'\n\n[quote="{", ".join(parts)}"]\n{body}\n[/quote]\n\n'


def _language(code: Tag) -> str:
    for name in code.get("class") or []:
        if name.startswith("lang-") and name not in ("lang-auto", "lang-nohighlight", "lang-plaintext"):
            return name.removeprefix("lang-")
    return ""
