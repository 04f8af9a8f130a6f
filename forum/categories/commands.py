"""`relais categories …`: to whom which theme is open."""

from typing import TYPE_CHECKING

import click

from forum.config import read_config
from forum.console import in_database, the_keeper

if TYPE_CHECKING:
    from forum.categories.models import Permission

LEVELS = ("create", "reply", "see")


@click.group()
def categories() -> None:
    """Themes: to which groups they are open."""


@categories.command("restrict")
@click.argument("number", type=int)
@click.argument("groups", nargs=-1, required=True)
@click.option("--may", type=click.Choice(LEVELS), default="create", show_default=True, help="Do what there.")
def restrict(number: int, groups: tuple[str, ...], may: str) -> None:
    """Open a theme to the members of these GROUPS alone; for all others it is no longer there."""
    from forum.categories.models import Permission

    _open_to(number, dict.fromkeys(groups, Permission[may.upper()]))
    click.echo(f"The theme {number} is open to {', '.join(groups)}.")


@categories.command("open")
@click.argument("number", type=int)
def open_to_all(number: int) -> None:
    """Open a theme to everyone."""
    _open_to(number, {})
    click.echo(f"The theme {number} is open to everyone.")


def _open_to(number: int, groups: "dict[str, Permission]") -> None:
    """As whoever keeps the machine."""
    from forum.categories.actions import set_category_groups
    from forum.groups.queries import id_of_group

    async def work() -> None:
        permissions = {await id_of_group(name): may for name, may in groups.items()}
        await set_category_groups(await the_keeper(), number, permissions)

    in_database(read_config(), work)
