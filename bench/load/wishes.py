"""How clients of the site come in: who they are, and what they listen to."""

from typing import Any

from bench.load.crowd import Hello
from bench.load.people import People

SOCKET = "/connection/websocket"
BARE = Hello("/")


def visitor(topic: int) -> Hello:
    """Somebody who reads a topic."""
    return Hello(SOCKET, "", (_connect({}), _subscribe(topic, {})), topic)


def member(people: People, number: int, port: int, topic: int, since: dict[str, Any] | None = None) -> Hello:
    """A member who reads a topic, with their own channel; from a position on, after a cut."""
    cookie = people.cookies[number]
    headers = f"Cookie: relais={cookie}\r\nOrigin: http://127.0.0.1:{port}\r\n"
    own = {f"user:{people.ids[number]}": {**since, "offset": 0}} if since else {}
    return Hello(SOCKET, headers, (_connect(own), _subscribe(topic, since or {})), topic)


def _connect(subs: dict[str, Any]) -> dict[str, Any]:
    return {"id": 1, "connect": {"subs": subs}}


def _subscribe(topic: int, since: dict[str, Any]) -> dict[str, Any]:
    return {"id": 2, "subscribe": {"channel": f"topic:{topic}", **since}}
