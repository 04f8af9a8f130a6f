"""A site that browsers call by a name: keys know none that is a number."""

import pytest

from tests.factors.conftest import later, mails_leave
from tests.signups.conftest import app, box

__all__ = ["app", "box", "later", "mails_leave"]


@pytest.fixture
def named(site: str, mails_leave: None) -> str:
    """The same site, called localhost."""
    return site.replace("127.0.0.1", "localhost")
