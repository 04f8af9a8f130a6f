"""After any reuses, withdrawals and merges: counts are what is there, nobody has it from themselves."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forum.accounts.actions import create_user
from forum.accounts.queries import viewer_of_id
from forum.clock import now
from forum.errors import Invalid
from forum.mergers.actions import merge_organisations
from forum.organisations.load import load_organisations
from forum.reuses.actions import withdraw_reuse
from forum.reuses.merging import joined_source
from forum.reuses.queries import Item, as_tree, descends_from, reuses_of
from forum.topics.queries import topic_visible_to
from realtime.sql import sql
from tests.cast import Cast
from tests.reuses.making import a_sheet, declared

TOWNS = 5
STATES = ("studied", "testing", "in_service")
_numbers = count(1)

towns = st.integers(0, TOWNS - 1)
# What is done, by whom or to whom, and from whom or into whom.
acts = st.lists(st.tuples(st.sampled_from(("declare", "withdraw", "merge")), towns, towns), max_size=16)


@st.composite
def forests(draw: st.DrawFn) -> dict[int, int | None]:
    """Records of one item, each taken from an earlier one or from the item, whatever their numbers."""
    order = draw(st.permutations(range(1, 9)))
    return {one: draw(st.sampled_from([None, *order[:n]])) for n, one in enumerate(order)}


@settings(max_examples=500, deadline=None)
@given(links=forests(), pair=st.permutations(range(1, 9)), further=st.booleans())
def test_two_records_of_any_tree_that_become_one_leave_a_tree(
    links: Mapping[int, int | None], pair: list[int], further: bool
) -> None:
    own, gone = pair[:2]
    source = joined_source(links, own, gone, gone if further else own)
    after = {n: own if s == gone else s for n, s in links.items() if n != gone} | {own: source}
    assert source not in (own, gone)
    for record, came_from in after.items():
        assert came_from is None or not descends_from(after, came_from, record)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@example(acts=[("declare", 0, 0), ("declare", 1, 0), ("declare", 2, 1), ("merge", 2, 0), ("merge", 1, 0)])
@example(acts=[("declare", 1, 1), ("declare", 0, 1), ("merge", 1, 0), ("withdraw", 0, 0), ("merge", 0, 2)])
@given(acts=acts)
async def test_counts_are_what_is_there_and_the_tree_has_no_ring(
    cast: Cast, acts: list[tuple[str, int, int]]
) -> None:
    valley = await Valley.make(cast)
    for what, one, other in acts:
        await valley.act(what, one, other)
    records = await reuses_of(valley.item.post_id)
    names = [record.organisation_id for record in records]
    assert len(names) == len(set(names))
    assert set(names) <= set(valley.towns), "none is of an organisation that has gone"
    topic = await topic_visible_to(await cast.alice(), valley.item.topic_id)
    assert topic.reuse_count == len(records)
    links = {record.id: record.taken_from_id for record in records}
    assert not any(source and descends_from(links, source, record) for record, source in links.items())
    assert sum(1 for _branch in _walk(as_tree(records))) == len(records)


def _walk(branches):  # type: ignore[no-untyped-def]  # branches within branches
    for branch in branches:
        yield branch
        yield from _walk(branch.branches)


class Valley:
    """Five towns that one clerk speaks for, and a sheet that each may take up."""

    def __init__(self, cast: Cast, item: Item, towns: list[int], clerk_id: int) -> None:
        self.cast, self.item, self.towns, self.clerk_id = cast, item, towns, clerk_id

    @classmethod
    async def make(cls, cast: Cast) -> "Valley":
        """Towns and a clerk of their own, for each run."""
        n = next(_numbers)
        lines = "".join(f"commune,Vaubrun {n} {town},{n:04}-{town}\n" for town in range(TOWNS))
        await load_organisations(f"kind,name,code\n{lines}".encode())
        rows = await sql("SELECT id FROM organisations WHERE code LIKE {0} ORDER BY code", f"{n:04}-%")
        clerk = await create_user(f"clerk{n}", f"clerk{n}@example.org", None)
        for row in rows:
            await sql(
                """INSERT INTO organisation_members (organisation_id, user_id, function, main, verified_by,
                    verified_until, created_at) VALUES ({0}, {1}, '', FALSE, 'code', {2}, {3})""",
                row["id"], clerk.id, now().replace(year=now().year + 1), now(),
            )  # fmt: skip
        return cls(cast, await a_sheet(cast), [row["id"] for row in rows], clerk.id)

    async def act(self, what: str, one: int, other: int) -> None:
        """Do it; what cannot be done, such as taking it from who took it from oneself, is refused."""
        clerk = await viewer_of_id(self.clerk_id, "en")
        assert clerk is not None
        town, from_town = self.towns[one], self.towns[other]
        records = {record.organisation_id: record for record in await reuses_of(self.item.post_id)}
        if what == "merge":
            with suppress(Invalid):
                await merge_organisations(await self.cast.ada(), town, from_town, "A new commune.")
                self.towns = [from_town if there == town else there for there in self.towns]
        elif what == "withdraw":
            await withdraw_reuse(clerk, self.item, town)
        else:
            version = records[town].version if town in records else 0
            source = str(records[from_town].id) if from_town in records else ""
            with suppress(Invalid):
                await declared(
                    clerk, self.item, town, version, taken_from=source, state=STATES[(one + other) % 3]
                )
