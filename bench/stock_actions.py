"""Our actions for Rasa's own channel, which can say nothing but text.

The same actions on the same records; what they answer is opened and worded here,
because the stock channel has nobody behind it who would.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from sanic import Sanic

import locales
from actions.emergency import Emergency
from actions.handoff import Handoff
from actions.identity import Identity
from actions.line import Line
from actions.results import Results
from portal import encryption
from portal.answers import unseal
from portal.database import bind, connect
from settings import Settings

if TYPE_CHECKING:
    from actions.base import PortalAction

LOCALE = "en-US"


def spoken(action: PortalAction) -> Any:
    """Return the action's run, with its answer put into words."""

    async def run(dispatcher: CollectingDispatcher, tracker: Any, domain: Any) -> Any:
        own = CollectingDispatcher()
        events = await action.run(own, tracker, domain)
        answer = unseal(own.messages[-1]["custom"]["sealed"], encryption.ring())
        words = [locales.spoken(p.name, p.details, LOCALE) for p in answer.prompts]
        dispatcher.utter_message(text=" ".join(words) or "One moment.")
        return events

    return run


def main() -> None:
    """Serve on the port that is named."""
    settings = Settings.from_env()
    encryption.use(encryption.KeyRing.from_text(settings.data_keys))
    bind(connect(settings.database_url))
    executor = ActionExecutor()
    for action in (Emergency(), Handoff(), Identity(), Line(), Results()):
        executor.register_function(action.name(), spoken(action))
    app = create_app(executor)
    app.prepare(
        host="127.0.0.1", port=int(sys.argv[1]), single_process=True, access_log=False, motd=False
    )
    Sanic.serve_single(primary=app)


if __name__ == "__main__":
    main()
