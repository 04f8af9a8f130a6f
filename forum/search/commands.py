"""`relais search …`: the index of the search."""

import click

from forum.config import read_config
from forum.console import in_database


@click.group()
def search() -> None:
    """What the search finds by."""


@search.command("rebuild")
def rebuild() -> None:
    """Build the index anew, while the site is served: it fills again within minutes."""
    import forum.app  # noqa: F401 - where what can be found is listed
    from forum.search.indexing import rebuild as run

    count = in_database(read_config(), run)
    click.echo(f"{count} things can be found.")
