"""Something broke: an apology in the caller's language, and a person."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from dialogue.closing import settle
from dialogue.engine import open_moment
from dialogue.handoff import to_person
from dialogue.moment import prompts
from portal.database import transaction

if TYPE_CHECKING:
    from datetime import datetime

    from dialogue.moment import Line
    from dialogue.receipts import Receipt
    from dialogue.turns import Reply, Utterance


def apologise(line: Line, utterance: Utterance, *, receipt: Receipt, at: datetime) -> Reply:
    """Return the apology for a turn that broke, with its handoff committed.

    It is kept like any answer: the same webhook again gets the same apology. Raises
    what breaks when the records themselves are out of reach; then the channel says
    what needs no record.
    """
    with transaction() as session:
        receipt.hold(session, utterance.conversation, at)
        moment = open_moment(line, session, utterance, at)
        said = to_person(moment, "trouble", *prompts("line.trouble"))
        reply = settle(moment, said, started=perf_counter())
        receipt.keep(session, reply)
        return reply
