"""What is done for the telephone from a terminal: ``python -m voice --help``."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import select

import locales
from portal.database import bind, connect, transaction
from portal.encryption import KeyRing, use
from portal.records import Clinic
from settings import SettingError, Settings
from voice.fallback import write


@click.group()
def main() -> None:
    """Look after the telephone's documents."""


@main.command()
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; what is there under these names is replaced.",
)
def fallback(folder: Path) -> None:
    """Write the documents that the carrier falls back to when it cannot reach us.

    Two for each clinic in the records: CODE-call.xml and CODE-text.xml. Put them on
    another host, and their addresses at the clinic's number, to be fetched by GET.
    """
    try:
        settings = Settings.from_env()
    except SettingError as error:
        sys.exit(f"voice: {error}")
    use(KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url, pool_size=1))
    with transaction(read_only=True) as session:
        clinics = session.scalars(select(Clinic).order_by(Clinic.code)).all()
    for path in write(clinics, settings.locales or locales.complete(), folder):
        click.echo(path)


if __name__ == "__main__":
    main()
