"""The official Python SDK at one process, by each shell; and what only the process itself can do to it."""

import pytest

from realtime.protocol import codes
from tests.realtime.open_site import OpenSite
from tests.realtime.sdk_contract import *  # noqa: F403
from tests.realtime.sdk_person import Person
from tests.waiting import until


async def test_told_to_come_back_it_does_and_misses_nothing(open_site: OpenSite) -> None:
    assert open_site.hub is not None
    async with Person(open_site.first, "42") as alice:
        _talk, ears = await alice.listens(open_site.talk)
        open_site.hub.end(list(open_site.hub.connections), *codes.SHUTDOWN)
        await open_site.publish(open_site.talk, "meanwhile")
        await until(lambda: ears.heard == ["meanwhile"])
        assert len(alice.ears.connected) == 2
        assert codes.SHUTDOWN[0] in alice.ears.ends


async def test_told_not_to_come_back_it_does_not(open_site: OpenSite) -> None:
    assert open_site.hub is not None
    async with Person(open_site.first, "42") as alice:
        open_site.hub.end(list(open_site.hub.connections), *codes.FORCED)
        await until(lambda: alice.gone_for_good)
        assert alice.ears.ends[-1] == codes.FORCED[0]


async def test_a_connection_without_a_newer_token_ends(
    open_site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("realtime.protocol.session.EXPIRY_GRACE_SECONDS", 0)
    alice = Person(open_site.first, "42", lifetime=0.5)
    alice.client._refresh = _never  # type: ignore[method-assign]
    async with alice:
        await until(lambda: len(alice.ears.connected) >= 2)
        assert codes.EXPIRED[0] in alice.ears.ends


async def _never(connection: int | None = None) -> None:
    """A program whose timers do not work."""
