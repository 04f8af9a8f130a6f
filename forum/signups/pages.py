"""What the sign-up pages are given."""

from msgspec import Struct, field

from forum.web import LiveChannel


class SignupForm(Struct, frozen=True):
    """What was typed, less the password, and what is wrong with it."""

    username: str = ""
    name: str = ""
    email: str = ""
    charter: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    motive: str = ""


class SignupPage(Struct, frozen=True):
    """The sign-up form; `closed` when nobody may by it, `by_invitation` when others may.

    `by_approval` when staff decide, and want to know who one is.
    """

    form: SignupForm
    closed: bool
    by_invitation: bool
    by_approval: bool
    min_length: int
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class SentPage(Struct, frozen=True):
    """Look into your mail; `again` asks for it once more."""

    again: str
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class ConfirmForm(Struct, frozen=True):
    """What was typed on the page of the link, if anything."""

    username: str = ""
    motive: str = ""


class ConfirmPage(Struct, frozen=True):
    """What the account will be; `errors` when its name was taken meanwhile.

    `by_approval` when staff decide; `asks_motive` when they have not been told yet who one is.
    """

    username: str
    name: str
    email: str
    by_approval: bool = False
    asks_motive: bool = False
    motive: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class AskedPage(Struct, frozen=True):
    """Staff read the request, or have answered it by mail."""

    email: str
    open: bool
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None


class SpentPage(Struct, frozen=True):
    """A link that opens nothing any more."""

    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None
