"""Taking turns: what was heard goes in, what is said comes out."""

from dialogue.engine import converse
from dialogue.moment import Line
from dialogue.receipts import AlreadyOurs, Answered, InFlight, OncePerWebhook
from dialogue.turns import Expect, Kind, Reply, Utterance

__all__ = [
    "AlreadyOurs",
    "Answered",
    "Expect",
    "InFlight",
    "Kind",
    "Line",
    "OncePerWebhook",
    "Reply",
    "Utterance",
    "converse",
]
