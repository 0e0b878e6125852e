"""The action server: rasa-sdk's own, on the loopback address, with the records behind it."""

from __future__ import annotations

import logging
import os

import structlog
from rasa_sdk.endpoint import run
from rasa_sdk.executor import ActionExecutor

from portal import encryption
from portal.database import bind, connect
from settings import Settings


def main() -> None:
    """Serve the actions until told to stop."""
    settings = Settings.from_env()
    # rasa-sdk listens on every address unless told otherwise, and asks for no token.
    os.environ["SANIC_HOST"] = "127.0.0.1"
    logging.getLogger().setLevel(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    encryption.use(encryption.KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url))
    run("actions", port=settings.actions_port)


if __name__ == "__main__":
    main()
