"""``python -m simulator call`` and ``text``: a telephone in the terminal.

An entry point, and so a reader of the environment; it reads for itself what it needs,
because the simulator imports nothing of the line's.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from simulator.news import News
from simulator.phone import HIDDEN, Phone
from simulator.terminal import Terminal
from simulator.texting import TextPhone
from simulator.transport import http_transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulator.transport import Transport

THROW_AWAY_ACCOUNT = "AC" + "0" * 32
# The first patient and the first clinic of the demo.
CALLER, CLINIC = "+12025550117", "+12025550100"
LONGEST_WAIT = 600.0


@dataclass(frozen=True)
class Connection:
    """Where the line is, and the account it believes."""

    base_url: str
    reached_at: str
    api_url: str
    account_sid: str
    auth_token: str = field(repr=False)

    @property
    def transport(self) -> Transport:
        """Return the wire to the line."""
        return http_transport(reached_at=self.reached_at)


def connection(env: Mapping[str, str], base_url: str | None) -> Connection:
    """Return how to reach the line: an address given, the environment, what ``make run`` wrote."""
    data_dir = Path(env.get("DATA_DIR") or ".data")
    values = {
        **_env_file(data_dir / "dev.env"),
        **{name: text for name, text in env.items() if text},
    }
    local = f"http://127.0.0.1:{values.get('PORT', '8000')}"
    token = values.get("TWILIO_AUTH_TOKEN", "").split(",")[0].strip()
    if not token:
        env_file = data_dir / "dev.env"
        raise click.ClickException(
            f"TWILIO_AUTH_TOKEN is not set, nor in {env_file}. Start `make run` first."
        )
    public = (base_url or values.get("PUBLIC_BASE_URL") or local).rstrip("/")
    return Connection(
        base_url=public,
        reached_at=base_url or local,
        api_url=values.get("TWILIO_API_URL") or f"{base_url or local}/simulator/carrier",
        account_sid=values.get("TWILIO_ACCOUNT_SID") or THROW_AWAY_ACCOUNT,
        auth_token=token,
    )


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _phone(line: Connection, number: str, to: str) -> Phone:
    account = (line.account_sid, line.auth_token)
    return Phone(line.base_url, *account, number, to, line.transport, wait=time.sleep)


def _terminal(line: Connection, number: str) -> Terminal:
    news = News(line.api_url, line.account_sid, line.auth_token, number)
    return Terminal(Console(highlight=False), news)


@click.group()
def main() -> None:
    """Call or text the line from this terminal."""


@main.command()
@click.option("--from", "number", default=CALLER, show_default=True, help="Whose telephone it is.")
@click.option("--hidden", is_flag=True, help="Call without showing a number.")
@click.option("--to", default=CLINIC, show_default=True, help="The clinic's number.")
@click.option("--base-url", help="Where the line is; else the environment and dev.env say so.")
@click.option("--wait", is_flag=True, help="Do not call: wait for the line to call.")
def call(number: str, to: str, base_url: str | None, *, hidden: bool, wait: bool) -> None:
    """Ring the line."""
    line = connection(os.environ, base_url)
    own = HIDDEN if hidden else number
    terminal, phone = _terminal(line, own), _phone(line, own, to)
    if wait:
        terminal.wait_for_call(phone, LONGEST_WAIT)
    else:
        terminal.call(phone)


@main.command()
@click.option("--from", "number", default=CALLER, show_default=True, help="Whose telephone it is.")
@click.option("--to", default=CLINIC, show_default=True, help="The clinic's number.")
@click.option("--base-url", help="Where the line is; else the environment and dev.env say so.")
def text(number: str, to: str, base_url: str | None) -> None:
    """Text the line."""
    line = connection(os.environ, base_url)
    account = (line.account_sid, line.auth_token)
    phone = TextPhone(line.base_url, *account, number, to, line.transport, wait=time.sleep)
    _terminal(line, number).text(phone, lambda: _phone(line, number, to))


if __name__ == "__main__":
    main(prog_name="python -m simulator")
