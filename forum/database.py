"""The forum's tables and migrations, handed to the engines of `realtime`."""

from importlib import import_module
from typing import Any

from forum.cache import forget_fragments
from forum.categories.queries import forget_themes
from realtime import database, migrating
from realtime.sql import sql

MODELS = [
    "forum.models",
    *(
        f"forum.{noun}.models"
        for noun in (
            "accounts", "profiles", "groups", "categories", "topics", "tags", "posts", "votes", "answers",
            "reading", "notifications", "drafts", "api", "demo", "mail", "settings", "signups", "journal",
            "reviewables", "flags", "conduct", "factors", "passkeys", "exports", "erasures", "moves",
            "sweeps", "pending", "invitations", "uploads", "organisations", "search", "suggestions",
            "kinds", "sheets", "documents", "job_offers", "gatherings", "guides", "single_sign_on", "reuses",
            "freshness", "signup_requests", "peers", "suspensions", "meanings",
        )
    ),
]  # fmt: skip
APPS: dict[str, dict[str, Any]] = {"forum": {"models": MODELS, "migrations": "forum.migrations"}}


def load_tables() -> None:
    """Load the module of each table now; opening the database would."""
    for name in MODELS:
        import_module(name)


async def open_database(url: str) -> None:
    """Open the process's database.

    Raises:
        DBConnectionError, OperationalError, OSError: it does not answer.
    """
    forget_themes()
    forget_fragments()
    await database.open_database(url, APPS)


async def close_database() -> None:
    """Close it."""
    await database.close_database()
    forget_themes()


async def migrate(url: str) -> None:
    """Bring a database to this version's shape."""
    await migrating.migrate(url, APPS)


async def pending_migrations(url: str) -> list[str]:
    """What `migrate` would run on the open database."""
    return await migrating.pending_migrations(url, APPS)


async def database_answers() -> None:
    """Ask the open database something.

    Raises:
        OperationalError, DBConnectionError, OSError: it does not answer.
    """
    await sql("SELECT 1")
