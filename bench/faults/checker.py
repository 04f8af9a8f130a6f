"""The checker: reads journals and database, and nothing else; gives five figures.

python -m bench.faults.checker DATABASE_URL JOURNAL…
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bench.faults.figures import Figures
from bench.faults.hearing import check_hearing
from bench.faults.journal import Row, read_journals
from bench.faults.stored import Post, Stored, read_stored


def check(rows: Sequence[Row], stored: Stored) -> Figures:
    """Compare what clients saw, in the order of their times, with what is stored."""
    figures = Figures()
    _check_writes(rows, stored, figures)
    _check_log(stored, figures)
    _count_flying(rows, figures)
    check_hearing(rows, stored, figures)
    return figures


def _check_writes(rows: Sequence[Row], stored: Stored, figures: Figures) -> None:
    """Each acknowledged write is stored as it was acknowledged; each op once."""
    made: dict[str, list[Post]] = defaultdict(list)
    for post in stored.posts:
        if post.op:
            made[post.op].append(post)
    for op, posts in made.items():
        if len(posts) > 1:
            figures.count("doubled", f"op {op} made posts {[post.id for post in posts]}", len(posts) - 1)
    acknowledged = [row for row in rows if row["what"] == "acknowledged"]
    # A retry is acknowledged again.
    figures.acknowledged = len({row["op"] for row in acknowledged})
    for row in acknowledged:
        if (row["post"], row["number"]) not in {(post.id, post.number) for post in made[row["op"]]}:
            figures.count("lost", f"op {row['op']} was acknowledged as post {row['post']}")


def _check_log(stored: Stored, figures: Figures) -> None:
    """Posts are numbered without a hole; each has its event, once; channels have no hole but their past."""
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in stored.posts:
        posts[post.topic].append(post)
    for topic, own in posts.items():
        if [post.number for post in own] != list(range(1, len(own) + 1)):
            figures.count("gaps", f"topic {topic} has holes in its numbers")
        _check_told(f"topic:{topic}", own, stored, figures)
    for channel, head in stored.heads.items():
        numbers = sorted(stored.events.get(channel, {}))
        if numbers and numbers != list(range(numbers[0], head + 1)):
            figures.count("gaps", f"{channel} has holes in the log below {head}")


def _check_told(channel: str, posts: Sequence[Post], stored: Stored, figures: Figures) -> None:
    events = stored.events.get(channel, {})
    told = [event.post for _number, event in sorted(events.items()) if event.kind.endswith(".created")]
    if len(told) > len(set(told)):
        figures.count("doubled", f"{channel} tells twice of a post", len(told) - len(set(told)))
    whole = min(events, default=0) == 1
    silent = [post for post in posts if post.id not in set(told)] if whole else []
    if silent:
        figures.count("lost", f"{channel} never told of post {silent[0].id}", len(silent))
    order = [post.id for post in posts if post.id in set(told)]
    if order != list(dict.fromkeys(told)):
        figures.count("disorder", f"{channel} tells of its posts in another order than their numbers")


def _count_flying(rows: Sequence[Row], figures: Figures) -> None:
    """Of the writes on the wire at each fault: answered without another try, or not."""
    flying: set[str] = set()
    for row in rows:
        if row["what"] == "fault":
            figures.faults += 1
            figures.counted += bool(row["flying"])
            flying.update(row["flying"])
        elif row.get("op") in flying:
            flying.discard(row["op"])
            if row["what"] == "acknowledged":
                figures.answered += 1
            else:
                figures.unanswered += 1
    figures.unanswered += len(flying)


async def main(url: str, paths: Sequence[str]) -> int:
    """Print the figures; the exit code."""
    figures = check(read_journals(map(Path, paths)), await read_stored(url))
    print(figures)
    return 0 if figures.clean() else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2:])))
