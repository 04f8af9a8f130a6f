"""What `bench.seed --vocabulary` writes: topics about something, posts of their own words, tags, answers."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from bench.texts import Vocabulary, a_subject, a_text, a_title
from forum.markdown import cook_many
from forum.tags.names import join_names, tag_key
from forum.text import slugify

Row = dict[str, Any]
ANSWERED, MOST_TAGS = 0.3, 3


class Library:
    """The topics of a base, each with its subject; made in order, by one source of chance."""

    def __init__(self, chance: random.Random, known: Vocabulary, sizes: Sequence[int]) -> None:
        self.chance, self.known, self.sizes = chance, known, sizes
        self.subjects = [a_subject(chance, known) for _size in sizes]
        self.answered = [size > 1 and chance.random() < ANSWERED for size in sizes]
        self.tags = [
            list(dict.fromkeys(subject[: chance.randint(0, MOST_TAGS)])) for subject in self.subjects
        ]

    def topic(self, row: Row) -> Row:
        """A topic with its words in the place of the usual ones."""
        at = row["id"] - 1
        title = a_title(self.chance, self.subjects[at])
        return row | {
            "title": title, "slug": slugify(title), "tag_names": join_names(self.tags[at]),
            "accepted_count": int(self.answered[at]),
        }  # fmt: skip

    def post(self, row: Row) -> Row:
        """A post with its own words; plain paragraphs cook to what is written here."""
        paragraphs = a_text(self.chance, self.known, self.subjects[row["topic_id"] - 1])
        raw, cooked = "\n\n".join(paragraphs), "\n".join(f"<p>{text}</p>" for text in paragraphs)
        if row["topic_id"] == row["post_number"] == 1:
            assert cook_many([(raw, {})])[0].strip() == cooked, "plain paragraphs are cooked otherwise"
        return row | {"raw": raw, "cooked": cooked}

    def tag_rows(self) -> Iterator[Row]:
        """The tags of all topics."""
        for topic, names in enumerate(self.tags, 1):
            for name in names:
                yield {"topic_id": topic, "key": tag_key(name), "name": name}

    def answer_rows(self, accepter: int, at: str) -> Iterator[Row]:
        """The first reply of those that have an answer; posts are numbered in the order of their topics."""
        first = 1
        for topic, (size, answered) in enumerate(zip(self.sizes, self.answered, strict=True), 1):
            if answered:
                yield {
                    "topic_id": topic, "post_id": first + 1, "accepter_id": accepter, "post_version": 1,
                    "created_at": at,
                }  # fmt: skip
            first += size

    def person(self, row: Row) -> Row:
        """A member with a name of their own."""
        names = self.chance.choices(self.known.words[1_000:], k=2)
        return row | {"name": " ".join(names).title()}
