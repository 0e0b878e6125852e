"""What is done with the records from a terminal: ``python -m portal --help``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from portal import demo, openings
from portal.database import bind, connect, transaction
from portal.encryption import KeyRing, NotReadable, generate_key, use
from portal.migrating import migrate
from portal.rekey import rekey
from settings import SettingError, Settings


class Terminal(click.Group):
    """Commands whose trouble with the database is told in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Return what the command returns; its errors never quote the database's address."""
        try:
            return super().invoke(ctx)
        except DBAPIError:
            message = "DATABASE_URL: the database does not answer, or has no schema yet (migrate)."
            raise click.ClickException(message) from None


@click.group(cls=Terminal)
def main() -> None:
    """Look after the portal's records."""


@main.command("key")
def make_key() -> None:
    """Print a new key for DATA_KEYS."""
    click.echo(generate_key())


@main.command("migrate")
def migrate_schema() -> None:
    """Bring the database's schema to the newest version."""
    settings = _settings()
    say("database: migrating")
    before, after = migrate(connect(settings.database_url, pool_size=1))
    say(f"database: schema {after}, " + ("as it was" if before == after else "migrated"))


@main.command()
def seed() -> None:
    """Put the demo clinic's patients, visits and results, counted from today."""
    _start(demo_only=True)
    say("demo: seeding")
    with transaction() as session:
        done = demo.seed(session, datetime.now(UTC))
    say(f"demo: {done}")


@main.command()
def refresh() -> None:
    """Seed the demo clinic where it is new or its visits are past; extend its openings."""
    _start(demo_only=True)
    with transaction() as session:
        done = demo.refresh(session, datetime.now(UTC))
    say(f"demo: {done}")


@main.command("openings")
def extend_openings() -> None:
    """Make the openings of the next sixty days from the clinicians' schedules."""
    _start()
    with transaction() as session:
        made = openings.extend(session, at=datetime.now(UTC))
    say(f"openings: {made} made")


@main.command("rekey")
def rewrite() -> None:
    """Rewrite what is encrypted under the last key of DATA_KEYS."""
    _start()
    say("rekey: looking for rows under older keys")
    try:
        written = rekey(lambda column, done: say(f"rekey: {column} {done}"))
    except NotReadable as missing:
        message = f"{missing} has rows under a key that is not in DATA_KEYS; nothing is lost"
        raise click.ClickException(message) from None
    say(f"rekey: {written} values rewritten, the rest was up to date")


def say(line: str) -> None:
    """Print a line of progress, at once."""
    click.echo(line, err=True)


def _settings() -> Settings:
    try:
        return Settings.from_env()
    except SettingError as wrong:
        raise click.ClickException(str(wrong)) from None


def _start(*, demo_only: bool = False) -> None:
    settings = _settings()
    if demo_only and settings.has_real_account:
        message = "TWILIO_ACCOUNT_SID is a real account: the demo clinic is not put there."
        raise click.ClickException(message)
    use(KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url, pool_size=2))


if __name__ == "__main__":
    main()
