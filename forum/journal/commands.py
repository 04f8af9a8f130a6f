"""`relais journal …`: the proof that the journal of staff acts is whole."""

import sys

import click

from forum.config import read_config
from forum.console import in_database


@click.group()
def journal() -> None:
    """The journal of staff acts."""


@journal.command("check")
def check() -> None:
    """Follow the chain of the journal; exit code 1, and the row, if somebody has touched it."""
    from forum.journal.queries import check_chain

    verdict = in_database(read_config(), check_chain)
    if verdict.broken_at is None:
        click.echo(f"The journal is whole (acts: {verdict.rows}).")
        return
    click.echo(f"The journal breaks at row {verdict.broken_at}: it is not there as it was written.", err=True)
    sys.exit(1)
