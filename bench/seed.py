"""`python -m bench.seed DATA [--topics N] [--posts M] [--giant G] [--words W] [--vocabulary V]`: a base.

The words are drawn by a fixed seed, so that two bases of the same size are the same. SQLite only. The texts
are a few paragraphs again and again. With a vocabulary each is one of its own, topics have tags and some an
accepted answer, and there are more members: what the search of a large base is measured by.
"""

import argparse
import asyncio
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.library import Library
from bench.texts import invented, vocabulary
from forum.database import migrate
from forum.markdown import COOK_VERSION, cook_many
from forum.text import slugify

THEMES = (
    "Cantines", "Voirie", "État civil", "Marchés publics", "Bibliothèques", "Eau",
    "Ressources humaines", "Écoles",
)  # fmt: skip
WHO = (
    "la commune", "le syndicat", "notre service", "le conseil", "l’agent en poste", "la préfecture",
    "une voisine",
)  # fmt: skip
DID = (
    "a repris", "a refusé", "cherche encore", "a chiffré", "tient à jour", "a partagé", "recommence",
    "a signé",
)  # fmt: skip
WHAT = (
    "le tableau des tournées", "la délibération du printemps", "un marché à bons de commande",
    "le plan de relève", "la convention de mise à disposition", "le registre des concessions",
    "un devis de 4 200 euros",
)  # fmt: skip
WHY = (
    "faute de bras", "après deux relances", "pour tenir jusqu’à l’été", "comme l’an dernier",
    "sans rien changer au fond", "depuis que le logiciel a changé", "malgré la note de service",
)  # fmt: skip
PEOPLE = 400
# Beyond these, of a base of its own words; the first ones write.
POSTS_A_MEMBER = 100
PARAGRAPHS = 600
START = datetime(2023, 1, 2, 8, tzinfo=UTC)
BATCH = 20_000


def main(data: str, topics: int, posts: int, giant: int, words: int = 0, known: int = 0) -> None:
    """Make the base in the folder `data`, which must be empty of one.

    Args:
        words: how many invented words, some frequent and most rare, the texts hold beside the usual ones.
        known: of how many words texts of their own are made (`bench/texts.py`); 0 for the usual texts.
    """
    Path(data).mkdir(parents=True, exist_ok=True)
    file = Path(data) / "relais.sqlite3"
    asyncio.run(migrate(f"sqlite://{file.resolve()}"))
    chance = random.Random(1)
    with closing(sqlite3.connect(file)) as database:
        assert not database.execute("SELECT 1 FROM topics").fetchone(), "there are topics here already"
        database.execute("PRAGMA synchronous=OFF")
        sizes = _sizes(chance, topics, posts, giant)
        library = Library(chance, vocabulary(known), sizes) if known else None
        _people_and_themes(database, library)
        if library:
            _topics_of(database, chance, library)
        else:
            _topics_and_posts(database, chance, sizes, words)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{topics} topics, {posts} posts, the longest topic has {giant or 'no special number of'} posts")


def _sizes(chance: random.Random, topics: int, posts: int, giant: int) -> list[int]:
    """How many posts each topic has: many short ones, a few long ones, the sum as asked."""
    sizes = [1] * topics
    if giant:
        sizes[topics // 2] = giant
    weights = [chance.paretovariate(1.2) for _n in sizes]
    for n in chance.choices(range(topics), weights, k=max(0, posts - sum(sizes))):
        sizes[n if not giant or n != topics // 2 else 0] += 1
    return sizes


def _insert(database: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """Rows of one shape, some thousands a statement."""
    while batch := [row for _n, row in zip(range(BATCH), rows)]:  # noqa: B905 - the range says when to stop
        names = ", ".join(batch[0])
        places = ", ".join(f":{name}" for name in batch[0])
        database.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", batch)
    database.commit()


def _people_and_themes(database: sqlite3.Connection, library: Library | None) -> None:
    people = map(_person, range(1, PEOPLE + 1))
    if library:
        count = max(PEOPLE, sum(library.sizes) // POSTS_A_MEMBER)
        people = map(library.person, map(_person, range(1, count + 1)))
    _insert(database, "users", people)
    _insert(
        database,
        "categories",
        (
            {
                "id": n, "name": name, "slug": slugify(name), "description": "", "color": "58666a",
                "icon": "messages-square", "position": n, "created_at": _at(START),
            }
            for n, name in enumerate(THEMES, 1)
        ),
    )  # fmt: skip


def _person(n: int) -> dict[str, Any]:
    return {
        "id": n, "username": f"agent.{n}", "username_lower": f"agent.{n}", "name": f"Agent {n}", "title": "",
        "affiliation": f"Commune no {n % 90 + 1}", "admin": False, "moderator": False,
        "created_at": _at(START),
    }  # fmt: skip


def _topics_and_posts(
    database: sqlite3.Connection, chance: random.Random, sizes: list[int], words: int
) -> None:
    texts = [f"{_paragraph(chance)}{_rare(chance, words)}" for _n in range(PARAGRAPHS)]
    cooked = [html.strip() for html in cook_many((text, {}) for text in texts)]
    _insert(database, "topics", (_topic(chance, n, size) for n, size in enumerate(sizes, 1)))
    posts = (_post(chance, texts, cooked, topic, number) for topic, number in _numbers(sizes))
    _insert(database, "posts", posts)


def _topics_of(database: sqlite3.Connection, chance: random.Random, library: Library) -> None:
    topics = (_topic(chance, n, size) for n, size in enumerate(library.sizes, 1))
    _insert(database, "topics", map(library.topic, topics))
    posts = (_post(chance, [""], [""], topic, number) for topic, number in _numbers(library.sizes))
    _insert(database, "posts", map(library.post, posts))
    _insert(database, "topic_tags", library.tag_rows())
    _insert(database, "accepted_answers", library.answer_rows(1, _at(START)))


def _numbers(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each post by its topic and its number there."""
    return ((topic, number) for topic, size in enumerate(sizes, 1) for number in range(1, size + 1))


def _paragraph(chance: random.Random) -> str:
    sentences = (_sentence(chance) for _n in range(chance.randint(1, 4)))
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)


def _rare(chance: random.Random, words: int) -> str:
    """Three invented words; the tenth stands ten times as rarely as the first."""
    if not words:
        return ""
    numbers = chance.choices(range(words), [1 / (n + 1) for n in range(words)], k=3)
    return f" Voir {' '.join(map(invented, numbers))}."


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choice(words) for words in (WHO, DID, WHAT, WHY))


def _topic(chance: random.Random, n: int, size: int) -> dict[str, Any]:
    title = f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHAT)}".capitalize()
    opened = START + timedelta(minutes=7 * n)
    last = _at(opened + timedelta(minutes=size))
    return {
        "id": n, "title": title, "slug": slugify(title), "kind": "question", "created_at": _at(opened),
        "bumped_at": last, "last_posted_at": last, "highest_post_number": size, "posts_count": size,
        "accepted_count": 0, "like_count": 0, "views": 0, "version": 1, "closed": False, "archived": False,
        "pinned": False, "category_id": n % len(THEMES) + 1, "last_poster_id": _author(n, size),
        "user_id": _author(n, 1),
    }  # fmt: skip


def _post(
    chance: random.Random, texts: list[str], cooked: list[str], topic: int, number: int
) -> dict[str, Any]:
    chosen = chance.choices(range(len(texts)), k=chance.randint(1, 4))
    at = _at(START + timedelta(minutes=7 * topic + number))
    answered = chance.randint(1, number - 1) if number > 2 and chance.random() < 0.3 else None
    return {
        "topic_id": topic, "user_id": _author(topic, number), "post_number": number,
        "reply_to_post_number": answered, "reply_count": 0, "post_type": 1,
        "raw": "\n\n".join(texts[n] for n in chosen), "cooked": "\n".join(cooked[n] for n in chosen),
        "cook_version": COOK_VERSION, "version": 1, "score": chance.randint(0, 3), "up_count": 0,
        "imported_like_count": 0, "created_at": at, "updated_at": at,
    }  # fmt: skip


def _author(topic: int, number: int) -> int:
    return (topic * 31 + number * 17) % PEOPLE + 1


def _at(moment: datetime) -> str:
    """As the engine writes it."""
    return moment.isoformat(" ", "microseconds")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.seed", description=__doc__)
    parser.add_argument("data")
    parser.add_argument("--topics", type=int, default=2_000)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--giant", type=int, default=0, help="the number of posts of one topic")
    parser.add_argument("--words", type=int, default=0, help="how many invented words the texts hold")
    parser.add_argument("--vocabulary", type=int, default=0, help="how many words texts of their own hold")
    asked = parser.parse_args()
    main(asked.data, asked.topics, asked.posts, asked.giant, asked.words, asked.vocabulary)
