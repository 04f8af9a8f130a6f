"""Rules that hold for every text, tried on texts that nobody thought of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.markdown import BadText, clean_text, cook_many, excerpt, mentions, quotes
from forum.markdown.sanitizer import sanitise
from tests.markdown.parsed import assert_harmless
from tests.markdown.payloads import PAYLOADS

PIECES = [
    "a", "é", "@bob", "#", " ", "  ", "    ", "\t", "\n", "\n\n", "*", "**", "_", "~~", "`", "``", "```",
    "~~~", "[", "]", "(", ")", "!", "![", "](", "<", ">", "> ", "- ", "1. ", "- [ ] ", "- [x] ", "|", "|-|",
    "\n|-|-|\n", "&", "&amp;", "&#0;", "\\", ":", '"', "'", "=", "---\n", "https://a.fr/", "www.", "a@b.fr",
    "|1x2", "/uploads/a.png", "javascript:", "[^1]", "[^1]: ", "\n[^1]: ", "[a]: ", "[a]", "\n[quote]\n",
    "\n[/quote]\n", '\n[quote="bob, post:3, topic:12"]\n', "[quote]", "[/quote]", "\u0301", "\u200d",
    "\u202e", "\u2028", "\xa0", "👍", "🇫🇷", "<b>", "</p>", "```python\n",
]  # fmt: skip
marked = st.lists(st.sampled_from(PIECES + PAYLOADS), max_size=40).map("".join)
texts = st.one_of(marked, st.text(max_size=300), st.tuples(marked, st.text(max_size=50), marked).map("".join))


@settings(max_examples=400, deadline=None)
@given(texts)
def test_every_text_that_is_accepted_is_cooked_into_harmless_html(raw):
    try:
        text = clean_text(raw)
    except BadText:
        return
    html = cook_many([(text, {"bob": "Bob"})])[0]
    assert_harmless(html)
    assert sanitise(html) == html
    assert clean_text(text) == text
    assert len(excerpt(html, 30)) <= 30 * 31 + 1


@settings(max_examples=200, deadline=None)
@given(texts)
def test_whoever_is_shown_as_mentioned_can_be_found_in_the_text(raw):
    assert all(name in raw.lower() for name in mentions(raw))
    assert all(quote.username in raw and quote.post_number > 0 for quote in quotes(raw))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200))
def test_plain_words_are_all_shown(raw):
    words = "".join(letter for letter in raw if letter.isalnum())
    if words:
        html = cook_many([(f"x{words}", {})])[0]
        assert assert_harmless(html).text.strip() == f"x{words}"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_what_is_refused_is_refused_for_a_reason_that_a_page_can_tell(raw):
    reason = refusal(raw)
    assert reason in {None, "empty", "too_long", "control", "surrogate"}


def refusal(raw: str) -> str | None:
    try:
        clean_text(raw)
    except BadText as fault:
        return fault.reason
    return None


def test_a_thousand_images_in_images_are_shown_as_text_by_an_import():
    raw = "![" * 1_000 + "](x)" * 1_000
    assert assert_harmless(cook_many([(raw, {})])[0]).text.strip() == raw


def test_the_check_itself_can_fail():
    for html in ("<b>x</b>", '<a href="javascript:x">x</a>', '<p onclick="x">x</p>', "<!-- x -->", "<p>"):
        with pytest.raises(AssertionError):
            assert_harmless(html)
