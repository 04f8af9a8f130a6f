"""Names that may stand beside what one writes, and those that may not."""

import doctest

import pytest

import forum.profiles.names
from forum.profiles.names import claims_a_staff_function, claims_to_be_staff, clean_name, skeleton

OURS = ("Relais", "Ada Admin-Lovelace", "mod")


def test_its_examples_hold() -> None:
    assert doctest.testmod(forum.profiles.names).failed == 0


@pytest.mark.parametrize(
    "name",
    ["Aline Perrot", "Éloïse d’Hérouville-Saint-Clair", "Nguyễn Thị Ánh", "Ὀδυσσεύς", "محمد بن علي",
     "O’Brien 3", ""],
)  # fmt: skip
def test_names_of_this_world_stay_as_they_are(name: str) -> None:
    assert clean_name(f"  {name}\t ") == name


def test_a_name_is_one_line_in_one_form() -> None:
    assert clean_name("Aline \n\t Perrot") == "Aline Perrot"
    assert clean_name("Ame\u0301lie") == "Amélie"


@pytest.mark.parametrize(
    "name",
    [
        "Bob\u200b", "B\u202eob", "\u2066Bob", "Bob\u00ad", "\u3164", "Bo\u115fb", "Bob\x00", "Bo\x1bb",
        "B\u200fob", "\ufeffBob", "Bob\ufe0f", "\u2800", "Bo\ue000b", "Bo\U000e0041b",
        "B\u0301\u0301\u0301\u0301ob", "12", "…", "n" * 61, "Bob\ud800",
    ],
)  # fmt: skip
def test_what_hides_turns_towers_or_says_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        clean_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Admin", "ADMIN du site", "Аdmіn", "adm1n", "admln", "a d m i n", "Équipe de modération",
        "Modératrice", "M0dér4teur", "staff", "RELAIS", "Rеlаis", "ada admin lovelace", "Mod",
    ],
)  # fmt: skip
def test_whoever_is_not_staff_may_not_look_like_it(name: str) -> None:
    assert claims_to_be_staff(name, OURS)


@pytest.mark.parametrize(
    "name",
    ["Aline Perrot", "Adminata Traoré", "Relais Petite Enfance", "Modeste Rateur", "Ada Lovelace", "محمد"],
)
def test_others_are_not_taken_for_staff(name: str) -> None:
    assert not claims_to_be_staff(name, OURS)


def test_an_administrator_of_a_territory_is_not_one_of_the_forum() -> None:
    assert not claims_a_staff_function("Administratrice territoriale")
    assert claims_a_staff_function("Modérateur du forum")


def test_what_looks_the_same_has_one_skeleton() -> None:
    assert skeleton("Вob") == skeleton("B0b") == skeleton("bób")
