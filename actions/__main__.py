"""The action server: rasa-sdk's own, on the loopback address, with the records behind it."""

from __future__ import annotations

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from logs import only_warnings
from portal import encryption
from portal.database import bind, connect
from settings import SettingError, Settings


def main() -> None:
    """Serve all actions of this package until told to stop."""
    only_warnings()
    executor = ActionExecutor()
    executor.register_package("actions")
    serve(executor)


def serve(executor: ActionExecutor) -> None:
    """Serve the actions of ``executor`` until told to stop, with the environment's records.

    rasa-sdk would start a manager and a worker, which once spun for ever when
    stopped while starting; one process is enough, its actions run in threads.
    """
    try:
        settings = Settings.from_env()
    except SettingError as error:
        raise SystemExit(str(error)) from None
    encryption.use(encryption.KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url))
    app = create_app(executor)
    # rasa-sdk's webhook asks for no token: it must hear nobody but this machine.
    app.prepare(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )
    Sanic.serve_single(primary=app)


if __name__ == "__main__":
    main()
