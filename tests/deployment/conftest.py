"""The line as docker-compose.yml starts it, on PostgreSQL, once for all tests of it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import create_engine, text

import run
from portal.database import bind, connect
from tests.conversations.stack import AUTH_TOKEN, DATA_KEYS, _three_free_ports
from tests.deployment.files import HOUSE, OURS, filled, service
from tests.deployment.started import Deployed, build, environment, started, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import URL, Engine


def pytest_configure(config: pytest.Config) -> None:
    """Let a developer leave out what starts whole lines: ``pytest -m 'not slow'``."""
    config.addinivalue_line("markers", "slow: starts whole lines, which takes half a minute")


PUBLIC = "https://line.clinic.example"
THROW_AWAY_ACCOUNT = "AC" + "0" * 32


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the image's files, its model trained as the build trains it."""
    train = [str(run.RASA_PYTHON), "-m", "nlu.train", "--out", ".models"]
    subprocess.run(train, cwd=HOUSE, check=True, stdout=subprocess.DEVNULL)
    return build(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="session")
def empty_postgresql(postgresql: Engine) -> Iterator[URL]:
    """Return the address of an empty database of its own, without a schema."""
    name = f"deployed_{os.getpid()}"
    admin = create_engine(postgresql.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgresql.url.set(database=name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def told(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what docker-compose.yml tells a service, from these variables."""
    return {each: filled(text, given) for each, text in service(name)["environment"].items()}


@pytest.fixture(scope="session")
def deployed(
    image: Path, empty_postgresql: URL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    """Return the running services `line` and `outreach`, by their own commands.

    Theirs are the image's files, the image's environment and compose's; what differs
    is what a network name or a fixed port means in a container alone.
    """
    folder, port = tmp_path_factory.mktemp("deployed"), _three_free_ports()
    given = {
        "DATABASE_PASSWORD": "unused",
        "PUBLIC_BASE_URL": PUBLIC,
        "SECRET_KEY": "s" * 64,
        "DATA_KEYS": DATA_KEYS,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        # In a container, http://line:8000/simulator/carrier.
        "TWILIO_API_URL": f"http://127.0.0.1:{port}/simulator/carrier",
    }
    here = {
        "DATABASE_URL": empty_postgresql.render_as_string(hide_password=False),
        "PORT": str(port),
        "DATA_DIR": str(folder / "data"),
    }
    own, others = (environment(image, folder, {**told(name, given), **here}) for name in OURS)
    line = Deployed(
        image=image,
        port=port,
        public=PUBLIC,
        account=THROW_AWAY_ACCOUNT,
        token=AUTH_TOKEN,
        environment=own,
    )
    with started(image, service("line")["command"], own, folder / "line.log") as running:
        wait_until(lambda: _is_ready(line), running)
        command = service("outreach")["command"]
        with started(image, command, others, folder / "outreach.log"):
            yield line
        # Stopped as an engine stops it, it ends by itself and without a word of trouble.
        assert running.end() == 0


def _is_ready(line: Deployed) -> bool:
    try:
        return line.get("/ready").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@pytest.fixture
def records(deployed: Deployed) -> Iterator[Engine]:
    """Return the deployed line's own records, bound."""
    engine = connect(deployed.environment["DATABASE_URL"], pool_size=2)
    bind(engine)
    yield engine
    engine.dispose()
