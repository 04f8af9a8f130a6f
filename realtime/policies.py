"""What a host declares: who is connected, and per namespace who may listen and what is sent.

No policy, no channel; no audience, nobody: a namespace that is not declared does not exist, and answers
exactly as a channel that one may not hear.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
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
        session: what `rights.session_ended` will name; "" when there is none.
        info: told to others in presence, joins and leaves (JSON); None for nothing.
        expires_in: seconds until the client must have sent a newer token; None for never.
        address: where they are, as the host counts what a visitor may do; "" when it does not.
        data: whatever the host wants to find again in its policies.
    """

    user: str
    variant: Hashable = None
    channels: tuple[str, ...] = ()
    session: str = ""
    info: Any = None
    expires_in: float | None = None
    address: str = ""
    data: Any = None


# Whoever this is true of may hear the channel; asked of memory alone, again and again.
MayHear = Callable[[Identity], bool]
Audience = Callable[[str], Awaitable[MayHear | None]]
Encode = Callable[[Event, Any], Awaitable[bytes]]
Authenticate = Callable[[Handshake, str, Any], Awaitable[Identity]]
Renew = Callable[[Identity], Awaitable[Identity | None]]
Rpc = Callable[[Identity, Any], Awaitable[Any]]
TokenHolds = Callable[[Identity, str, str], Awaitable[bool]]


async def encode_publication(event: Event, variant: Any) -> bytes:
    """What a client published, as it was; other events as their kind and ids."""
    from realtime.publishing import data_of

    return data_of(event)


async def _never_renewed(identity: Identity) -> Identity | None:
    return identity


def _own_address(headers: Headers, address: str) -> str:
    return address


@dataclass(frozen=True, slots=True)
class Namespace:
    """The channels `name` or `name:…`.

    Attributes:
        audience: who may hear a channel now, or None when there is no such channel; asked at subscribe and
            at recovery, and again when `rights` say that it has changed. No one and nothing answer 103.
        encode: an event as the JSON of a publication's `data`, called once per event and variant.
        recovers: whether what was missed may be asked for; otherwise a channel tells of the present alone.
        history: whether whoever hears a channel may read its past.
        presence: whether whoever hears a channel may see who else does.
        join_leave: whether they are also told when somebody comes and goes.
        publish: whether whoever hears a channel may tell it something.
        token_holds: whether a subscription token, if one is given, is good for this identity and channel;
            may raise `ErrorReply` (109: it has expired).
        max_events: how many of a channel's newest events are told again, by recovery and history; None for
            all that the log holds.
        max_age: how old what is told again may become before the log drops it; None for no limit.
    """

    audience: Audience
    encode: Encode = encode_publication
    recovers: bool = True
    history: bool = True
    presence: bool = False
    join_leave: bool = False
    publish: bool = False
    token_holds: TokenHolds | None = None
    max_events: int | None = None
    max_age: timedelta | None = None

    def forgotten(self, last: int) -> int:
        """The number up to which a channel that stands at `last` tells nothing again, dropped or not."""
        return 0 if self.max_events is None else max(0, last - self.max_events)


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit that a client may meet, each answered by the protocol's own code.

    Attributes:
        subscriptions: per connection; 106, and 3505 where the host itself gives a client more.
        connections_per_user, connections_per_address: on all workers together; 3504.
        commands_per_second: 111, and 3013 for whoever goes on.
        recovered: events that a subscription brings back; more, and the client refreshes instead, which is
            cheaper for it and for us.
        history: publications in one answer.
        published_bytes: what a client may publish at once, as JSON; 107.
    """

    subscriptions: int = 128
    connections_per_user: int = 50
    # Whole administrations stand behind one address, and an idle connection costs a few kilobytes.
    connections_per_address: int = 5000
    commands_per_second: int = 50
    recovered: int = 300
    history: int = 300
    published_bytes: int = 16 * 1024


@dataclass(frozen=True, slots=True)
class Policies:
    """All that a host declares.

    Attributes:
        authenticate: who is at the other end, from the request, the token and the connect command's `data`;
            raises `Disconnect` (3500 …) to refuse, or `ErrorReply`.
        namespaces: by the part of a channel's name before its colon (the whole name without one); one under
            "" stands for every name that no other one covers.
        renew: the same person with the rights of now, or None when there is none any more.
        rpc: methods that a client may call.
        origins: the hosts whose pages may connect with cookies; empty: the host's own name.
        secure: the site is reached by https: a page that came by http is another site's.
        any_origin: pages of every site may connect (never with cookies that mean something).
        address_of: the client's own address, from the request's headers and its peer's address.
    """

    authenticate: Authenticate
    namespaces: Mapping[str, Namespace]
    renew: Renew = _never_renewed
    rpc: Mapping[str, Rpc] = field(default_factory=dict)
    origins: frozenset[str] = frozenset()
    any_origin: bool = False
    secure: bool = False
    address_of: Callable[[Headers, str], str] = _own_address
    limits: Limits = Limits()

    def namespace(self, channel: str) -> Namespace | None:
        """The namespace of a channel's name, if there is one; what hubs tell each other is in none."""
        if channel.startswith("$"):
            return None
        return self.namespaces.get(self.namespace_name(channel))

    def namespace_name(self, channel: str) -> str:
        """What stands before the colon where that is declared, else "": never a client's own words."""
        name = channel.partition(":")[0]
        return name if name in self.namespaces else ""
