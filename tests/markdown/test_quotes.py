"""Quotes of posts, as Discourse writes them; and who is addressed outside them."""

import pytest

from forum.markdown import QuoteRef, mentions, quotes
from tests.markdown.parsed import Parsed, assert_harmless
from tests.markdown.test_dialect import cooked

QUOTE = '[quote="bob, post:3, topic:12"]\nOn a **essayé**.\n[/quote]\n\nEt alors ?'


def test_a_quote_says_who_and_leads_to_the_post():
    assert cooked(QUOTE) == (
        '<blockquote class="quote" data-post="3" data-topic="12">\n<p>On a <strong>essayé</strong>.</p>\n'
        '<footer><a href="/t/-/12/3">bob, nº 3</a></footer>\n</blockquote>\n<p>Et alors ?</p>'
    )
    assert quotes(QUOTE) == [QuoteRef("bob", 3, 12)]


def test_a_quote_of_the_same_topic_has_no_topic():
    raw = '[quote="bob, post:3"]\noui\n[/quote]'
    assert quotes(raw) == [QuoteRef("bob", 3, None)]
    assert "<footer>bob, nº 3</footer>" in cooked(raw)


def test_a_display_name_is_shown_and_its_username_is_meant():
    raw = '[quote="Bob Martin, post:3, topic:12, full:true, username:bob"]\noui\n[/quote]'
    assert quotes(raw) == [QuoteRef("bob", 3, 12)]
    assert "Bob Martin, nº 3" in Parsed(cooked(raw)).text


@pytest.mark.parametrize("raw", ["[quote]\noui\n[/quote]", "[quote]oui[/quote]", "[QUOTE]\noui\n[/Quote]"])
def test_a_plain_quote_names_nobody(raw):
    page = assert_harmless(cooked(raw))
    assert page.all("blockquote")[0].attributes == {"class": "quote"}
    assert page.text.strip() == "oui"
    assert quotes(raw) == []


def test_a_short_quote_stands_on_one_line():
    html = cooked('Avant\n[quote="bob, post:3, topic:12"]on *y* va[/quote]\naprès')
    assert "<p>Avant</p>" in html
    assert "<p>on <em>y</em> va</p>" in html
    assert html.endswith("<p>après</p>")


def test_quotes_stand_in_quotes_to_a_depth_and_lose_no_word():
    deep = "[quote]\n" * 9 + "fond\n" + "[/quote]\n" * 9
    page = assert_harmless(cooked(deep))
    assert 3 <= len(page.all("blockquote")) <= 8
    assert "fond" in page.text


def test_only_the_outermost_quotes_are_the_author_s_own():
    inner = '[quote="eve, post:2"]\nnon\n[/quote]'
    raw = f'[quote="bob, post:3"]\n{inner}\noui\n[/quote]\n[quote="mod, post:4"]\nah\n[/quote]'
    assert quotes(raw) == [QuoteRef("bob", 3, None), QuoteRef("mod", 4, None)]


@pytest.mark.parametrize(
    "raw",
    [
        '[quote="bob, post:3"]\njamais fermé',
        "rien à fermer\n[/quote]",
        '```\n[quote="bob, post:3"]\nx\n[/quote]\n```',
        '`[quote="bob, post:3"]x[/quote]`',
        '    [quote="bob, post:3"]\n    x\n    [/quote]',
    ],
)
def test_what_is_not_a_quote_stays_text(raw):
    assert quotes(raw) == []
    assert 'class="quote"' not in cooked(raw)


def test_a_quote_in_a_list_takes_no_line_from_what_follows():
    words = assert_harmless(
        cooked("- a\n  [quote]\n  b\nc\n[/quote]\nd\n\n> e\n> [quote]\n> f\ng\n[/quote]\nh")
    ).text
    assert set("abcdefgh") <= set(words)


def test_a_quote_ends_a_list_and_a_citation():
    html = cooked("- a\n[quote]\nb\n[/quote]\n\n> c\n[quote]\nd\n[/quote]")
    assert html.count('<blockquote class="quote">') == 2


@pytest.mark.parametrize("name", ["<script>", '" onclick="x', "a&b", "javascript:alert(1)", "]", "**b**"])
def test_the_name_of_who_is_quoted_is_only_text(name):
    assert_harmless(cooked(f'[quote="{name}, post:3, topic:12"]\noui\n[/quote]'))


@pytest.mark.parametrize(
    ("attributes", "found"),
    [
        ("bob, post:0, topic:1", []),
        ("bob, post:99999999999", []),
        ("bob, post:٣", []),
        ("bob, post:3, topic:0", [QuoteRef("bob", 3, None)]),
        (", post:3", []),
    ],
)
def test_impossible_numbers_name_no_post(attributes, found):
    assert quotes(f'[quote="{attributes}"]\noui\n[/quote]') == found


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("Merci @Bob et @alice-m, (@eve.d) : @mod.", {"bob", "alice-m", "eve.d", "mod"}),
        ("# @bob\n- @eve", {"bob", "eve"}),
        ("écrire à bob@ville.fr ou https://a.fr/@bob ou @bob@a.fr", set()),
        ("`@bob` ``a ` @bob`` \\@", set()),
        ("`a\n@bob` mais `@eve", {"eve"}),
        ("```\n@bob\n```\n@eve", {"eve"}),
        ("~~~~ py\n@bob\n~~~\n@bob\n~~~~\n@eve", {"eve"}),
        ("- a\n\n    @eve\n\n1. b\n\n    @mod", {"eve", "mod"}),
        ("dit\n\n    @bob\n\n@eve", {"eve"}),
        ("> @bob\n\n@eve", {"eve"}),
        ('[quote="alice, post:1"]\n@bob\n\n[quote]@mod[/quote]\n[/quote]\n@eve', {"eve"}),
        ("[quote]@bob[/quote]\n@eve", {"eve"}),
        ("[quote]\njamais fermé @bob", {"bob"}),
        ("@", set()),
    ],
)
def test_those_addressed_are_named_outside_code_and_quotes(raw, names):
    assert mentions(raw) == names


def test_a_crowd_of_names_is_cut():
    assert len(mentions(" ".join(f"@m{n}" for n in range(5_000)))) == 500
