"""Codes: those of an application (RFC 6238), and those on paper. Pure."""

import re
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import choice

import pyotp

# Seconds for which a code of an application stands; one step before and after the present one do too.
STEP, DRIFT = 30, 1
CODES = 10
# Crockford's: without the letters that are taken for digits. Four by four of them are 80 bits.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LOOK_ALIKES = str.maketrans("oil", "011")
SPACES = re.compile(r"[\s-]+")
MAX_TYPED = 100


def new_secret() -> str:
    """A secret of 160 bits, in base 32 as applications read it."""
    return pyotp.random_base32()


def matching_step(secret: str, typed: str, at: datetime) -> int | None:
    """The time step whose code was typed, the present one or a neighbour; None if it is none of them."""
    code, present = SPACES.sub("", typed[:MAX_TYPED]), int(at.timestamp()) // STEP
    application = pyotp.TOTP(secret, interval=STEP)
    steps = range(present - DRIFT, present + DRIFT + 1)
    right = [step for step in steps if compare_digest(application.generate_otp(step), _ascii(code))]
    return max(right, default=None)


def _ascii(code: str) -> str:
    return code if code.isascii() else ""


def application_link(secret: str, site: str, username: str) -> str:
    """What the QR code says: the names under which an application lists the account."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=username, issuer_name=site)


def qr_code(text: str) -> str:
    """A QR code as an SVG element, dark on light whatever the page's colours: else phones do not see it."""
    import segno  # seldom asked for

    drawing = segno.make(text, error="m", micro=False)
    svg: str = drawing.svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return svg


def in_groups(secret: str) -> str:
    """A secret as one types it: four signs at a time."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def new_codes() -> list[str]:
    """Ten codes for paper, such as `7k3q-x9vt-0m2p-4bcd`."""
    return ["-".join("".join(choice(ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(CODES)]


def code_hash(user_id: int, typed: str) -> str:
    """What is kept of a code on paper, however it is typed: capitals, spaces, letters for digits."""
    plain = SPACES.sub("", typed[:MAX_TYPED].lower()).translate(LOOK_ALIKES)
    return sha256(f"{user_id} {plain}".encode()).hexdigest()
