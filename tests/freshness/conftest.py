"""The post office of tests/mail, and its clock."""

from tests.mail.conftest import box, clock

__all__ = ["box", "clock"]
