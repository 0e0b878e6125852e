"""Encrypted columns: AES-GCM under a ring of keys, and blind indexes to find by.

A ciphertext is bound to the column it was written for (the AAD), so that it
cannot be moved to another one. Equal texts encrypt differently; what must be
found by equality has an HMAC beside it, under a key derived apart.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
HEADER_BYTES = 2
LARGEST_ID = 255


class NotReadable(Exception):  # noqa: N818 - says what happened
    """A ciphertext was altered, moved, or written under a key that is not on the ring."""


class BadKeys(ValueError):  # noqa: N818 - says what happened
    """The text of a key ring cannot be used; the message never quotes it."""


@dataclass(frozen=True)
class KeyRing:
    """The keys that read, of which the last one writes."""

    keys: Mapping[int, bytes] = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> KeyRing:
        """Return the ring written as ``1:<base64 of 32 bytes>,2:...``; raises BadKeys."""
        keys: dict[int, bytes] = {}
        for position, entry in enumerate(text.split(","), start=1):
            number, key = _entry(entry.strip(), position)
            if number in keys:
                message = f"key number {number} is there twice"
                raise BadKeys(message)
            keys[number] = key
        return cls(keys)

    @property
    def current(self) -> int:
        """The number of the key that writes: the last of the ring."""
        return list(self.keys)[-1]

    @property
    def header(self) -> bytes:
        """What every ciphertext under the current key begins with."""
        return bytes((FORMAT, self.current))

    def encrypt(self, plain: bytes, aad: str) -> bytes:
        """Return ``plain`` encrypted under the current key and bound to ``aad``."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(self.keys[self.current]).encrypt(nonce, plain, aad.encode())
        return self.header + nonce + sealed

    def decrypt(self, sealed: bytes, aad: str) -> bytes:
        """Return what was encrypted; raises NotReadable."""
        try:
            key = self.keys[_key_number(sealed)]
            nonce = sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
            body = sealed[HEADER_BYTES + NONCE_BYTES :]
            return AESGCM(key).decrypt(nonce, body, aad.encode())
        except (InvalidTag, KeyError, IndexError, ValueError):
            raise NotReadable(aad) from None

    def derive(self, purpose: str, number: int | None = None) -> bytes:
        """Return 32 bytes for ``purpose`` alone, from the key ``number`` (default: the first).

        The first and not the current one, so that adding a key changes nothing
        that is already stored. Taking the first key off the ring changes the
        blind indexes, and ``python -m portal rekey`` writes them anew.
        """
        root = self.keys[next(iter(self.keys)) if number is None else number]
        return hmac.digest(root, b"dialtone derive " + purpose.encode(), "sha256")

    def blind_index(self, purpose: str, text: str) -> bytes:
        """Return the 32 bytes by which an encrypted ``text`` is found again.

        ``purpose`` (``"phone"``, ``"birth_date"``) keeps equal texts of different
        columns apart.
        """
        return hmac.new(self.derive("index " + purpose), text.encode(), hashlib.sha256).digest()


def generate_key() -> str:
    """Return a new random key as the ring's text wants it (without its number)."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


_in_use: list[KeyRing] = []


def use(new: KeyRing) -> None:
    """Let every encrypted column of this process use ``new``."""
    _in_use[:] = [new]


def ring() -> KeyRing:
    """Return the ring in use; raises RuntimeError before :func:`use`."""
    if not _in_use:
        message = "no key ring is in use yet"
        raise RuntimeError(message)
    return _in_use[0]


class Encrypted(TypeDecorator[str]):
    """A text that only a holder of the ring can read."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, aad: str) -> None:
        """Bind the column's ciphertexts to ``aad``, which is ``"table.column"``."""
        super().__init__()
        self.aad = aad

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> bytes | None:
        """Return the ciphertext of ``value``."""
        return (
            None
            if value is None
            else ring().encrypt(value.encode(errors="surrogatepass"), self.aad)
        )

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> str | None:
        """Return the text; raises NotReadable."""
        if value is None:
            return None
        return ring().decrypt(bytes(value), self.aad).decode(errors="surrogatepass")


class EncryptedJSON(TypeDecorator[Any]):
    """JSON that only a holder of the ring can read. A change deep inside needs a new value."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, aad: str) -> None:
        """Bind the column's ciphertexts to ``aad``, which is ``"table.column"``."""
        super().__init__()
        self.aad = aad

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        """Return the ciphertext of ``value``."""
        if value is None:
            return None
        return ring().encrypt(json.dumps(value).encode(), self.aad)

    def process_result_value(self, value: bytes | None, _dialect: Dialect) -> Any:
        """Return the JSON value; raises NotReadable."""
        return None if value is None else json.loads(ring().decrypt(bytes(value), self.aad))


def _entry(entry: str, position: int) -> tuple[int, bytes]:
    number, _, encoded = entry.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:  # not base64, or not even ASCII
        key = b""
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= LARGEST_ID):
        message = f"entry {position} has no number from 1 to {LARGEST_ID} before a colon"
        raise BadKeys(message)
    if len(key) != KEY_BYTES:
        message = f"entry {position} is not {KEY_BYTES} bytes in base64"
        raise BadKeys(message)
    return int(number), key


def _key_number(sealed: bytes) -> int:
    if sealed[0] != FORMAT:
        raise ValueError
    return sealed[1]
