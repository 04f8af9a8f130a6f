"""What the page about a file that does not do is given."""

from collections.abc import Mapping

from msgspec import Struct

from forum.web import LiveChannel


class AttachPage(Struct, frozen=True):
    """The file to be chosen again, what is wrong, and all that was typed.

    `place` is the draft's key, `back` the page where one was writing.
    """

    place: str
    back: str
    kept: Mapping[str, str]
    error: str
    channels: tuple[LiveChannel, ...] = ()
    flash: str | None = None
