"""What to do about each thing that the carrier refuses or cannot deliver."""

from __future__ import annotations

from enum import StrEnum


class Remedy(StrEnum):
    """What we do after a failure."""

    RETRY = "retry"
    """Too busy just now: again soon, with growing pauses."""
    LATER = "later"
    """The handset is off: once more in a while, then a person."""
    TOMORROW = "tomorrow"
    """Today's allowance of that network is used up."""
    OPT_OUT = "opt_out"
    """This number wants no texts: that is their word, wherever they said it."""
    NO_TEXTS = "no_texts"
    """This number cannot take texts: a person rings instead."""
    BAD_NUMBER = "bad_number"
    """There is nobody at this number: a person finds out the right one."""
    PERSON = "person"
    """It will not arrive, and trying again makes it worse: a person takes over."""
    OPERATOR = "operator"
    """Our account or our words are wrong: whoever runs this must mend it."""


# https://www.twilio.com/docs/api/errors
REMEDIES = {
    20003: Remedy.OPERATOR,  # the account's credentials
    20429: Remedy.RETRY,  # too many requests
    21211: Remedy.BAD_NUMBER,  # no valid number
    21217: Remedy.BAD_NUMBER,
    21408: Remedy.OPERATOR,  # this country is not allowed on our account
    21610: Remedy.OPT_OUT,  # the recipient texted STOP
    21611: Remedy.RETRY,  # the sender's queue is full
    21612: Remedy.NO_TEXTS,  # no route to this number
    21614: Remedy.BAD_NUMBER,  # not a mobile
    21617: Remedy.OPERATOR,  # longer than 1600 characters
    30001: Remedy.RETRY,  # queue overflow
    30003: Remedy.LATER,  # the handset is off or out of reach
    30004: Remedy.PERSON,  # blocked
    30005: Remedy.NO_TEXTS,  # unknown handset
    30006: Remedy.NO_TEXTS,  # a landline
    30007: Remedy.OPERATOR,  # filtered: our words or our registration
    30008: Remedy.LATER,  # unknown
    30022: Remedy.RETRY,  # our rate limit
    30023: Remedy.TOMORROW,  # a network's daily limit
    30032: Remedy.OPERATOR,  # a toll-free number that is not verified
    30034: Remedy.OPERATOR,  # a number that is not registered
    30035: Remedy.OPERATOR,
    30036: Remedy.OPERATOR,
    30037: Remedy.OPERATOR,
    30038: Remedy.OPERATOR,
}
TOO_MANY_REQUESTS = 429


def remedy_for(code: int | None, status: int | None = None) -> Remedy:
    """Return what to do about an error code (and the HTTP status it came with).

    An unknown code goes to a person: guessing that it passes could text somebody
    for days, guessing that it does not could leave a promise unkept.
    """
    if code in REMEDIES:
        return REMEDIES[code]
    return Remedy.RETRY if status == TOO_MANY_REQUESTS else Remedy.PERSON
