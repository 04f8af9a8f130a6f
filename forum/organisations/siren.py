"""SIREN numbers: nine digits, of which the last proves the others."""


def is_siren(text: str) -> bool:
    """Whether a SIREN is well formed: nine digits whose checksum (Luhn's) holds.

    >>> is_siren("200000172"), is_siren("200000173")
    (True, False)
    """
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(text)]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
