"""Somebody with the official Python SDK, who notes everything that it tells."""

import time
from typing import Any

from centrifuge import Client, ClientEventHandler, ClientState, Subscription, SubscriptionEventHandler

from realtime.examples import tokens
from realtime.examples.open import SECRET
from tests.realtime.open_site import live
from tests.waiting import until


class Ears(SubscriptionEventHandler):
    """What a channel tells."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.offsets: list[int] = []
        self.subscribed: list[Any] = []
        self.unsubscribed: list[int] = []
        self.came: list[str] = []
        self.left: list[str] = []

    async def on_publication(self, ctx: Any) -> None:
        self.heard.append(ctx.pub.data)
        self.offsets.append(ctx.pub.offset)

    async def on_subscribed(self, ctx: Any) -> None:
        self.subscribed.append(ctx)

    async def on_unsubscribed(self, ctx: Any) -> None:
        self.unsubscribed.append(ctx.code)

    async def on_join(self, ctx: Any) -> None:
        self.came.append(ctx.info.client)

    async def on_leave(self, ctx: Any) -> None:
        self.left.append(ctx.info.client)


class OwnEars(ClientEventHandler):
    """What the connection tells: its own end, and the channels that the server subscribes it to."""

    def __init__(self) -> None:
        self.connected: list[str] = []
        self.ends: list[int] = []
        self.subscribed: list[Any] = []
        self.heard: list[Any] = []
        self.came: list[str] = []

    async def on_connected(self, ctx: Any) -> None:
        self.connected.append(ctx.client)
        self.version = ctx.version

    async def on_connecting(self, ctx: Any) -> None:
        self.ends.append(ctx.code)

    async def on_disconnected(self, ctx: Any) -> None:
        self.ends.append(ctx.code)

    async def on_subscribed(self, ctx: Any) -> None:
        self.subscribed.append(ctx)

    async def on_publication(self, ctx: Any) -> None:
        self.heard.append(ctx.pub.data)

    async def on_join(self, ctx: Any) -> None:
        self.came.append(ctx.info.client)


class Person:
    """A client of the SDK.

    Args:
        address: the site's, http://…
        user: who its tokens say that it is; "" for no token.
        lifetime: seconds until its tokens expire.
        options: the SDK's own.
    """

    def __init__(self, address: str, user: str = "", lifetime: float | None = None, **options: Any) -> None:
        self.user, self.lifetime, self.asked = user, lifetime, 0
        self.ears = OwnEars()
        if user:
            options = {"get_token": self._get_token, **options}
        self.client = Client(
            live(address), events=self.ears, proxy=None, min_reconnect_delay=0.01, max_reconnect_delay=0.1,
            **options,
        )  # fmt: skip

    async def _get_token(self) -> str:
        self.asked += 1
        claims: dict[str, Any] = {"sub": self.user}
        if self.lifetime is not None:
            claims["exp"] = time.time() + self.lifetime
        return tokens.sign(claims, SECRET)

    async def __aenter__(self) -> "Person":
        await self.client.connect()
        await self.client.ready()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.disconnect()

    async def listens(self, channel: str, **options: Any) -> tuple[Subscription, Ears]:
        """Subscribe, and return when it is done."""
        ears = Ears()
        subscription = self.client.new_subscription(channel, ears, **options)
        await subscription.subscribe()
        await subscription.ready()
        await until(lambda: bool(ears.subscribed))
        return subscription, ears

    @property
    def gone_for_good(self) -> bool:
        """The SDK does not try to come back."""
        return bool(self.client.state == ClientState.DISCONNECTED)
