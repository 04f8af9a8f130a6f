"""What is measured beside the five figures."""

from bench.faults.journal import Row
from bench.faults.meters import delays, percentile, subscriptions


def row(at: float, what: str, who: str = "alice", **facts: object) -> Row:
    return {"at": at, "what": what, "who": who, **facts}


def test_a_subscription_waits_from_its_question_to_its_answer() -> None:
    rows = [row(1, "asking", channel="a"), row(3, "subscribed", channel="a")]
    assert subscriptions(rows) == [2]


def test_a_subscription_that_is_never_answered_has_waited_until_the_end() -> None:
    rows = [row(1, "asking", channel="a"), row(2, "heard", channel="b"), row(9, "rest", channel="b")]
    assert subscriptions(rows) == [8]


def test_a_connection_that_ended_first_was_not_kept_waiting() -> None:
    rows = [row(1, "asking", channel="a"), row(2, "closed", "bob"), row(3, "closed")]
    assert subscriptions(rows) == []


def test_what_is_heard_before_its_writer_knows_is_not_late() -> None:
    heard = {"channel": "topic:1", "kind": "post.created", "post": 7}
    rows = [row(1, "heard", **heard), row(2, "acknowledged", "bob", post=7), row(5, "heard", "eve", **heard)]
    assert delays(rows) == [0, 3]


def test_the_percentile_of_nothing_is_never_good_enough() -> None:
    assert percentile([], 0.99) == float("inf")
    assert percentile(range(1000), 0.99) == 990
