"""A reply posted without waiting for its answer, so that the crowd may listen meanwhile."""

import orjson

from bench.load.people import People
from bench.load.servers import Running

WORDS = "Chez nous, la cantine sert soixante repas par jour, et voici comment nous faisons depuis 2023."


def post(server: Running, people: People, topic: int, number: int) -> None:
    """Send it."""
    body = orjson.dumps({"topic_id": topic, "raw": f"{WORDS} Réponse {number}."})
    headers = {"Api-Key": people.key, "Api-Username": "writer", "Content-Type": "application/json"}
    server.http.request("POST", "/posts.json", body, headers)


def answered(server: Running) -> None:
    """Read the answer.

    Raises:
        AssertionError: it was refused.
    """
    answer = server.http.getresponse()
    body = answer.read()
    assert answer.status == 200, body
