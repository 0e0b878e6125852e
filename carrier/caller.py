"""Who is calling? A number to remember, never a proof."""

from __future__ import annotations

import re

import phonenumbers

# What carriers put in place of a hidden number: the words "anonymous",
# "unavailable", "unknown", "blocked", "restricted" and "private" on a keypad, with a
# plus before them. Two of them parse as Chinese numbers, and whoever took them for a
# caller would give all anonymous callers one identity.
HIDDEN = frozenset(
    {
        "+266696687",
        "+86282452253",
        "+8656696",
        "+2562533",
        "+7378742833",
        "+7748283",
    }
)
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def caller_id(raw: str | None) -> str | None:
    """Return the number in a webhook's ``From`` as E.164, or None where there is none.

    Hidden numbers, SIP and client addresses, short codes and numbers that no
    network has given out are nobody's. Source: telephone numbering plans as
    ``phonenumbers`` has them; https://www.twilio.com/docs/voice/twiml (``From``).
    """
    number = (raw or "").strip()
    if number in HIDDEN or not E164.fullmatch(number):
        return None
    return number if _is_given_out(number) else None


def _is_given_out(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False
