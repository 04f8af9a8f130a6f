"""A site whose mails go to a server of the test's own, and a room of people who listen."""

from tests.rights.conftest import room
from tests.signups.conftest import app, box

__all__ = ["app", "box", "room"]
