"""The same site and mail server as for those who sign up."""

from tests.signups.conftest import app, box

__all__ = ["app", "box"]
