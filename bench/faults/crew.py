"""A site of several workers on PostgreSQL and Redis, all of them our own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.faults.listeners import Listener
from bench.faults.postgres import Postgres, own_postgres
from bench.faults.redis import Redis, own_redis
from bench.faults.scene import Scene, scene
from bench.faults.sockets import holders


@dataclass(frozen=True, slots=True)
class Crew:
    """The site and what it leans on."""

    site: Scene
    postgres: Postgres
    redis: Redis

    def listeners_of(self, worker: int) -> list[Listener]:
        """The listeners that a worker holds at this moment."""
        held = holders(self.site.site.port, self.site.site.workers())
        return [
            listener
            for listener in self.site.listeners
            if listener.socket is not None and held.get(listener.socket.local_address[1]) == worker
        ]


@asynccontextmanager
async def crew(folder: Path, workers: int = 2) -> AsyncIterator[Crew]:
    """Start it all; nothing is left running."""
    async with (
        own_postgres() as postgres,
        own_redis() as redis,
        scene(folder, postgres.url, redis.url, workers) as site,
    ):
        yield Crew(site, postgres, redis)
