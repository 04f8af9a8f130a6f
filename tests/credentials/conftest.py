"""The same site and mail server as for those who sign up; and what they make the database do."""

from tests.architecture.test_same_path import statements
from tests.signups.conftest import app, box

__all__ = ["app", "box", "statements"]
