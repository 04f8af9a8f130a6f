"""`relais settings …`: how the site works, changed while it runs."""

import click

from forum.config import read_config
from forum.console import in_database, the_keeper


@click.group()
def settings() -> None:
    """How the site works: sign-up rules, say. Changes take effect at once."""


@settings.command("get")
@click.argument("name", required=False)
def get(name: str | None) -> None:
    """Show a setting, or all of them with what they mean."""
    from forum.settings.known import SETTINGS, setting_named
    from forum.settings.queries import setting

    async def work() -> list[str]:
        if name is not None:
            chosen = setting_named(name)
            return [chosen.write(await setting(chosen))]
        return [f"{s.name} = {s.write(await setting(s))}  ({s.meaning})" for s in SETTINGS.values()]

    click.echo("\n".join(in_database(read_config(), work)))


@settings.command("set")
@click.argument("name")
@click.argument("value")
@click.option("--material", is_flag=True, help="Of the charter: members read it again before they post.")
def set_(name: str, value: str, material: bool) -> None:
    """Change a setting."""
    from forum.settings.actions import change_setting

    async def work() -> str:
        return await change_setting(await the_keeper(), name, value, material=material)

    click.echo(f"{name} = {in_database(read_config(), work)}")
