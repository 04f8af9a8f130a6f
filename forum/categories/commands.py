"""`relais categories …`: to whom which theme is open."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from forum.config import read_config
from forum.console import in_database, the_keeper

if TYPE_CHECKING:
    from forum.categories.queries import Rules

LEVELS = ("create", "reply", "see")


@click.group()
def categories() -> None:
    """Themes: to which groups they are open."""


@categories.command("restrict")
@click.argument("number", type=int)
@click.argument("groups", nargs=-1, required=True)
@click.option("--may", type=click.Choice(LEVELS), default="create", show_default=True, help="Do what there.")
@click.option("--everyone", type=click.Choice(LEVELS), help="What everybody else may do; else nothing.")
def restrict(number: int, groups: tuple[str, ...], may: str, everyone: str | None) -> None:
    """Open a theme to the members of these GROUPS; for all others it is no longer there, or read only."""
    from forum.categories.models import Permission
    from forum.categories.queries import Rules
    from forum.groups.queries import id_of_group

    async def rules() -> Rules:
        others = Permission[everyone.upper()] if everyone else None
        return Rules(others, {await id_of_group(name): Permission[may.upper()] for name in groups})

    _set(number, rules)
    click.echo(f"The theme {number} is open to {', '.join(groups)}.")


@categories.command("open")
@click.argument("number", type=int)
def open_to_all(number: int) -> None:
    """Open a theme to everyone."""
    from forum.categories.queries import Rules

    async def rules() -> Rules:
        return Rules()

    _set(number, rules)
    click.echo(f"The theme {number} is open to everyone.")


@categories.command("inherit")
@click.argument("number", type=int)
def inherit(number: int) -> None:
    """Give a sub-theme the rules of its theme."""

    async def rules() -> None:
        return None

    _set(number, rules)
    click.echo(f"The theme {number} has the rules of the theme above it.")


def _set(number: int, rules: "Callable[[], Awaitable[Rules | None]]") -> None:
    """As whoever keeps the machine."""
    from forum.categories.actions import set_rules

    async def work() -> None:
        await set_rules(await the_keeper(), number, await rules())

    in_database(read_config(), work)
