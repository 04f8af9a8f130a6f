"""Discourse's cooked HTML back to markdown, when a file has no `raw`.

markdownify does the common part; here is what Discourse makes of quotes, mentions, emoji, images, code,
footnotes, previews of links and videos.
"""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from forum.importing.chrome import classes, clean, narrow
from forum.importing.emoji import emoji
from forum.importing.escape import escape
from forum.importing.neighbours import MARKS, ends_in_code, glued, mark_of, touching
from forum.markdown.addresses import is_allowed

MAX_QUOTES = 5
QUOTED = re.compile(r"[\"“”\[\]\n,]")
FENCE = re.compile(r"`{3,}|~{3,}")
BACKTICKS = re.compile(r"`+")
BREAK = re.compile(r"(?<!\\)(?:\\\\)*\\$")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
ENTITY = re.compile(r"&(?=#?\w{1,32};)")
LAST_NUMBER = re.compile(r"(\d+)(?::\d+)?$")
LANGUAGE = re.compile(r"(?:lang-|language-)?([A-Za-z0-9][\w+#.-]{0,30})")
NO_LANGUAGE = {"auto", "nohighlight", "plaintext", "text", "hljs"}
BLOCKS = {"p", "div", "ul", "ol", "blockquote", "aside", "pre", "table", "details", "hr", "section"}
Parents = set[str]


def to_markdown(html: str) -> str:
    """The markdown of a cooked post; of one that is nested beyond reason, its words alone."""
    soup = BeautifulSoup(html, "html.parser")
    try:
        clean(soup)
        narrow(soup)
        text: str = _Converter().convert_soup(soup)
    except RecursionError:
        text = escape(BeautifulSoup(html, "html.parser").get_text("\n"))
    return _without_gaps(text).strip()


def _without_gaps(text: str) -> str:
    """At most one empty line between blocks, no line break at the end of one; code keeps its own."""
    kept: list[str] = []
    fence = ""
    for line in [*text.split("\n"), ""]:
        words = line.strip()
        if fence:
            fence = "" if words == fence else fence
        elif found := FENCE.match(words.lstrip("> -0123456789.")):
            fence = found[0]
        elif not words:
            _end_block(kept)
            if not kept or not kept[-1].strip():
                continue
        kept.append(line)
    return "\n".join(kept)


def _end_block(lines: list[str]) -> None:
    """Take away the line breaks that nothing follows: markdown would show their sign."""
    while lines and BREAK.search(lines[-1]):
        lines[-1] = lines[-1][:-1].rstrip()
        if not lines[-1]:
            lines.pop()


class _Converter(MarkdownConverter):
    """Markdown as our cooker reads it, from words to blocks."""

    def __init__(self) -> None:
        super().__init__(heading_style="atx", bullets="-")
        self._starts_line = True

    def process_text(self, el: NavigableString, parent_tags: Parents | None = None) -> str:
        before, after = el.previous_sibling, el.next_sibling
        self._starts_line = before is None or (isinstance(before, Tag) and before.name in BLOCKS | {"br"})
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]
        if text.endswith("!") and isinstance(after, Tag) and after.name == "a":
            return text[:-1] + "\\!"
        return text

    def escape(self, text: str, parent_tags: Parents) -> str:
        in_cell = bool(parent_tags & {"td", "th"})
        return escape(text, starts_line=self._starts_line, in_link="a" in parent_tags, in_cell=in_cell)

    def convert_b(self, node: Tag, text: str, parent_tags: Parents) -> str:
        inner, mark = text.strip(), mark_of(node)
        nested = not parent_tags.isdisjoint({name for name in MARKS if MARKS[name] == mark})
        if not inner or nested or "_noformat" in parent_tags or "\n\n" in inner:
            return text
        if glued(node, text):
            return f" {text}" if text[0] == "`" else text
        start = text.index(inner)
        return f"{text[:start]}{mark}{inner}{mark}{text[start + len(inner) :]}"

    convert_strong = convert_i = convert_em = convert_s = convert_del = convert_strike = convert_b

    def convert_span(self, node: Tag, text: str, parent_tags: Parents) -> str:
        found = classes(node)
        if "chcklst-box" in found:
            return "[x]" if "checked" in found else "[ ]"
        if "info-label" in found:
            return f" {text}"
        return self.convert_b(node, text, parent_tags) if found & MARKS.keys() else text

    def convert_a(self, node: Tag, text: str, parent_tags: Parents) -> str:
        words, href = " ".join(text.split()), _address(node.get("href"))
        if "mention" in classes(node):
            return words.replace("\\", "")
        if not words or not href or "_noformat" in parent_tags or "lightbox" in classes(node):
            return text
        if ESCAPED.sub(r"\1", words) == href and href.startswith("http"):
            return f"<{href}>"
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before and ' '}[{words}](<{ENTITY.sub('&amp;', href)}>){after and ' '}"

    def convert_img(self, node: Tag, text: str, parent_tags: Parents) -> str:
        words = str(node.get("alt") or node.get("title") or "")
        if "emoji" in classes(node):
            return emoji(str(node.get("title") or words))
        words = escape(" ".join(words.split()), in_link=True, in_cell="_inline" in parent_tags)
        link = node.find_parent("a", class_="lightbox")
        source = _address(link.get("href") if link else node.get("src"))
        shown = f"![{words or 'image'}](<{ENTITY.sub('&amp;', source)}>)" if source else words
        return touching(node, shown)

    def convert_br(self, node: Tag, text: str, parent_tags: Parents) -> str:
        if "_inline" in parent_tags:
            return " "
        return "\\\n" if _goes_on(node) and "_noformat" not in parent_tags else "\n"

    def convert_code(self, node: Tag, text: str, parent_tags: Parents) -> str:
        if "_noformat" in parent_tags or not text.strip():
            return text
        if node.find(("br", *BLOCKS)) and "_inline" not in parent_tags:
            return _fenced(node.get_text().strip("\n"))
        body = text.replace("|", "\\|") if "_inline" in parent_tags else text
        mark = "`" * (max((len(run) for run in BACKTICKS.findall(body)), default=0) + 1)
        room = " " if body.strip()[0] == "`" or body.strip()[-1] == "`" else ""
        gap = " " if ends_in_code(node.previous_sibling) else ""
        return f"{gap}{mark}{room}{body}{room}{mark}"

    convert_kbd = convert_samp = convert_code

    def convert_pre(self, node: Tag, text: str, parent_tags: Parents) -> str:
        body = _code(node)
        if "_inline" in parent_tags:
            return self.convert_code(node, " ".join(body.split()), parent_tags - {"_noformat"})
        return _fenced(body, _language(node))

    def convert_sup(self, node: Tag, text: str, parent_tags: Parents) -> str:
        link = node.find("a") if "footnote-ref" in classes(node) else None
        return f"[^{_label(link.get('href'))}]" if isinstance(link, Tag) else text

    def convert_li(self, node: Tag, text: str, parent_tags: Parents) -> str:
        if "footnote-item" in classes(node):
            body = text.strip().replace("\n", "\n    ")
            return f"\n\n[^{_label(node.get('id'))}]: {body}\n\n"
        item: str = super().convert_li(node, text, parent_tags)  # type: ignore[misc]
        return item

    def convert_hN(self, n: int, node: Tag, text: str, parent_tags: Parents) -> str:  # noqa: N802 - its name
        if node.find_parent("aside") or not node.get_text(strip=True):
            return _block(" ".join(text.split()), parent_tags)
        title: str = super().convert_hN(n, node, text, parent_tags)  # type: ignore[misc]
        return title

    def convert_div(self, node: Tag, text: str, parent_tags: Parents) -> str:
        video = str(node.get("data-youtube-id") or node.get("data-video-id") or "")
        if not video or text.strip():
            return _block(text, parent_tags)
        title = str(node.get("data-youtube-title") or node.get("data-video-title") or video)
        href = _address(f"https://www.youtube.com/watch?v={video}")
        return _block(f"[{escape(title, in_link=True)}](<{href}>)", parent_tags)

    convert_details = convert_section = convert_div

    def convert_summary(self, node: Tag, text: str, parent_tags: Parents) -> str:
        return _block(f"**{text.strip()}**", parent_tags) if text.strip() else ""

    def convert_iframe(self, node: Tag, text: str, parent_tags: Parents) -> str:
        first = node.find("source")
        source = _address(node.get("src") or (first.get("src") if isinstance(first, Tag) else ""))
        return _block(f"<{source}>", parent_tags) if source else ""

    convert_video = convert_audio = convert_iframe

    def convert_aside(self, node: Tag, text: str, parent_tags: Parents) -> str:
        found, body = classes(node), text.strip()
        if not body or "_inline" in parent_tags:
            return _block(body, parent_tags)
        if "quote" in found and node.get("data-username"):
            return _quote(node, body) if _may_be_quote(node) else _cited(f"{_author(node)}:\n\n{body}")
        return _cited(body) if found & {"quote", "onebox"} else _block(body, parent_tags)

    def convert_blockquote(self, node: Tag, text: str, parent_tags: Parents) -> str:
        if node.parent is not None and node.parent.name == "aside":
            return f"\n\n{text.strip()}\n\n"
        return _block(text, parent_tags) if "_inline" in parent_tags else _cited(text.strip())


def _address(value: Any) -> str:
    """An address that may stand in a post; "" for any other."""
    href = "".join(str(value or "").split("\n")).strip()
    for sign, code in ((" ", "%20"), ("<", "%3C"), (">", "%3E"), ("\\", "%5C")):
        href = href.replace(sign, code)
    href = f"https:{href}" if href.startswith("//") else href
    return href if is_allowed(href) else ""


def _goes_on(node: Tag) -> bool:
    """Whether words of the same paragraph follow a line break."""
    following = node.next_sibling
    while isinstance(following, NavigableString) and not following.strip():
        following = following.next_sibling
    return following is not None and not (isinstance(following, Tag) and following.name in BLOCKS)


def _fenced(body: str, language: str = "") -> str:
    longest = max((len(run) for run in BACKTICKS.findall(body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"\n\n{fence}{language}\n{body}\n{fence}\n\n"


def _code(node: Tag) -> str:
    """The code as it is, numbered lines included."""
    lines = node.select("ol.lines > li")
    if lines:
        return "\n".join(line.get_text().strip("\r\n").rstrip() for line in lines)
    return node.get_text().strip("\n")


def _language(node: Tag) -> str:
    code = node.find("code")
    for name in sorted(classes(code)) if isinstance(code, Tag) else ():
        found = LANGUAGE.fullmatch(name)
        if found and found[1] not in NO_LANGUAGE:
            return found[1].lower()
    return ""


def _label(value: Any) -> str:
    found = LAST_NUMBER.search(str(value or ""))
    return found[1] if found else "1"


def _block(text: str, parent_tags: Parents) -> str:
    body = text.strip()
    if "_inline" in parent_tags:
        return f" {' '.join(body.split())} "
    return f"\n\n{body}\n\n" if body else ""


def _may_be_quote(node: Tag) -> bool:
    """Our cooker reads `[quote]` outside lists and citations, five within each other at the most."""
    around = [parent for parent in node.parents if parent.name in ("li", "aside", "blockquote")]
    quotes = [parent for parent in around if "quote" in classes(parent)]
    own = [parent for parent in around if parent.name == "blockquote" and parent.parent in quotes]
    return len(around) == len(quotes) + len(own) and len(quotes) < MAX_QUOTES


def _quote(node: Tag, body: str) -> str:
    number, topic = (str(node.get(f"data-{part}") or "") for part in ("post", "topic"))
    parts = [_author(node)]
    parts += [f"post:{number}"] if number.isdigit() else []
    parts += [f"topic:{topic}"] if topic.isdigit() else []
    return f'\n\n[quote="{", ".join(parts)}"]\n{_without_gaps(body).strip()}\n[/quote]\n\n'


def _author(node: Tag) -> str:
    return QUOTED.sub(" ", str(node.get("data-username") or "")).strip()


def _cited(text: str) -> str:
    lines = (f"> {line}" if line else ">" for line in _without_gaps(text).strip().split("\n"))
    return "\n\n" + "\n".join(lines) + "\n\n"
