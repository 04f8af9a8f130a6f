"""Counts made again in plain Python, from all rows, as their definitions say (`forum/value/words.py`)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from forum.clock import now
from forum.organisations.words import BANDS, band_of
from forum.value.working_days import end_of_delay
from realtime.sql import as_datetime, sql
from tests.cast import Cast

PARIS = ZoneInfo("Europe/Paris")
# The type of the line that stands for posts that were moved.
LINE = 3

Row = Mapping[str, Any]


class There:
    """All rows as they are, and what is to be counted of them."""

    def __init__(self, open_ids: set[int], **rows: list[dict[str, Any]]) -> None:
        self.open_ids = open_ids
        self.topics = {row["id"]: row for row in rows["topics"]}
        self.posts = {row["id"]: row for row in rows["posts"]}
        self.accepted = {row["post_id"] for row in rows["accepted_answers"]}
        self.reuses, self.avoided = rows["reuses"], rows["avoided_questions"]
        self.populations = {row["id"]: row["population"] for row in rows["organisations"]}

    @classmethod
    async def read(cls, cast: Cast) -> "There":
        """Every topic is in a theme that everyone may see, or in that of a group."""
        tables = ("topics", "posts", "accepted_answers", "reuses", "avoided_questions", "organisations")
        rows = {table: await sql(f"SELECT * FROM {table}") for table in tables}
        return cls({cast.theme.id}, **rows)

    def is_there(self, topic_id: int) -> bool:
        """For everyone."""
        topic = self.topics[topic_id]
        return topic["deleted_at"] is None and topic["category_id"] in self.open_ids

    def posts_of(self, topic_id: int) -> list[Row]:
        """In their order."""
        found = [post for post in self.posts.values() if post["topic_id"] == topic_id]
        return sorted(found, key=lambda post: post["post_number"])

    def is_item(self, post: Row) -> bool:
        """A sheet, a document or an accepted answer, that is there."""
        kind = self.topics[post["topic_id"]]["kind"]
        opens = post["post_number"] == 1 and kind in ("sheet", "document")
        return post["deleted_at"] is None and (opens or post["id"] in self.accepted)

    def reuses_of(self, post: Row) -> int:
        """How many organisations took a post up."""
        said = {reuse["organisation_id"] for reuse in self.reuses if reuse["post_id"] == post["id"]}
        return len(said) if self.is_item(post) else 0

    def counted(self) -> list[Row]:
        """The reuses of what everyone may see and take up."""
        items = [self.posts[reuse["post_id"]] for reuse in self.reuses]
        return [
            reuse
            for reuse, post in zip(self.reuses, items, strict=True)
            if self.is_item(post) and self.is_there(post["topic_id"])
        ]

    def takers(self, topic_id: int) -> set[int]:
        """The organisations that took up something of a topic."""
        there = [reuse for reuse in self.counted() if self.posts[reuse["post_id"]]["topic_id"] == topic_id]
        return {reuse["organisation_id"] for reuse in there}

    def figures(self) -> dict[str, Any]:
        """Counted again, as each figure says that it is counted."""
        topics = {id: topic for id, topic in self.topics.items() if self.is_there(id)}
        questions = [topic for topic in topics.values() if topic["kind"] == "question"]
        ends = {
            question["id"]: end_of_delay(as_datetime(question["created_at"]), 2, PARIS)
            for question in questions
        }
        ended = [question for question in questions if ends[question["id"]] <= now()]
        in_time = [
            question
            for question in ended
            if any(as_datetime(post["created_at"]) < ends[question["id"]] for post in self._answers(question))
        ]
        reuses = self.counted()
        reusers = {reuse["organisation_id"] for reuse in reuses}
        wrote = {
            post["organisation_id"]
            for post in self.posts.values()
            if post["deleted_at"] is None and post["topic_id"] in topics
        }
        taking_part = (reusers | wrote) - {None}
        bands = Counter(band_of(self.populations[id]) for id in taking_part)
        return {
            "questions": len(questions),
            "ended": len(ended),
            "in_time": len(in_time),
            "avoided": sum(1 for one in self.avoided if one["topic_id"] in topics),
            "sheets": sum(1 for topic in topics.values() if topic["kind"] == "sheet"),
            "reuses": len(reuses),
            "reusers": len(reusers),
            "states": dict(Counter(reuse["state"] for reuse in reuses)),
            "taking_part": len(taking_part),
            "bands": tuple((band, bands[band]) for band in (*BANDS, None)),
        }

    def _answers(self, question: Row) -> list[Row]:
        """The replies of somebody else than the asker."""
        return [
            post
            for post in self.posts_of(question["id"])
            if post["post_number"] > 1
            and post["post_type"] != LINE
            and post["deleted_at"] is None
            and post["user_id"] != question["user_id"]
        ]
