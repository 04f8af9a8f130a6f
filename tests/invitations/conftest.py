"""A site whose mails go to a server of the test's own."""

from tests.signups.conftest import app, box

__all__ = ["app", "box"]
