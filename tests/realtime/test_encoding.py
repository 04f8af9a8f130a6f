"""What cannot be encoded: never a number without its content, and never a channel that stands still."""

import pytest

from realtime import log
from tests.realtime.test_rights import Club, club  # noqa: F401  # a fixture
from tests.waiting import until


class Lame:
    """An encoding that fails for so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    async def __call__(self) -> None:
        self.times -= 1
        if self.times >= 0:
            raise RuntimeError("the host stumbles")


async def test_an_encoding_that_fails_once_costs_a_second_and_nothing_else(club: Club) -> None:  # noqa: F811
    alice = await club.arrives("alice")
    club.slow = Lame(1)
    await club.writes()
    await until(lambda: alice.publications() == [1], 10)
    await club.writes()
    await until(lambda: alice.publications() == [1, 2], 10)
    assert alice.unsubscribed() == []


async def test_cve_2024_52815_one_that_fails_for_good_sends_everyone_to_refresh_and_the_channel_goes_on(
    club: Club,  # noqa: F811
) -> None:
    """And CVE-2026-45076: what cannot be shown stops nothing else."""
    alice = await club.arrives("alice")
    epoch = (await log.positions(["club:1"]))["club:1"].epoch
    club.slow = Lame(1000)
    await club.writes()
    await until(lambda: alice.unsubscribed() == [2500], 20)
    assert alice.publications() == []
    (connection,) = club.hub.connections
    connection.receive(
        f'{{"id":3,"subscribe":{{"channel":"club:1","recover":true,"offset":0,"epoch":"{epoch}"}}}}'
    )
    await until(lambda: alice.heard[-1].get("id") == 3, 10)
    answer = alice.heard[-1]["subscribe"]
    assert (answer["recovered"], answer["offset"], answer["publications"]) == (False, 1, [])
    club.slow = None
    await club.writes()
    await until(lambda: alice.publications() == [2], 10)


@pytest.mark.parametrize("times", [1, 2])
async def test_a_recovery_that_cannot_be_encoded_is_refused_whole(club: Club, times: int) -> None:  # noqa: F811
    for _n in range(3):
        await club.writes()
    epoch = (await log.positions(["club:1"]))["club:1"].epoch
    alice = await club.arrives("alice", subscribe=False)
    (connection,) = club.hub.connections
    club.slow = Lame(times)
    connection.receive(
        f'{{"id":3,"subscribe":{{"channel":"club:1","recover":true,"offset":1,"epoch":"{epoch}"}}}}'
    )
    await until(lambda: alice.heard[-1].get("id") == 3, 10)
    answer = alice.heard[-1]["subscribe"]
    assert (answer["recovered"], answer["offset"], answer["publications"]) == (False, 3, [])
