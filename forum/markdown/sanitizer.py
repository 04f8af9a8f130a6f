"""The last step: only these elements, attributes and addresses ever reach a page."""

import nh3

TAGS = {
    "a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "footer", "h3", "h4", "h5", "h6",
    "hr", "img", "input", "kbd", "li", "ol", "p", "pre", "s", "section", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "blockquote": {"data-post", "data-topic"},
    "code": {"class"},
    "div": {"tabindex"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "input": {"checked", "disabled"},
    "li": {"id"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "span": {"class"},
}
CLASSES = {
    "a": {"mention", "image-link", "footnote-backref"},
    "blockquote": {"quote"},
    "div": {"table"},
    "hr": {"footnotes-sep"},
    "input": {"task-list-item-checkbox"},
    "li": {"task-list-item", "footnote-item"},
    "ol": {"footnotes-list"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "ul": {"contains-task-list"},
}

_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    set_tag_attribute_values={"input": {"disabled": ""}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def sanitise(html: str) -> str:
    """The HTML with everything else taken away."""
    return _cleaner.clean(html)
