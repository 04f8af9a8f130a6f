"""What may be stored as a text, and what is refused, with the reason that a page can explain."""

import time
import unicodedata
from contextlib import suppress

import pytest

from forum.markdown import MAX_GRAPHEMES, BadText, clean_line, clean_text


def refused(text: str, limit: int | None = None) -> str:
    with pytest.raises(BadText) as fault:
        clean_text(text) if limit is None else clean_line(text, limit)
    return fault.value.reason


def test_a_text_is_stored_composed_with_plain_line_ends_and_no_blank_space_around():
    decomposed = unicodedata.normalize("NFD", "é")
    assert clean_text(f" \r\n Les {decomposed}lus\r\ndu\rconseil \n\n") == "Les élus\ndu\nconseil"


def test_spaces_within_a_text_are_left_as_typed():
    text = "Prêt ? « Oui »  dit-elle\tvite"
    assert clean_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t ",
        "\u00a0\u202f\u3000",
        "\u200b\ufeff\u2060",
        "\u00ad",
        "\u2800",
        "\u3164\u115f",
        "\ufe0f",
    ],
)
def test_a_text_in_which_nothing_is_seen_is_empty(text):
    assert refused(text) == "empty"
    assert refused(text, 200) == "empty"


@pytest.mark.parametrize(
    "sign", ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f", "\uffff"]
)
def test_control_characters_are_refused(sign):
    assert refused(f"a{sign}b") == "control"
    assert refused(f"a{sign}b", 200) == "control"


@pytest.mark.parametrize("half", ["\udfff", "a\udc80b"])
def test_lone_surrogates_are_refused(half):
    assert refused(half) == "surrogate"


def test_a_tower_of_accents_is_refused_but_a_language_with_many_marks_is_not():
    assert refused("e" + "\u0301\u0327" * 16) == "control"
    assert clean_text("d̥ᵊ̄ ༀ་མ་ཎི་པ་དྨེ་ཧཱུྃ क्षि ซึ้ง")


def test_limits_count_what_people_see_as_one_character():
    family, flag = "👨‍👩‍👧", "🇫🇷"
    assert clean_text((family + "e" * 9 + flag) * 2_900)
    assert refused((family + "e" * 9 + flag) * 2_910) == "too_long"
    assert clean_line("a" * 15 + flag * 5, 20) == "a" * 15 + flag * 5
    assert refused("a" * 15 + flag * 6, 20) == "too_long"
    assert clean_text("é" * MAX_GRAPHEMES)
    assert refused("é" * (MAX_GRAPHEMES + 1)) == "too_long"


def test_a_line_fits_a_column_half_as_long_again():
    assert len(clean_line("n\u0303" * 200, 200)) == 200
    assert refused("👨‍👩‍👧" * 100, 200) == "too_long"


def test_a_refusal_tells_its_limit():
    with pytest.raises(BadText) as fault:
        clean_line("a" * 201, 200)
    assert fault.value.limit == 200


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "e\u0301" * 500_000,
        "e" + "\u0301\u0327" * 500_000,
        "\u0301" * 1_000_000,
        "🇫" * 120_000,
        "🇫🇷x" * 40_000,
        "👍\u200d" * 60_000,
        "\u1100" * 120_000,
        " " * 1_000_000,
        "\r" * 1_000_000,
    ],
)
def test_a_huge_text_is_judged_quickly(text):
    start = time.process_time()
    with suppress(BadText):
        clean_text(text)
    assert time.process_time() - start < 0.25


def test_a_line_joins_its_blanks_but_keeps_no_break_spaces():
    assert (
        clean_line(" Cantine\u202f: passer\n en\t\trégie\u00a0? ", 200)
        == "Cantine\u202f: passer en régie\u00a0?"
    )


def test_a_line_cannot_turn_the_words_around_it():
    assert clean_line("rapport\u202egnp.exe", 200) == "rapportgnp.exe"
