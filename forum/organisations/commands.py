"""`relais organisations …`: the directory of administrations."""

from pathlib import Path

import click

from forum.config import read_config
from forum.console import in_database


@click.group()
def organisations() -> None:
    """Organisations: the administrations that members work for."""


@organisations.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(file: Path) -> None:
    """Load a CSV file of organisations (columns: docs/administration.md); again as often as you like."""
    from forum.organisations.load import load_organisations

    done = in_database(read_config(), lambda: load_organisations(file.read_bytes()))
    merged = f" {done.merged} passed over, merged into others." if done.merged else ""
    click.echo(f"{done.made} new, {done.changed} changed, {done.same} as they were.{merged}")
