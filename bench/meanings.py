"""`python -m bench.meanings DATA`: a meaning for each topic of a base of `bench.seed`.

To be run once the words are indexed. The model reads some topics, the others get a meaning close to one of
these: a question has as many near ones as among real ones, and a minute does what would take hours.
"""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
from msgspec import msgpack

from forum.meanings.indexing import OF_TEXT
from forum.meanings.process import MeaningProcess
from forum.meanings.wishes import Read

READ, AROUND = 200, 0.02


def main(data: str) -> None:
    """Write them into the folder `data`."""
    with closing(sqlite3.connect(Path(data) / "relais.sqlite3")) as database:
        topics = database.execute(
            "SELECT id, item_id, scope FROM search_documents WHERE kind = 'topic'"
        ).fetchall()
        step = max(1, len(topics) // READ)
        read = asyncio.run(_read([_text(database, item) for _id, item, _scope in topics[::step]]))
        chance = np.random.default_rng(1)
        database.execute("DELETE FROM search_meanings")
        database.executemany(
            """INSERT INTO search_meanings (item_id, document_id, scope, digest, vector)
                VALUES (?, ?, ?, '', ?)""",
            ((item, id, scope, _near(chance, read)) for id, item, scope in topics),
        )
        database.commit()
    print(f"{len(topics)} meanings, drawn around those of {len(read)} topics")


def _text(database: sqlite3.Connection, topic: int) -> Read:
    row = database.execute(
        """SELECT t.title, p.raw FROM topics t JOIN posts p ON p.topic_id = t.id
            WHERE t.id = ? AND p.post_number = 1""",
        (topic,),
    ).fetchone()
    return Read(row[0], f"{row[0]}. {row[1]}"[:OF_TEXT])


async def _read(wishes: list[Read]) -> list[np.ndarray]:
    process = MeaningProcess()
    await process.start()
    answers = [msgpack.decode(await process.ask(wish), type=bytes) for wish in wishes]
    await process.stop()
    return [np.frombuffer(answer, np.float16).astype(np.float32) for answer in answers]


def _near(chance: np.random.Generator, read: list[np.ndarray]) -> bytes:
    vector = read[chance.integers(len(read))] + chance.normal(0, AROUND, len(read[0])).astype(np.float32)
    return bytes((vector / np.linalg.norm(vector)).astype(np.float16).tobytes())


if __name__ == "__main__":
    main(sys.argv[1])
