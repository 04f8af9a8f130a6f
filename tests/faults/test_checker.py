"""The checker finds each kind of fault: one that cannot fail would prove nothing."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bench.faults.checker import check
from bench.faults.figures import FIVE, Figures
from bench.faults.journal import Journal, Row, read_journals
from bench.faults.stored import Post, Stored, Told

TOPIC = "topic:1"


class Story:
    """A run without a fault, told by hand; each test spoils it in one way."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.stored = Stored()
        self._times = count(1)

    def tell(self, what: str, who: str, **facts: Any) -> None:
        self.rows.append({"at": next(self._times), "what": what, "who": who, **facts})

    def store(self, op: str) -> Post:
        """A reply, and its event."""
        number = len(self.stored.posts) + 1
        post = Post(100 + number, 1, number, op)
        self.stored.posts.append(post)
        self.stored.events.setdefault(TOPIC, {})[number] = Told("post.created", post.id)
        self.stored.heads[TOPIC] = number
        return post

    def write(self, op: str) -> Post:
        """Bob writes, and is answered."""
        self.tell("sent", "bob", op=op, topic=1)
        post = self.store(op)
        self.tell("acknowledged", "bob", op=op, post=post.id, number=post.number)
        return post

    def subscribe(self, offset: int, asked: int | None = None, recovered: bool = False) -> None:
        self.tell(
            "subscribed", "alice", channel=TOPIC, offset=offset, epoch="e", recovered=recovered, asked=asked
        )
        if not recovered:
            self.refresh()

    def refresh(self) -> None:
        self.tell("refreshed", "alice", channel=TOPIC, posts=[post.id for post in self.stored.posts])

    def hear(self, post: Post, via: str = "push", offset: int | None = None) -> None:
        offset = post.number if offset is None else offset
        self.tell(
            "heard", "alice", channel=TOPIC, offset=offset, kind="post.created", post=post.id,
            number=post.number, via=via,
        )  # fmt: skip

    def rest(self) -> None:
        self.tell("rest", "alice", channel=TOPIC)

    def figures(self) -> Figures:
        return check(self.rows, self.stored)

    def five(self) -> dict[str, int]:
        """Those of the five that are not 0."""
        found = self.figures()
        return {name: getattr(found, name) for name in FIVE if getattr(found, name)}


@pytest.fixture
def story() -> Story:
    """Alice listens, Bob writes; the server is killed with two writes on the wire."""
    story = Story()
    story.subscribe(0)
    story.hear(story.write("a"))
    story.tell("sent", "bob", op="b", topic=1)
    story.tell("sent", "eve", op="c", topic=1)
    story.tell("fault", "", fault="kill -9", flying=["b", "c"])
    story.tell("closed", "alice", code=0)
    story.tell("unanswered", "bob", op="b", error="reset")
    story.tell("again", "bob", op="b")
    second = story.store("b")
    story.tell("acknowledged", "bob", op="b", post=second.id, number=2)
    story.subscribe(2, asked=1, recovered=True)
    story.hear(second, via="recovery")
    return story


def test_a_run_without_fault_is_clean(story: Story) -> None:
    story.rest()
    figures = story.figures()
    assert figures.clean()
    assert (figures.acknowledged, figures.heard, figures.refreshes) == (2, 2, 0)


def test_writes_on_the_wire_at_the_fault_are_counted(story: Story) -> None:
    story.tell("acknowledged", "eve", op="c", post=story.store("c").id, number=3)
    figures = story.figures()
    assert (figures.faults, figures.counted, figures.answered, figures.unanswered) == (1, 1, 1, 1)


def test_a_fault_without_writes_on_the_wire_does_not_count() -> None:
    story = Story()
    story.write("a")
    story.tell("fault", "", fault="kill -9", flying=[])
    assert (story.figures().faults, story.figures().counted) == (1, 0)
    assert not story.figures().clean()


def test_an_acknowledged_write_that_is_not_stored_is_lost(story: Story) -> None:
    story.tell("acknowledged", "eve", op="c", post=103, number=3)
    assert story.five() == {"lost": 1}


def test_an_acknowledged_write_stored_under_another_number_is_lost(story: Story) -> None:
    post = story.store("c")
    story.tell("acknowledged", "eve", op="c", post=post.id + 1, number=post.number)
    assert story.five() == {"lost": 1}


def test_a_post_that_the_log_never_told_of_is_lost(story: Story) -> None:
    story.stored.posts.append(Post(103, 1, 3, "c"))
    assert story.five() == {"lost": 1}


def test_a_retry_that_made_a_second_post_is_doubled(story: Story) -> None:
    story.store("b")
    assert story.five() == {"doubled": 1}


def test_an_event_heard_twice_is_doubled(story: Story) -> None:
    story.hear(story.stored.posts[1])
    assert story.five() == {"doubled": 1}


def test_a_post_told_of_twice_is_doubled(story: Story) -> None:
    story.stored.events[TOPIC][3] = Told("post.created", story.stored.posts[1].id)
    story.stored.heads[TOPIC] = 3
    assert story.five() == {"doubled": 1}


def test_an_event_that_was_jumped_over_is_a_gap(story: Story) -> None:
    story.write("c")
    story.hear(story.write("d"))
    assert story.five() == {"gaps": 1}


def test_a_recovery_that_brings_less_than_it_says_is_a_gap(story: Story) -> None:
    story.tell("closed", "alice", code=0)
    story.write("c")
    story.write("d")
    story.subscribe(4, asked=2, recovered=True)
    story.hear(story.stored.posts[2], via="recovery")
    story.hear(story.write("e"))
    assert story.five() == {"gaps": 1}


def test_a_recovery_from_elsewhere_than_asked_is_a_gap(story: Story) -> None:
    story.tell("closed", "alice", code=0)
    story.subscribe(2, asked=1, recovered=True)
    assert story.five() == {"gaps": 1}


def test_whoever_rests_without_the_last_event_has_a_gap(story: Story) -> None:
    story.write("c")
    story.rest()
    assert story.five() == {"gaps": 1}


def test_a_refresh_is_no_gap_but_going_without_it_is(story: Story) -> None:
    story.write("c")
    story.tell("closed", "alice", code=0)
    story.subscribe(3, asked=2)
    story.rest()
    assert story.five() == {}
    assert story.figures().refreshes == 1
    story.tell("subscribed", "alice", channel=TOPIC, offset=3, epoch="e", recovered=False, asked=3)
    story.rest()
    assert story.five() == {"gaps": 1}


def test_a_refresh_that_does_not_show_a_post_is_a_gap(story: Story) -> None:
    story.tell("closed", "alice", code=0)
    story.refresh()
    hidden = story.write("c")
    story.tell(
        "subscribed", "alice", channel=TOPIC, offset=hidden.number, epoch="e", recovered=False, asked=2
    )
    story.tell("refreshed", "alice", channel=TOPIC, posts=[101, 102])
    story.rest()
    assert story.five() == {"gaps": 1}


def test_an_event_heard_before_a_crash_that_the_log_has_not_is_a_gap(story: Story) -> None:
    phantom = Post(103, 1, 3)
    story.hear(phantom)
    assert story.five() == {"gaps": 1}


def test_an_event_heard_as_another_than_the_logs_is_a_gap(story: Story) -> None:
    story.write("c")
    story.hear(Post(999, 1, 3))
    assert story.five() == {"gaps": 1}


@pytest.mark.parametrize(("theme", "gaps"), [(7, {"gaps": 1}), (8, {})])
def test_an_event_without_its_ids_is_a_gap_unless_its_topic_has_left_the_list(
    story: Story, theme: int, gaps: dict[str, int]
) -> None:
    story.stored.themes[1] = theme
    story.stored.events["category:7"] = {1: Told("post.created", story.stored.posts[0].id)}
    story.stored.heads["category:7"] = 1
    story.tell("subscribed", "eve", channel="category:7", offset=0, epoch="e", recovered=False, asked=None)
    story.tell(
        "heard",
        "eve",
        channel="category:7",
        offset=1,
        kind="post.created",
        post=None,
        number=None,
        via="push",
    )
    assert story.five() == gaps


def test_a_hole_in_the_log_is_a_gap_but_its_trimmed_past_is_not(story: Story) -> None:
    for op in ("c", "d"):
        story.hear(story.write(op))
    del story.stored.events[TOPIC][1]
    assert story.five() == {}
    del story.stored.events[TOPIC][3]
    assert story.five() == {"gaps": 1}


def test_an_inversion_is_disorder(story: Story) -> None:
    third, fourth = story.write("c"), story.write("d")
    story.hear(fourth)
    story.hear(third)
    assert story.five() == {"gaps": 1, "disorder": 2}


def test_events_in_another_order_than_the_posts_are_disorder(story: Story) -> None:
    events = story.stored.events[TOPIC]
    events[1], events[2] = events[2], events[1]
    assert story.five()["disorder"] == 1


def test_an_event_heard_without_the_right_is_leaked(story: Story) -> None:
    story.tell("barred", "alice", channel=TOPIC, after=2)
    story.hear(story.write("c"))
    assert story.five() == {"leaked": 1}


def test_a_topic_read_without_the_right_is_leaked(story: Story) -> None:
    story.tell("barred", "alice", channel=TOPIC, after=2)
    story.refresh()
    assert story.five() == {"leaked": 1}


def test_an_event_heard_after_the_subscriptions_end_is_leaked(story: Story) -> None:
    story.tell("ended", "alice", channel=TOPIC, code=2000)
    story.hear(story.write("c"))
    assert story.five() == {"leaked": 1}


async def test_journals_of_several_processes_are_read_in_the_order_of_their_times(tmp_path: Path) -> None:
    paths = [tmp_path / "one", tmp_path / "two"]
    one, two = map(Journal, paths)
    await one.keep("sent", "bob", op="a")
    await two.keep("heard", "alice", offset=1)
    await one.keep("acknowledged", "bob", op="a")
    one.close()
    two.close()
    with paths[1].open("ab") as killed_while_it_wrote:
        killed_while_it_wrote.write(b'{"at": 99, "what": "hea')
    assert [row["what"] for row in read_journals(paths)] == ["sent", "heard", "acknowledged"]
