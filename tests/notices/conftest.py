"""The post office of tests/mail."""

from tests.mail.conftest import box, clock

__all__ = ["box", "clock"]
