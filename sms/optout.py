"""STOP, START and HELP, in any language: heard before everything else, kept as consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from dialogue.turns import Expect, Reply
from locales.phrases import heard
from portal import consent, conversations
from portal.answers import Prompt
from portal.records import Conversation
from portal.unclear import ask_about_visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from sms.inbox import Came


def keyword_reply(
    session: Session, came: Came, locale: str, *, is_answered: bool = False, at: datetime
) -> Reply | None:
    """Return the answer to a text that is one of the carriers' words; None for any other.

    Only the whole message counts, in whichever language it is. What it means is kept
    as an event of the telephone; an answer without prompts is none. One confirmation
    is all that may follow a STOP (47 CFR 64.1200(a)(12)), so a second STOP gets
    none, nor does HELP after it. "Cancel" is a STOP that may have meant a visit: the
    confirmation says that visits stand, and somebody asks. ``is_answered``: the carrier's
    own opt-out has answered already, and two answers would be one too many.
    """
    for name, act in _WORDS.items():
        if heard(came.body, locale.partition("-")[0], name):
            said = act(session, came, locale, at)
            return _reply(locale, () if is_answered else said)
    return None


def is_keyword(body: str) -> bool:
    """Return whether a text is one of the carriers' words, in any language."""
    return any(heard(body, "en", name) for name in _WORDS)


def _stop(session: Session, came: Came, locale: str, at: datetime) -> tuple[Prompt, ...]:
    wording = "line.opted_out"
    if heard(came.body, locale.partition("-")[0], "cancel_words"):
        # Nobody may believe a visit cancelled that stands, whether or not they may be told so.
        wording = "line.opted_out_cancel"
        ask_about_visit(session, came.phone, locale=locale, at=at)
    if not _may_text(session, came):
        return ()
    consent.opt_out(
        session,
        came.phone.id,
        source="text",
        wording=wording,
        locale=locale,
        evidence=came.sid,
        at=at,
    )
    _end_sessions(session, came, at)
    return (_prompt(wording, came),)


def _start(session: Session, came: Came, locale: str, at: datetime) -> tuple[Prompt, ...]:
    if not _may_text(session, came):
        consent.opt_in(
            session,
            came.phone.id,
            source="text",
            wording="line.opted_in",
            locale=locale,
            evidence=came.sid,
            at=at,
        )
    return (_prompt("line.opted_in", came),)


def _help(session: Session, came: Came, _locale: str, _at: datetime) -> tuple[Prompt, ...]:
    return (_prompt("line.text_help", came),) if _may_text(session, came) else ()


# Whoever wants no more texts comes first, should a word stand on two lists.
_WORDS: dict[str, Callable[[Session, Came, str, datetime], tuple[Prompt, ...]]] = {
    "opt_out": _stop,
    "opt_in": _start,
    "help": _help,
}


def _may_text(session: Session, came: Came) -> bool:
    return consent.may_text(session, came.phone.id, "reply")


def _end_sessions(session: Session, came: Came, at: datetime) -> None:
    """End what was going on by text: what it proved ends with it."""
    open_ones = select(Conversation).where(
        Conversation.channel == "sms",
        Conversation.phone_id == came.phone.id,
        Conversation.ended_at.is_(None),
    )
    for conversation in session.scalars(open_ones.with_for_update(key_share=True)):
        conversations.end(session, conversation, outcome="opted_out", at=at)


def _prompt(name: str, came: Came) -> Prompt:
    details = {"clinic": came.clinic.text_safe_name, "phone": came.clinic.phone}
    return Prompt(name=name, details=details)


def _reply(locale: str, said: tuple[Prompt, ...]) -> Reply:
    return Reply(prompts=said, expect=Expect("none"), locale=locale, turn=0)
