"""Exit 0 when the line could take a call, 1 otherwise: what a container's health check runs."""

# ruff: noqa: INP001 - the image runs it by its path
from __future__ import annotations

import http.client
import json
import os
import sys

SECONDS = 4


def main() -> None:
    """Ask the web process of this container, and say which part does not answer."""
    port = int(os.environ.get("PORT") or 8000)
    try:
        # No proxy stands between a container and itself, whatever the environment says.
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        line.request("GET", "/ready")
        answer = line.getresponse()
        parts: dict[str, bool] = json.load(answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        sys.exit(f"web: {type(error).__name__}")
    if answer.status != http.client.OK:
        sys.exit(f"not ready: {', '.join(name for name, answers in parts.items() if not answers)}")


if __name__ == "__main__":
    main()
