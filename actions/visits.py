"""The visits that are coming up, and what may be done about them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from actions.base import BACK, PortalAction
from actions.caller import Caller
from actions.telling import details_of, no_visits, zones
from actions.which import MORE, more, named_in
from portal import visits
from portal.answers import Answer, Choice, Prompt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from actions.base import Turn
    from portal.visits import Visit

MOST_AT_ONCE, A_PAGE = 3, 2
ADDRESS = "address"
MORE_KEY = 6


@dataclass(frozen=True, kw_only=True)
class Page:
    """What was told: the visits ``ids``, and at which place the next ones begin, if any do."""

    ids: tuple[str, ...] = ()
    rest: int | None = None
    asked: str = "visits"

    @classmethod
    def of(cls, draft: Mapping[str, Any]) -> Page:
        """Return the page that an answer kept."""
        return cls(ids=tuple(draft.get("ids", ())), rest=draft.get("rest"))


class Visits(PortalAction):
    """Tell when, where and with whom the patient's visits are."""

    stem = "visits"

    def act(self, turn: Turn) -> Answer:
        """Return the visits that are coming up, or what was asked about those just told."""
        caller = Caller.of(turn)
        if turn.intent == "deny":
            return Answer(then="anything_else")
        found = visits.upcoming(turn.session, caller.access, at=turn.at)
        if turn.intent == "clinic_info" or turn.choice == ADDRESS:
            return _address(caller, found)
        if not found:
            return _none(turn)
        if turn.intent == "list_appointments":
            return _page(turn, found, 0)
        return _go_on(caller, found)


def _none(turn: Turn) -> Answer:
    is_asked = turn.intent in {"list_appointments", "choose_option"}
    return no_visits() if is_asked else Answer(then="missed", flow="visits")


def _go_on(caller: Caller, found: Sequence[Visit]) -> Answer:
    """Return what follows an answer to what was told: more of it, or the visit that it names."""
    turn = caller.turn
    choice = turn.choice or ""
    if choice.startswith(MORE):
        return _page(turn, found, int(choice.removeprefix(MORE)))
    if choice == BACK:
        page = Page.of(turn.draft)
        shown = _shown(found, page)
        return _told(turn, shown, page.rest) if shown else _page(turn, found, 0)
    named = named_in(turn, found, turn.text, at=caller.now)
    return _told(turn, named, None) if named else Answer(then="missed", flow="visits")


def _page(turn: Turn, found: Sequence[Visit], start: int) -> Answer:
    """Return the visits from a place on, and how many there are where that is the first."""
    start = start if start < len(found) else 0  # there may be fewer by now
    is_short = len(found) <= MOST_AT_ONCE
    end = len(found) if is_short else start + A_PAGE
    shown = found[start:end]
    intro = () if start else (Prompt(name="visits.intro", details={"count": len(found)}),)
    return _told(turn, shown, end if end < len(found) else None, *intro)


def _told(turn: Turn, shown: Sequence[Visit], rest: int | None, *before: Prompt) -> Answer:
    return _with_choices(shown, rest, *before, *_words(turn, shown))


def _words(turn: Turn, shown: Sequence[Visit]) -> Iterator[Prompt]:
    """Yield each visit; what is the same for all is said once, after the last of them."""
    is_one_clock = len({(visit.names_zone, visit.starts_at.tzinfo) for visit in shown}) == 1
    last_to_bring = {visit.bring: visit for visit in shown}
    for visit in shown:
        yield Prompt(name="visits.told", details=details_of(turn, visit))
        if visit is shown[-1] or not is_one_clock:
            yield from zones([visit])
        if visit.bring and turn.is_call and visit is last_to_bring[visit.bring]:
            yield Prompt(name=visit.bring)


def _address(caller: Caller, found: Sequence[Visit]) -> Answer:
    """Return where the visits are that were just told, and what else may be done about them."""
    page = Page.of(caller.turn.draft)
    shown = _shown(found, page)
    if not shown:
        own = caller.clinic
        name = own.name if caller.turn.is_call else own.text_safe_name
        return Answer(prompts=(_at(name, own.address),), then="anything_else", topic="visits")
    places = dict.fromkeys(
        (details_of(caller.turn, visit)["clinic"], visit.address) for visit in shown
    )
    return _with_choices(shown, page.rest, *(_at(*place) for place in places))


def _at(clinic: str, address: str) -> Prompt:
    return Prompt(name="visits.address", details={"clinic": clinic, "address": address})


def _shown(found: Sequence[Visit], page: Page) -> list[Visit]:
    return [visit for visit in found if visit.id.hex in page.ids]


def _with_choices(shown: Sequence[Visit], rest: int | None, *prompts: Prompt) -> Answer:
    page = Page(ids=tuple(visit.id.hex for visit in shown), rest=rest)
    # With one visit told there is no question which one is meant.
    only = shown[0].id.hex if len(shown) == 1 else None
    further = () if rest is None else (more(MORE_KEY, rest),)
    return Answer(
        prompts=prompts,
        choices=(*_choices(only), *further),
        flow="visits",
        draft=asdict(page),
        topic="visits",
    )


def _choices(only: str | None) -> tuple[Choice, ...]:
    return (
        Choice(key="1", intent="confirm_appointment", label="visits.choice_confirm", value=only),
        Choice(key="2", intent="reschedule_appointment", label="visits.choice_move", value=only),
        Choice(key="3", intent="cancel_appointment", label="visits.choice_cannot_come", value=only),
        Choice(key="4", intent="book_appointment", label="visits.choice_book_another"),
        Choice(key="5", intent="choose_option", label="visits.choice_address", value=ADDRESS),
    )
