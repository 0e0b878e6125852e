"""Where in a sentence somebody is named, and whether a word there is a name at all.

A name is known from what stands before it: a title, "with", "my name is", "not with".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.names import lists, phrases, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from portal.names import Word

MOST_GIVEN = 2
"""How many words may stand between "my name is" and the family name."""
SHORTEST = 2  # letters


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place where a name may stand: its words from ``at`` on, after a title or a mere lead."""

    at: int
    lead: int
    is_titled: bool


@dataclass(frozen=True)
class Sentence:
    """The words of a sentence, and what they are to each other."""

    words: Sequence[Word]

    @classmethod
    def of(cls, text: str) -> Sentence:
        """Return the sentence that ``text`` is."""
        return cls(words(text))

    def said(self, at: int) -> str:
        """Return the folded word at a place; empty beyond the ends."""
        return self.words[at].said if 0 <= at < len(self.words) else ""

    def is_everyday(self, at: int) -> bool:
        """Return whether the word at a place is one that people say every day."""
        return self.said(at) in lists("everyday")

    def places(self) -> Iterator[Place]:
        """Yield the places where a name may stand, as titles and leads point to them."""
        for lead, word in enumerate(self.words):
            is_titled = word.said in lists("titles")
            if is_titled or word.said in lists("leads"):
                at = self._next(lead)
                if at is not None:
                    yield Place(at=at, lead=lead, is_titled=is_titled)

    def _next(self, lead: int) -> int | None:
        """Return where the name after a title or a lead begins; None when a pause is first."""
        for at in range(lead + 1, len(self.words)):
            if self.words[at].after_pause:
                return None
            if self.said(at) not in lists("between") | lists("titles") | lists("leads"):
                return at
        return None

    def heard_at(self, place: Place) -> Iterator[str]:
        """Yield what may be the name at a place: its first words, and both run together."""
        first, second = self.said(place.at), self.said(place.at + 1)
        if len(first) < SHORTEST or self.is_everyday(place.at):
            return
        yield first
        if second and not self.words[place.at + 1].after_pause:
            yield from () if self.is_everyday(place.at + 1) else (second,)
            yield from (first + second,) if place.is_titled else ()

    def names_somebody(self, place: Place) -> bool:
        """Return whether the word there is somebody's name, though nobody of ours has it.

        "Doctor Smith", "with Johnson"; not "the doctor prescribed", nor "with insurance".
        """
        word = self.words[place.at]
        if self.is_everyday(place.at) or len(word.said) < SHORTEST:
            return False
        if not place.is_titled:
            return word.is_capital and self._is_company(place)
        is_written_so = word.is_capital or self.said(place.lead) in lists("short")
        return is_written_so or self._ends_like_a_name(place)

    def _is_company(self, place: Place) -> bool:
        """Return whether what leads to the name is "with" or "see", or Spanish "ver a"."""
        return not lists("company").isdisjoint((self.said(place.lead), self.said(place.lead - 1)))

    def _ends_like_a_name(self, place: Place) -> bool:
        if self.is_any_doctor(place) or self.said(place.at).endswith(_endings()):
            return False
        after = place.at + 1
        at_the_end = after >= len(self.words) or self.words[after].after_pause
        return at_the_end or self.said(after) in lists("followers")

    def is_any_doctor(self, place: Place) -> bool:
        """Return whether "doctor" is no title there: "my doctor ...", "any doctor ..."."""
        return self.said(place.lead - 1) in lists("whose")

    def is_titled(self, at: int) -> bool:
        """Return whether a title is right before a place, or before the word before it."""
        before = self._back(at)
        return self.said(before) in lists("titles") or self.said(before - 1) in lists("titles")

    def _back(self, at: int) -> int:
        before = at - 1
        while before > 0 and self.said(before) in lists("between") - lists("titles"):
            before -= 1
        return before

    def is_own(self, at: int) -> bool:
        """Return whether it is the speaker's own name: "my name is Ana Rivera"."""
        return any(self._is_intro(at - given) for given in range(MOST_GIVEN + 1)) and not (
            self.is_titled(at)
        )

    def _is_intro(self, at: int) -> bool:
        return self._follows(at, "introductions")

    def is_refused(self, at: int) -> bool:
        """Return whether the name there is that of whom they do not want: "not Dr. Baker"."""
        leading = lists("titles") | lists("leads") | lists("between")
        before = at
        while before > 0:
            if self._follows(before, "refusals"):
                return True
            if self.said(before - 1) not in leading:
                return False
            before -= 1
        return False

    def _follows(self, at: int, name: str) -> bool:
        return any(
            len(phrase) <= at
            and tuple(self.said(each) for each in range(at - len(phrase), at)) == phrase
            for phrase in phrases(name)
        )


def _endings() -> tuple[str, ...]:
    return tuple(ending for phrase in phrases("endings") for ending in phrase)
