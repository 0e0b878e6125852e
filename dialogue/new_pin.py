"""Setting a PIN by key, twice the same, by somebody who has just proved who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogue import ladder
from dialogue.asking import PIN, ask
from dialogue.going_on import resume
from dialogue.moment import prompts
from portal import identity
from portal.encryption import ring as key_ring
from portal.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogue.asking import Outcome
    from dialogue.moment import Moment


def _take_new_pin(moment: Moment) -> Outcome:
    try:
        identity.check_new_pin(
            moment.session, moment.conversation, moment.utterance.text, at=moment.at
        )
    except Refused as refusal:
        return _other_pin(moment, refusal.prompt)
    # A fingerprint, not the PIN, is what waits for the second entry.
    moment.state.held["new_pin"] = key_ring().blind_index("new pin", moment.utterance.text).hex()
    return ask(moment, "new_pin_again", PIN)


def _take_new_pin_again(moment: Moment) -> Outcome:
    print_again = key_ring().blind_index("new pin", moment.utterance.text).hex()
    if print_again != moment.state.held.pop("new_pin", None):
        return _other_pin(moment, "identity.pins_differ")
    identity.set_pin(moment.session, moment.conversation, moment.utterance.text, at=moment.at)
    return resume(moment, *prompts("identity.pin_set"))


def _other_pin(moment: Moment, why: str) -> Outcome:
    """Ask for another PIN; after three that would not do, go on without one."""
    if ladder.is_lost(moment):
        return resume(moment, *prompts(why))
    return ask(moment, "new_pin", PIN, *prompts(why))


STEPS: dict[str, Callable[[Moment], Outcome]] = {
    "new_pin": _take_new_pin,
    "new_pin_again": _take_new_pin_again,
}
