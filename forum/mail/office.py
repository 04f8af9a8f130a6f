"""What sending needs of the running process: the configuration and the templates."""

from msgspec import Struct

from forum.config import Config
from forum.templating import Templates


class Office(Struct, frozen=True):
    """Where mails are written and handed over."""

    config: Config
    templates: Templates


_office: Office | None = None


def open_office(config: Config, templates: Templates) -> None:
    """From here on this process can send mails."""
    global _office
    _office = Office(config, templates)


def the_office() -> Office:
    """The process's office, opened before the jobs run."""
    assert _office is not None
    return _office
