"""The first words of a post, for a notification or a search engine."""

import pytest

from forum.markdown import excerpt
from tests.markdown.test_dialect import cooked


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("Un *mot* & `deux` <b>", "Un mot & deux <b>"),
        ("# Titre\n\nTexte\n\n- a\n- b", "Titre Texte a b"),
        ("| a | b |\n|-|-|\n| c | d |", "a b c d"),
        ("[quote=\"bob, post:1\"]\nlui\n[/quote]\nmoi", "moi"),
        ("> lui\n\nmoi", "moi"),
        ("> lui", "lui"),
        ("![vue](/uploads/a.webp)", "vue"),
        ('[a](https://b.fr "c>d")', "a"),
        ("Prêt\u202f?", "Prêt\u202f?"),
        ("", ""),
    ],
)  # fmt: skip
def test_it_is_plain_words(raw, words):
    assert excerpt(cooked(raw), 200) == words


def test_it_is_cut_between_two_words():
    assert excerpt(cooked("Les communes rurales"), 14) == "Les communes…"
    assert excerpt(cooked("Les communes rurales"), 12) == "Les communes…"
    assert excerpt(cooked("Les communes"), 12) == "Les communes"


def test_it_cuts_no_character_in_two():
    assert excerpt("<p>" + "👨‍👩‍👧" * 9 + "</p>", 3) == "👨‍👩‍👧" * 3 + "…"
