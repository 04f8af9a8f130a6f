"""What is one tag, and what is none."""

import pytest

from forum.errors import Invalid
from forum.i18n import speaking
from forum.tags.names import kept_names, read_names, split_tags, tag_key, tag_slug


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "marchés publics",
            "Marchés-Publics",
            "MARCHES PUBLICS",
            "marche\u0301s  publics",
            "#marchés publics",
        ),
        ("cœur de ville", "coeur-de-ville"),
        ("l’eau potable", "l'eau potable"),
        ("C++", "c++"),
        ("Straße", "strasse"),
    ],
)
def test_case_accents_and_hyphens_make_no_other_tag(spellings: tuple[str, ...]) -> None:
    assert len({tag_key(name) for name in spellings}) == 1
    assert len(read_names(spellings)) == 1


def test_words_that_differ_are_different_tags() -> None:
    names = ["eau", "eaux", "c", "c++", "水道", "हिन्दी", "हनद"]
    assert len({tag_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Marchés publics", "marchés-publics"), ("a/b?c#d", "a-b-c-d"), (" -rendez-vous- ", "rendez-vous"),
        ("<b>&\"'", "b"), ("…", ""),
    ],
)  # fmt: skip
def test_an_address_holds_letters_figures_and_hyphens(name: str, slug: str) -> None:
    assert tag_slug(name) == slug


def test_commas_part_the_tags_of_a_field() -> None:
    assert read_names(split_tags(" cantine , régie directe;; #bio,\n")) == ["cantine", "régie directe", "bio"]
    assert read_names(split_tags("")) == read_names(["#"]) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a,b,c,d,e,f", "5 tags at the most."), ("x" * 41, "40 characters"), ("…", "letters or figures"),
        ("a\x00b", "cannot be stored"), ("a\ud800", "cannot be stored"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_tag_is_told_at_its_field(typed: str, said: str) -> None:
    with speaking("en"), pytest.raises(Invalid) as refusal:
        read_names(split_tags(typed))
    assert said in refusal.value.fields["tags"]


def test_what_an_import_brings_is_kept_or_left_but_never_a_fault() -> None:
    brought = ["Kitchen", "kitchen", "--", "", "a\x08b", "y" * 80, *map(str, range(9))]
    assert kept_names(brought) == ["Kitchen", "y" * 40, *map(str, range(9))]
