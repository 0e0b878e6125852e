from __future__ import annotations

from pathlib import Path

import pytest

from tests.deployment.files import HOUSE, INSTALLED, UNITS, commands, service, unit

CLOSED = (
    "NoNewPrivileges",
    "ProtectHome",
    "PrivateTmp",
    "PrivateDevices",
    "PrivateUsers",
    "ProtectKernelTunables",
    "ProtectKernelModules",
    "ProtectControlGroups",
    "RestrictNamespaces",
    "RestrictSUIDSGID",
    "LockPersonality",
)


@pytest.mark.parametrize("name", UNITS)
def test_what_it_starts_is_there(name: str) -> None:
    """ExecStart's program and script exist in a checkout, where `make` has been run."""
    program, script, *_ = commands()[name]

    assert unit(name)["WorkingDirectory"] == INSTALLED
    assert (HOUSE / Path(program).relative_to(INSTALLED)).exists()
    assert (HOUSE / script).is_file()


@pytest.mark.parametrize(("name", "container"), [(UNITS[0], "line"), (UNITS[1], "outreach")])
def test_it_starts_what_the_container_starts(name: str, container: str) -> None:
    """The same processes, except that the web process listens to this machine alone."""
    words = service(container)["command"][1:]
    loopback = [word for word in words if word not in {"--host", "0.0.0.0"}]  # noqa: S104

    assert commands()[name][1:] == loopback


@pytest.mark.parametrize("name", UNITS)
def test_it_may_do_little(name: str) -> None:
    """It is not root, writes to its own folder alone, and has no privilege."""
    told = unit(name)

    assert told["User"] not in {"", "root", "0"}
    assert told["ProtectSystem"] == "strict"
    assert not told["CapabilityBoundingSet"]
    assert not told["AmbientCapabilities"]
    assert [each for each in CLOSED if told.get(each) != "yes"] == []
    assert f"DATA_DIR=/var/lib/{told['StateDirectory']}" in told["Environment"].split()


def test_the_line_reaches_this_machine_alone() -> None:
    """Rasa has no way out without containers either; outreach must have one."""
    assert unit(UNITS[0])["IPAddressDeny"] == "any"
    assert unit(UNITS[0])["IPAddressAllow"] == "localhost"
    assert "IPAddressDeny" not in unit(UNITS[1])


@pytest.mark.parametrize("name", UNITS)
def test_secrets_are_in_a_file_of_their_own(name: str) -> None:
    """Everybody may read a unit: it holds a path and no key."""
    told = unit(name)
    names = {pair.split("=")[0] for pair in told["Environment"].split()}

    assert told["EnvironmentFile"] == "/etc/dialtone/dialtone.env"
    assert names == {"DATA_DIR", "HOME", "PYTHONDONTWRITEBYTECODE"}
