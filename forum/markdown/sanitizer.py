"""The last step: only these elements, attributes and addresses ever reach a page."""

import re

import nh3

from forum.markdown.addresses import is_allowed, is_own_file

TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "footer", "h3", "h4", "h5", "h6", "hr", "img",
    "input", "label", "li", "ol", "p", "pre", "s", "section", "span", "strong", "sup", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "blockquote": {"data-post", "data-topic"},
    "code": {"class"},
    "img": {"src", "srcset", "alt", "width", "height"},
    "input": {"checked"},
    "li": {"id"},
    "ol": {"start"},
    "span": {"class"},
}
VALUES = {
    "a": {"rel": {"nofollow ugc noopener"}, "role": {"doc-noteref", "doc-backlink"}},
    "div": {"tabindex": {"0"}},
    "img": {"loading": {"lazy"}},
    "input": {"type": {"checkbox"}},
    "pre": {"tabindex": {"0"}},
    "section": {"role": {"doc-endnotes"}},
}
CLASSES = {
    "a": {"mention", "image-link", "footnote-backref", "attachment", "lightbox"},
    "blockquote": {"quote"},
    "div": {"table"},
    "li": {"task-list-item", "footnote-item"},
    "ol": {"contains-task-list", "footnotes-list"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "td": {"align-left", "align-center", "align-right"},
    "th": {"align-left", "align-center", "align-right"},
    "ul": {"contains-task-list"},
}
# What the cooked text may say of itself: ids of footnotes, the language and the colours of code.
FORMS = {
    "id": re.compile(r"fn(?:ref)?-[0-9a-f]{8}-[0-9]+(?:-[0-9]+)?"),
    "class": re.compile(r"language-[a-z0-9_+#.-]{1,31}|[a-z][a-z0-9]{0,2}(?: [a-z][a-z0-9]{0,2})*"),
    "start": re.compile(r"[0-9]{1,9}"),
    "srcset": re.compile(
        r"/uploads/(?:thumbnails/[0-9a-f]{32}/[0-9]{2,4}\.webp|short-url/[0-9a-f]{32}\.[a-z]{3,4}) 2x"
    ),
    "width": re.compile(r"[0-9]{1,5}"),
    "height": re.compile(r"[0-9]{1,5}"),
    "data-post": re.compile(r"[0-9]{1,9}"),
    "data-topic": re.compile(r"[0-9]{1,9}"),
}
FREE_CLASSES = {"code", "span"}


def sanitise(html: str) -> str:
    """The HTML with everything else taken away."""
    return _cleaner.clean(html)


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if is_allowed(value) else None
    if name == "src":
        return value if is_own_file(value) else None
    if name == "class" and tag not in FREE_CLASSES:
        return value
    form = FORMS.get(name)
    return value if form is None or form.fullmatch(value) else None


_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    tag_attribute_values=VALUES,
    set_tag_attribute_values={"input": {"disabled": ""}},
    attribute_filter=_allowed_value,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
