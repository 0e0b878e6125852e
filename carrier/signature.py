"""Was this webhook sent by the carrier? HMAC over the address and the form.

Written by hand and not with the SDK's ``RequestValidator``, which checks the hash
of a body only when it is given text, and takes apart addresses with a user or an
IPv6 host wrongly. The tests hold this against the SDK's own vectors.
Source: https://www.twilio.com/docs/usage/security
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
BODY_HASH = "bodySHA256"
FORM_TYPE = "application/x-www-form-urlencoded"
DEFAULT_ALGORITHM = "HMAC_SHA1"
DEFAULT_PORTS = {"http": 80, "https": 443}
# What a path may hold unescaped (RFC 3986 §3.3).
PLAIN_IN_PATH = "/:@!$&'()*+,;=~-._"
ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}


class Headers(Protocol):
    """A request's headers, found whatever the case of their names."""

    def get(self, key: str, /) -> str | None:
        """Return the header's text, or None."""


def signed_url(public_base_url: str, environ: Mapping[str, object]) -> str:
    """Return the address that the carrier signed, rebuilt from a WSGI environment.

    The public address is what the carrier was told; the proxy in front of us may
    speak another scheme, host and port. Path and query are taken as they came:
    Flask's own ``request.url`` decodes them, and then no signature fits.
    """
    base = urlsplit(public_base_url)
    prefix = base.path.rstrip("/")
    path = _path(environ)
    if prefix and (path == prefix or path.startswith(prefix + "/")):
        path = path.removeprefix(prefix)
    query = str(environ.get("QUERY_STRING") or "")
    return urlunsplit((base.scheme, _host(base.netloc), prefix + path, query, ""))


def is_signed(  # noqa: PLR0917 - one argument for each part of a request that counts
    url: str,
    raw_body: bytes,
    form: Mapping[str, str],
    query: Mapping[str, str],
    headers: Headers,
    tokens: Sequence[str],
) -> bool:
    """Return whether one of ``tokens`` signed this request; anything odd is False.

    ``form`` and ``query`` may be werkzeug's, with several values to a name. There
    are several tokens during the days of a rotation.
    """
    try:
        text = _signed_text(raw_body, form, query, headers)
        algorithm = ALGORITHMS.get(_algorithm(headers.get(SETTINGS)))
        given = (headers.get(SIGNATURE) or "").encode("latin-1")
        if text is None or algorithm is None or not given:
            return False
        spellings = [(spelling + text).encode() for spelling in _spellings(url)]
    except ValueError:  # an address or a text that cannot be taken apart or written down
        return False
    return _matches(given, tokens, spellings, algorithm)


def _matches(given: bytes, tokens: Iterable[str], texts: Sequence[bytes], algorithm: str) -> bool:
    # Every token and spelling is tried, so that time tells nothing about which fitted.
    keys = [token.encode() for token in tokens if token]
    digests = [hmac.digest(key, text, algorithm) for key in keys for text in texts]
    fits = [hmac.compare_digest(given, base64.b64encode(digest)) for digest in digests]
    return any(fits)


def _signed_text(
    raw_body: bytes,
    form: Mapping[str, str],
    query: Mapping[str, str],
    headers: Headers,
) -> str | None:
    """Return what was signed after the address; None when nothing can vouch for the body.

    The query decides, never the Content-Type: that one is not signed, so whoever
    replays a signed JSON request could change it and with it the body.
    """
    if BODY_HASH in query:
        return "" if _body_fits(raw_body, _values(query, BODY_HASH)) else None
    if not raw_body:
        return ""
    content_type = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return _form_text(form) if content_type == FORM_TYPE else None


def _body_fits(raw_body: bytes, hashes: list[str]) -> bool:
    wanted = hashlib.sha256(raw_body).hexdigest().encode()
    return all(hmac.compare_digest(wanted, each.lower().encode()) for each in hashes)


def _form_text(form: Mapping[str, str]) -> str:
    pairs = ((name, value) for name in sorted(form) for value in sorted(set(_values(form, name))))
    return "".join(name + value for name, value in pairs)


def _values(fields: Mapping[str, str], name: str) -> list[str]:
    getlist: Callable[[str], list[str]] | None = getattr(fields, "getlist", None)
    return getlist(name) if getlist else [fields[name]]


def _algorithm(settings: str | None) -> str:
    """Return the algorithm named in the settings header (``key=…,algorithm=…``).

    Without the header it is SHA-1. A name we do not know stays unknown: falling
    back would let whoever writes the header choose the weaker one.
    """
    pairs = (part.partition("=") for part in (settings or "").split(","))
    named = [value.strip().upper() for name, _, value in pairs if name.strip() == "algorithm"]
    return named[0] if named else DEFAULT_ALGORITHM


def _spellings(url: str) -> Iterator[str]:
    """Give ``url`` as the carrier may have written it: with and without port and '?'."""
    parts = urlsplit(url)
    host, port = _host(parts.netloc), parts.port or DEFAULT_PORTS.get(parts.scheme)
    bare = host.rpartition(":")[0] if parts.port else host
    for netloc in dict.fromkeys((host, bare, f"{bare}:{port}")):
        spelling = urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
        yield spelling
        if not parts.query:
            yield spelling + "?"


def _host(netloc: str) -> str:
    return netloc.rpartition("@")[2]


def _path(environ: Mapping[str, object]) -> str:
    """Return the path with its escapes as they came, or as RFC 3986 would write them."""
    routed = f"{environ.get('SCRIPT_NAME') or ''}{environ.get('PATH_INFO') or ''}"
    decoded = routed.encode("latin-1", "replace")
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "").partition("?")[0]
    # A raw address is believed only where it names the path that was routed.
    if raw.startswith("/") and unquote_to_bytes(raw) == decoded:
        return raw
    return quote(decoded, safe=PLAIN_IN_PATH)
