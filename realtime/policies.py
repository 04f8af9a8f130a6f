"""What a host declares: who is connected, and per namespace who may listen and what is sent.

No policy, no channel; no audience, nobody: a namespace that is not declared does not exist, and answers
exactly as a channel that one may not hear.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers

from realtime.log import Event


@dataclass(frozen=True, slots=True)
class Handshake:
    """The request that opened the socket. `cookies_count` is false when no `Origin` came with it."""

    headers: Headers
    address: str
    cookies_count: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is connected.

    Attributes:
        user: the host's id of the member as text; "" for a visitor.
        variant: what changes the encoding of an event for this client (a language, say).
        channels: server-side subscriptions, made at connect.
        data: whatever the host wants to find again in its policies.
    """

    user: str
    variant: Hashable = None
    channels: tuple[str, ...] = ()
    data: Any = None


MaySubscribe = Callable[[Identity, str], Awaitable[bool]]
Encode = Callable[[Event, Any], Awaitable[bytes]]
Authenticate = Callable[[Handshake, dict[str, Any]], Awaitable[Identity]]
Rpc = Callable[[Identity, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Namespace:
    """The channels `name` or `name:…`.

    Attributes:
        may_subscribe: asked at subscribe and at recovery; a channel that may not be heard and one
            that does not exist both answer 103.
        encode: an event as the JSON of a publication's `data`, called once per event and variant.
        history: whether a subscriber may ask for past publications.
    """

    may_subscribe: MaySubscribe
    encode: Encode
    history: bool = True


@dataclass(frozen=True, slots=True)
class Policies:
    """All that a host declares.

    Attributes:
        authenticate: who is at the other end; raises `Disconnect` (3500 …) to refuse.
        namespaces: by the part of a channel's name before its colon.
        rpc: methods that a client may call.
        origins: the origins whose pages may connect with cookies; empty: the host's own name.
    """

    authenticate: Authenticate
    namespaces: Mapping[str, Namespace]
    rpc: Mapping[str, Rpc] = field(default_factory=dict)
    origins: frozenset[str] = frozenset()
    max_subscriptions: int = 128
    max_connections_per_user: int = 50
    commands_per_second: int = 50

    def namespace(self, channel: str) -> Namespace | None:
        """The namespace of a channel's name, if there is one."""
        return self.namespaces.get(channel.partition(":")[0])
