from __future__ import annotations

import re
import subprocess
from pathlib import Path

import run
from tests.deployment.files import (
    HOUSE,
    dockerfile,
    image_command,
    image_environment,
    last_stage,
    let_in,
    service,
)

NOT_IN_THE_IMAGE = {"tests", "bench"}
"""Packages that nothing of the line needs."""


def test_it_is_debian_bookworm_with_our_python() -> None:
    """The base is a slim image of the Python that both environments are for."""
    version = re.search(r'requires-python = "==(\d+\.\d+)\.\*"', Path("pyproject.toml").read_text())

    assert version
    assert ("ARG", f"PYTHON=python:{version[1]}-slim-bookworm") in dockerfile()


def test_the_environments_are_made_by_the_makefile() -> None:
    """What installs and trains are targets that make knows, no commands of the Dockerfile's own."""
    makes = [rest.removeprefix("make ") for _, rest in dockerfile() if rest.startswith("make ")]
    known = set(re.findall(r"^(\S+):", (HOUSE / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert makes == [".venv-rasa/.rasa", ".venv-app/.app", "model"]
    assert set(makes) <= known


def test_the_image_that_runs_has_no_tools_of_the_build() -> None:
    """Nothing is installed in the last stage; it copies what the others made."""
    steps = " ".join(f"{name} {rest}" for name, rest in last_stage())

    assert not re.search(r"apt-get|\bgcc\b|\bmake\b|\.tools|\bpip\b|\buv\b", steps)


def test_it_is_not_root() -> None:
    """The user is a number, so that a host can tell; compose says the same one."""
    users = [rest for name, rest in last_stage() if name == "USER"]

    assert users == [service("line")["user"]]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[0])


def test_it_starts_everything() -> None:
    """Without a word from outside it runs all processes, reachable from outside the container."""
    assert image_command() == ["python", "run.py", "--host", "0.0.0.0"]  # noqa: S104
    assert image_environment()["DATA_DIR"] == service("line")["environment"]["DATA_DIR"] == "/data"


def test_its_health_is_that_a_call_could_be_taken() -> None:
    """The health check asks /ready, by a script that the image has."""
    (check,) = (rest for name, rest in last_stage() if name == "HEALTHCHECK")

    assert check.endswith('CMD ["python", "deploy/ready.py"]')
    assert Path("deploy/ready.py") in set(let_in())


def test_every_package_is_in_it() -> None:
    """A new folder of the house cannot be forgotten, and none of the tests' comes along."""
    packages = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    copied = {path.parts[0] for path in let_in() if path.suffix == ".py" and len(path.parts) > 1}

    assert packages - NOT_IN_THE_IMAGE <= copied
    assert not copied & NOT_IN_THE_IMAGE


def test_every_package_is_compiled() -> None:
    """A read-only image cannot compile later, and the first caller would wait."""
    (compiles,) = (rest for _, rest in last_stage() if "compileall" in rest)
    packages = {path.parts[0] for path in let_in() if path.suffix == ".py" and len(path.parts) > 1}

    assert packages - {"deploy"} <= set(compiles.split())


def test_no_secret_can_come_along() -> None:
    """What a developer has lying about (keys, records, a filled env file) is not in the context."""
    names = {path.as_posix() for path in let_in()}

    assert not [name for name in names if re.search(r"\.env$|\.db$|^\.|/\.", name)]


def test_the_model_is_made_of_what_the_model_stage_has(image: Path, tmp_path: Path) -> None:
    """Trained from the few files copied for it, the model has the name that the image looks for."""
    steps = [rest.split() for name, rest in _stage("model") if name == "COPY"]
    for *sources, target in steps:
        for source in sources:
            _copy(source, target, tmp_path)

    assert _model_name(tmp_path) == _model_name(image) == _model_name(HOUSE)


def _stage(name: str) -> list[tuple[str, str]]:
    steps = dockerfile()
    begins = next(n for n, (_, rest) in enumerate(steps) if rest.endswith(f" AS {name}"))
    ends = next(n for n, (what, _) in enumerate(steps) if what == "FROM" and n > begins)
    return steps[begins:ends]


def _copy(source: str, target: str, root: Path) -> None:
    """Copy as COPY does: a folder's content, or a file, and only what the context has."""
    for path in let_in():
        if path == Path(source):
            to = root / target / path.name
        elif path.is_relative_to(source):
            to = root / target / path.relative_to(source)
        else:
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes((HOUSE / path).read_bytes())


def _model_name(folder: Path) -> str:
    command = [str(run.RASA_PYTHON), "-c", "from nlu.inputs import model_hash; print(model_hash())"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()
