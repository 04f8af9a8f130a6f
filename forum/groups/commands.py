"""`relais groups …`: who is in which group."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import click

from forum.config import read_config
from forum.console import in_database, the_keeper

if TYPE_CHECKING:
    from forum.accounts.viewer import Viewer

WAYS = ("open", "on_request", "closed", "hidden")


@click.group()
def groups() -> None:
    """Groups: their members see the themes that are open to them."""


@groups.command("create")
@click.argument("name")
@click.option("--full-name", default="", help="The name that people read.")
@click.option("--description", default="", help="What it is for.")
@click.option("--admission", type=click.Choice(WAYS), default="closed", show_default=True, help="The way in.")
def create(name: str, full_name: str, description: str, admission: str) -> None:
    """Make a group, empty."""
    from forum.groups.actions import create_group

    async def work() -> int:
        return await create_group(await the_keeper(), name, full_name, description, admission)

    in_database(read_config(), work)
    click.echo(f"The group {name} is made.")


@groups.command("add")
@click.argument("name")
@click.argument("username")
def add(name: str, username: str) -> None:
    """Put a member in a group."""
    from forum.groups.actions import add_member

    added = _about(name, username, add_member)
    click.echo(f"{username} is in the group {name}." if added else f"{username} was in {name} already.")


@groups.command("remove")
@click.argument("name")
@click.argument("username")
def remove(name: str, username: str) -> None:
    """Take a member out of a group: what they may no longer see ends at once on their open pages."""
    from forum.groups.actions import remove_member

    removed = _about(name, username, remove_member)
    click.echo(f"{username} is out of the group {name}." if removed else f"{username} was not in {name}.")


@groups.command("owner")
@click.argument("name")
@click.argument("username")
@click.option("--no-longer", is_flag=True, help="Make them an ordinary member again.")
def owner(name: str, username: str, no_longer: bool) -> None:
    """Make a member of a group its owner: they choose its members."""
    from forum.groups.actions import set_owner

    async def change(admin: "Viewer", group_id: int, user_id: int) -> bool:
        return await set_owner(admin, group_id, user_id, not no_longer)

    changed = _about(name, username, change)
    role = "an ordinary member" if no_longer else "an owner"
    click.echo(f"{username} is {role} of {name}{'' if changed else ' already'}.")


def _about(name: str, username: str, act: "Callable[[Viewer, int, int], Awaitable[bool]]") -> bool:
    """Do something about a group and a member, as whoever keeps the machine."""
    from forum.accounts.queries import id_of_member
    from forum.groups.queries import id_of_group

    async def work() -> bool:
        return await act(await the_keeper(), await id_of_group(name), await id_of_member(username))

    return in_database(read_config(), work)
