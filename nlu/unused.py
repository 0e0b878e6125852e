"""Rasa without what our pipeline never uses: importing it takes two thirds of a start.

Rasa imports TensorFlow wherever a component that we do not use derives from one of its classes, and
the clients of every store and channel that it knows. In their place stand modules whose every name
is an empty class. A component that did need one fails at once in training, not before a caller.
"""

from __future__ import annotations

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

UNUSED = {
    "tensorflow",  # classifiers and policies that learn
    "tensorflow_addons",
    "tensorflow_hub",
    "tensorflow_text",
    "keras",
    "matplotlib",  # pictures of evaluations
    "boto3",  # tracker stores elsewhere
    "botocore",
    "pymongo",
    "aiogram",  # Telegram
}


class _EmptyType(type):
    """The class of empty classes: each name in one is another."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _empty(name)

    def __getitem__(cls, _item: object) -> Any:
        return cls

    def __or__(cls, _other: object) -> Any:
        return cls


class _EmptyModule(ModuleType):
    """A module that has every name."""

    __path__: list[str] = []  # noqa: RUF012  what makes it a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _empty(name)


class _Finder(MetaPathFinder, Loader):
    """Finds the unused packages and everything in them."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002  the import system's signature
        target: ModuleType | None = None,  # noqa: ARG002  the import system's signature
    ) -> ModuleSpec | None:
        """Return how to make the module, if it is one of those."""
        unused = fullname.partition(".")[0] in UNUSED
        return ModuleSpec(fullname, self, is_package=True) if unused else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Make an empty module."""
        return _EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing in it."""


def _empty(name: str) -> Any:
    # Exceptions too are derived from, and caught.
    return _EmptyType(name, (Exception,), {"__init__": _take_anything, "__call__": _as_decorator})


def _take_anything(*_: object, **__: object) -> None:
    """Accept whatever the real class would be made with."""


def _as_decorator(_self: object, decorated: Any) -> Any:
    """Return what is decorated with `@tf.function(...)` as it is."""
    return decorated


def prepare() -> None:
    """Stand in for the unused packages, before Rasa is imported."""
    sys.meta_path.insert(0, _Finder())
