"""What can go wrong in a way that a person is told of. Each carries its status."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class ForumError(Exception):
    """An error with a sentence for the person; `fields` names the faulty inputs."""

    status = 400
    error_type = "invalid_request"

    def __init__(self, message: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class BadRequest(ForumError):
    """The request cannot be understood."""


class NotFound(ForumError):
    """There is no such thing, or not for this viewer: the two must look the same."""

    status = 404
    error_type = "not_found"


class Forbidden(ForumError):
    """The viewer sees the thing but may not do this."""

    status = 403
    error_type = "invalid_access"


class Conflict(ForumError):
    """The thing changed a moment ago."""

    status = 409
    error_type = "conflict"


class TooLarge(ForumError):
    """More was sent than the site accepts."""

    status = 413
    error_type = "too_large"


class Invalid(ForumError):
    """What was typed does not do; it is shown again with a sentence at each field."""

    status = 422
    error_type = "invalid_parameters"


class TooMany(ForumError):
    """A rate limit; `wait` seconds to go, `name` of the limit."""

    status = 429
    error_type = "rate_limit"

    def __init__(self, message: str, wait: int, name: str = "") -> None:
        super().__init__(message)
        self.wait = wait
        self.name = name


class Broken(ForumError):
    """A fault of ours."""

    status = 500
    error_type = "internal_error"


class Unavailable(ForumError):
    """The database or another service does not answer for the moment."""

    status = 503
    error_type = "unavailable"


def require(allowed: bool, message: str = "") -> None:
    """The first line of an action: raise `Forbidden` unless the predicate holds."""
    if not allowed:
        raise Forbidden(message)


@contextmanager
def gathered(faults: dict[str, str]) -> Iterator[None]:
    """Go on after a fault: it goes to `faults`, each field keeping its first; so all are told at once."""
    try:
        yield
    except Invalid as fault:
        faults.update(fault.fields | faults)


def require_none(faults: Mapping[str, str]) -> None:
    """Raise `Invalid` with the faults that were gathered, if there are any."""
    if faults:
        raise Invalid(fields=faults)
