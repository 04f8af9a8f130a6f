"""Codes as the standard makes them, and as people type them."""

from datetime import UTC, datetime

import pytest

from forum.factors.codes import (
    ALPHABET,
    application_link,
    code_hash,
    in_groups,
    matching_step,
    new_codes,
    qr_code,
)

# RFC 6238, appendix B: the secret "12345678901234567890", the last six digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert matching_step(SECRET, code, moment) == seconds // 30
    assert matching_step(SECRET, f"{code[:3]} {code[3:]}", moment) == seconds // 30
    for away, found in ((30, True), (-30, True), (60, False), (-60, False)):
        other = datetime.fromtimestamp(seconds - seconds % 30 + away, UTC) if seconds > 60 else None
        if other:
            assert (matching_step(SECRET, code, other) is not None) == found


def test_ten_codes_of_eighty_bits_without_letters_that_look_like_digits() -> None:
    codes = new_codes()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 16 and set(code) <= {*ALPHABET, "-"} for code in codes)
    assert not {"i", "l", "o", "u"} & set(ALPHABET)


@pytest.mark.parametrize("typed", ["0112-abcd", "0112abcd", " O1 12 ABCD ", "oil2-ABCD"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert code_hash(7, typed) == code_hash(7, "0112-abcd")
    assert code_hash(8, typed) != code_hash(7, "0112-abcd")


def test_the_application_lists_the_site_and_the_member() -> None:
    link = application_link(SECRET, "Relais", "bob.martin")
    assert link.startswith("otpauth://totp/Relais:bob.martin?secret=" + SECRET)
    assert "issuer=Relais" in link
    assert in_groups(SECRET).split(" ") == ["GEZD", "GNBV", "GY3T", "QOJQ"] * 2
    drawing = qr_code(link)
    assert drawing.startswith("<svg")
    assert "style" not in drawing
    assert SECRET not in drawing
